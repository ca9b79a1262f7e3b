import type { VNode } from 'preact';
import type { InspectedModel, RemoteInspector } from '../../../src/shared/inspector';
import { CheckState } from '../check/checkState';
import { FindingList } from '../check/findingList';
import type { Check } from '../check/useCheck';
import { CostSection } from '../cost/costSection';
import { Lead } from '../lead';
import type { Place } from '../place';
import { StackDrawing } from '../stack/stackDrawing';
import { FactTable } from './factTable';

export interface OverviewProps {
  model: InspectedModel;
  host: RemoteInspector;
  check: Check;
  /** The user goes to what a finding is about. */
  onShow: (place: Place) => void;
}

/** A model at a glance: what it is, how it is built, what it takes to run, and what is wrong with it. */
export function Overview({ model, host, check, onShow }: OverviewProps): VNode {
  return (
    <div class="overview">
      <Lead sentences={model.lead} />
      {model.unread.map(({ name, message }) => (
        <p key={name} class="unread">
          {name}: {message}
        </p>
      ))}
      <div class="overview-top">
        <StackDrawing host={host} reading={model.reading} />
        <FactTable about={model} onOpenCard={() => void host.openCard()} />
      </div>
      <CostSection host={host} memory={model.memory} reading={model.reading} />
      <section class="section findings" aria-labelledby="findings-title">
        <CheckState check={check} titleId="findings-title" />
        {check.value !== undefined && (
          <FindingList findings={check.value.findings} onShow={onShow} />
        )}
      </section>
    </div>
  );
}
