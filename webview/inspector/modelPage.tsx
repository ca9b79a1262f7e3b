import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { InspectedModel, InspectorHost } from '../../src/shared/inspector';
import type { Remote } from '../../src/shared/rpc';
import { tabPanel, Tabs } from '../ui/tabs';
import { parseMemory, type TabName } from './memory';
import { ModelHeader } from './modelHeader';
import { Overview } from './overview';

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
        tabs={[{ name: 'overview', label: l10n.t('Overview') }]}
        chosen={tab}
        label={l10n.t('Parts of the inspector')}
        onChoose={setTab}
      />
      <div {...tabPanel('overview', tab)}>
        <Overview model={model} host={host} />
      </div>
    </>
  );
}
