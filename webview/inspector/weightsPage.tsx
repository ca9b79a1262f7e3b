import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { InspectedWeights, RemoteInspector } from '../../src/shared/inspector';
import { DiffTab } from './diff/diffTab';
import { ownName, useDiff, useRequestedTab } from './diff/useDiff';
import type { Memory } from './memory';
import { FactTable } from './overview/factTable';
import { copyAsMarkdown, diffActions } from './pageActions';
import { PageHeader } from './pageHeader';
import type { Place } from './place';
import { TabbedPage, useTab } from './tabbedPage';
import { WeightsTab } from './weights/weightsTab';

export interface WeightsPageProps {
  weights: InspectedWeights;
  host: RemoteInspector;
  memory: Memory;
}

/** Weights without a graph: their tensors, and what their files say of themselves. */
export function WeightsPage({ weights, host, memory }: WeightsPageProps): VNode {
  const [tab, setTab] = useTab(memory, ['weights', 'diff', 'about']);
  const [place, setPlace] = useState<Place>();
  const diff = useDiff(host, weights, memory);
  useRequestedTab(weights, () => setTab('diff'));
  const show = (wanted: Place): void => {
    setPlace(wanted);
    setTab('weights');
  };
  return (
    <>
      <PageHeader
        name={weights.name}
        files={weights.files}
        actions={tab === 'diff' ? diffActions(diff, host) : [copyAsMarkdown(host)]}
      />
      <TabbedPage
        tabs={[
          {
            name: 'weights',
            label: l10n.t('Weights'),
            content: () => (
              <WeightsTab key={weights.reading} host={host} memory={memory} place={place} />
            ),
          },
          {
            name: 'diff',
            label: l10n.t('Diff'),
            content: () => (
              <DiffTab diff={diff} host={host} name={ownName(weights)} onShow={show} />
            ),
          },
          {
            name: 'about',
            label: l10n.t('About'),
            content: () => (
              <div class="about">
                <FactTable about={weights} onOpenCard={() => void host.openCard()} />
              </div>
            ),
          },
        ]}
        chosen={tab}
        onChoose={setTab}
        memory={memory}
      />
    </>
  );
}
