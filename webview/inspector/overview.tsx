import type { VNode } from 'preact';
import type { InspectedModel, InspectorHost } from '../../src/shared/inspector';
import type { Remote } from '../../src/shared/rpc';
import { CostSection } from './cost/costSection';
import { FactTable } from './factTable';
import { Findings } from './findings';
import { Lead } from './lead';
import { StackDrawing } from './stack/stackDrawing';

/** A model at a glance: what it is, how it is built, what it takes to run, and what is wrong with it. */
export function Overview({
  model,
  host,
}: {
  model: InspectedModel;
  host: Remote<InspectorHost>;
}): VNode {
  return (
    <div class="overview">
      <Lead sentences={model.lead} />
      <div class="overview-top">
        <StackDrawing host={host} reading={model.reading} />
        <FactTable model={model} onOpenCard={() => void host.openCard()} />
      </div>
      <CostSection host={host} memory={model.memory} reading={model.reading} />
      <Findings key={model.reading} host={host} />
    </div>
  );
}
