import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { InspectedModel, RemoteInspector } from '../../src/shared/inspector';
import { CheckTab } from './check/checkTab';
import { useCheck } from './check/useCheck';
import { DiffTab } from './diff/diffTab';
import { ownName, useDiff, useRequestedTab } from './diff/useDiff';
import { GraphTab } from './graph/graphTab';
import type { Memory } from './memory';
import { copyAsMarkdown, diffActions, exportReport } from './pageActions';
import { PageHeader } from './pageHeader';
import { Overview } from './overview/overview';
import type { Place } from './place';
import { ProfileTab } from './profile/profileTab';
import { TabbedPage, useTab } from './tabbedPage';
import { WeightsTab } from './weights/weightsTab';

export interface ModelPageProps {
  model: InspectedModel;
  host: RemoteInspector;
  memory: Memory;
}

/** A model with its graph: its header, and all that is known of it. */
export function ModelPage({ model, host, memory }: ModelPageProps): VNode {
  const [tab, setTab] = useTab(memory, [
    'overview',
    'graph',
    'weights',
    'diff',
    'profile',
    'check',
  ]);
  const [place, setPlace] = useState<Place>();
  const check = useCheck(host, model.reading);
  const diff = useDiff(host, model, memory);
  useRequestedTab(model, () => setTab('diff'));
  const show = (wanted: Place): void => {
    setPlace(wanted);
    setTab(wanted.tensor === undefined ? 'graph' : 'weights');
  };
  return (
    <>
      <PageHeader
        name={model.name}
        files={model.files}
        actions={
          tab === 'diff'
            ? diffActions(diff, host)
            : [
                copyAsMarkdown(host),
                ...(tab === 'graph' || tab === 'weights' ? [] : [exportReport(host)]),
              ]
        }
      />
      <TabbedPage
        tabs={[
          {
            name: 'overview',
            label: l10n.t('Overview'),
            content: () => <Overview model={model} host={host} check={check} onShow={show} />,
          },
          {
            name: 'graph',
            label: l10n.t('Graph'),
            content: () => (
              <GraphTab
                key={model.reading}
                host={host}
                memory={memory}
                place={place}
                onShow={show}
              />
            ),
          },
          {
            name: 'weights',
            label: l10n.t('Weights'),
            content: () => (
              <WeightsTab key={model.reading} host={host} memory={memory} place={place} />
            ),
          },
          {
            name: 'diff',
            label: l10n.t('Diff'),
            content: () => <DiffTab diff={diff} host={host} name={ownName(model)} onShow={show} />,
          },
          {
            name: 'profile',
            label: l10n.t('Profile'),
            content: () => (
              <ProfileTab key={model.reading} host={host} memory={memory} name={ownName(model)} />
            ),
          },
          {
            name: 'check',
            label:
              check.value === undefined
                ? l10n.t('Check')
                : l10n.t('Check {0}', check.value.findings.length),
            content: () => <CheckTab check={check} onShow={show} />,
          },
        ]}
        chosen={tab}
        onChoose={setTab}
        memory={memory}
      />
    </>
  );
}
