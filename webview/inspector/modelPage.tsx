import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { InspectedModel, InspectorHost } from '../../src/shared/inspector';
import type { Remote } from '../../src/shared/rpc';
import { tabPanel, Tabs } from '../ui/tabs';
import { parseMemory, type TabName } from './memory';
import { ModelHeader } from './modelHeader';
import { Overview } from './overview';
import { WeightsTab } from './weights/weightsTab';

export interface ModelPageProps {
  model: InspectedModel;
  host: Remote<InspectorHost>;
  recall: () => unknown;
  remember: (memory: unknown) => void;
}

/** A model: its header, the row of tabs, and the part of the page that the chosen tab brings up. */
export function ModelPage({ model, host, recall, remember }: ModelPageProps): VNode {
  const [start] = useState(() => parseMemory(recall()));
  const [tab, setTab] = useState<TabName>(start.tab);
  /** Whether the weights were looked at: they stay as they were left. */
  const wasOpen = useRef(false);
  wasOpen.current ||= tab === 'weights';
  useLayoutEffect(() => {
    window.scrollTo(0, start.scroll);
    const keep = (): void => remember({ tab, scroll: window.scrollY });
    keep();
    window.addEventListener('scroll', keep, { passive: true });
    return () => window.removeEventListener('scroll', keep);
  }, [tab]);
  return (
    <>
      <ModelHeader model={model} host={host} />
      <Tabs
        tabs={[
          { name: 'overview', label: l10n.t('Overview') },
          { name: 'weights', label: l10n.t('Weights') },
        ]}
        chosen={tab}
        label={l10n.t('Parts of the inspector')}
        onChoose={setTab}
      />
      <div {...tabPanel('overview', tab)}>
        <Overview model={model} host={host} />
      </div>
      <div {...tabPanel('weights', tab)}>
        {(tab === 'weights' || wasOpen.current) && <WeightsTab key={model.reading} host={host} />}
      </div>
    </>
  );
}
