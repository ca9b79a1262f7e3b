import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import type { InspectedWeights, RemoteInspector } from '../../src/shared/inspector';
import type { Memory } from './memory';
import { FactTable } from './overview/factTable';
import { copyAsMarkdown } from './pageActions';
import { PageHeader } from './pageHeader';
import { TabbedPage, useTab } from './tabbedPage';
import { WeightsTab } from './weights/weightsTab';

export interface WeightsPageProps {
  weights: InspectedWeights;
  host: RemoteInspector;
  memory: Memory;
}

/** Weights without a graph: their tensors, and what their files say of themselves. */
export function WeightsPage({ weights, host, memory }: WeightsPageProps): VNode {
  const [tab, setTab] = useTab(memory, ['weights', 'about']);
  return (
    <>
      <PageHeader name={weights.name} files={weights.files} actions={[copyAsMarkdown(host)]} />
      <TabbedPage
        tabs={[
          {
            name: 'weights',
            label: l10n.t('Weights'),
            content: () => (
              <WeightsTab key={weights.reading} host={host} memory={memory} place={undefined} />
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
