import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { InspectedModel, RemoteInspector } from '../../src/shared/inspector';
import { tabPanel, Tabs } from '../ui/tabs';
import { CheckTab } from './check/checkTab';
import { useCheck } from './check/useCheck';
import type { Memory } from './memory';
import { ModelHeader } from './modelHeader';
import { Overview } from './overview/overview';
import type { Place } from './place';
import { useScrollMemory } from './useScrollMemory';
import { WeightsTab } from './weights/weightsTab';

export interface ModelPageProps {
  model: InspectedModel;
  host: RemoteInspector;
  memory: Memory;
}

const TABS = ['overview', 'weights', 'check'] as const;
type TabName = (typeof TABS)[number];

/** A model: its header, the row of tabs, and the part of the page that the chosen tab brings up. */
export function ModelPage({ model, host, memory }: ModelPageProps): VNode {
  const [tab, setTab] = useState(() => tabOf(memory.of('page')['tab']));
  const [place, setPlace] = useState<Place>();
  const check = useCheck(host, model.reading);
  /** The tabs that were up: they stay as they were left. */
  const opened = useRef(new Set<TabName>()).current.add(tab);
  useLayoutEffect(() => memory.keep('page', { tab }), [memory, tab]);
  useScrollMemory(memory, tab);
  const show = (wanted: Place): void => {
    setPlace(wanted);
    setTab('weights');
  };
  const content: Record<TabName, () => VNode> = {
    overview: () => <Overview model={model} host={host} check={check} onShow={show} />,
    weights: () => <WeightsTab key={model.reading} host={host} memory={memory} place={place} />,
    check: () => <CheckTab check={check} onShow={show} />,
  };
  const labels: Record<TabName, string> = {
    overview: l10n.t('Overview'),
    weights: l10n.t('Weights'),
    check:
      check.value === undefined
        ? l10n.t('Check')
        : l10n.t('Check {0}', check.value.findings.length),
  };
  return (
    <>
      <ModelHeader model={model} host={host} />
      <Tabs
        tabs={TABS.map((name) => ({ name, label: labels[name] }))}
        chosen={tab}
        label={l10n.t('Parts of the inspector')}
        onChoose={setTab}
      />
      {TABS.map((name) => (
        <div key={name} {...tabPanel(name, tab)}>
          {opened.has(name) && content[name]()}
        </div>
      ))}
    </>
  );
}

function tabOf(name: unknown): TabName {
  return TABS.find((tab) => tab === name) ?? 'overview';
}
