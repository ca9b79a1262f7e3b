import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { tabPanel, Tabs } from '../ui/tabs';
import type { Memory } from './memory';
import { useScrollMemory } from './useScrollMemory';

/** A tab of the page, and what it brings up. */
export interface PageTab<Name extends string> {
  name: Name;
  label: string;
  content: () => VNode;
}

/**
 * Which tab is up: at first the one that was when the page was last open.
 * @param names of all tabs, the first of which is up where nothing is known.
 */
export function useTab<Name extends string>(
  memory: Memory,
  names: readonly [Name, ...Name[]],
): [tab: Name, choose: (tab: Name) => void] {
  const [tab, choose] = useState(
    () => names.find((name) => name === memory.of('page')['tab']) ?? names[0],
  );
  useLayoutEffect(() => memory.keep('page', { tab }), [memory, tab]);
  return [tab, choose];
}

/** A row of tabs, and the part of the page that the chosen one brings up. Others stay as they were left. */
export function TabbedPage<Name extends string>({
  tabs,
  chosen,
  onChoose,
  memory,
}: {
  tabs: readonly PageTab<Name>[];
  chosen: Name;
  onChoose: (tab: Name) => void;
  memory: Memory;
}): VNode {
  const opened = useRef(new Set<Name>()).current.add(chosen);
  useScrollMemory(memory, chosen);
  return (
    <>
      <Tabs
        tabs={tabs}
        chosen={chosen}
        label={l10n.t('Parts of the inspector')}
        onChoose={onChoose}
      />
      {tabs.map(({ name, content }) => (
        <div key={name} {...tabPanel(name, chosen)}>
          {opened.has(name) && content()}
        </div>
      ))}
    </>
  );
}
