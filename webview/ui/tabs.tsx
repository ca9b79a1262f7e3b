import type { VNode } from 'preact';
import './tabs.css';
import { moveInRow } from './gridMovement';

/** A tab: its label stands for the part of the page that it brings up. */
export interface Tab<Name extends string> {
  name: Name;
  label: string;
}

export interface TabsProps<Name extends string> {
  tabs: readonly Tab<Name>[];
  chosen: Name;
  /** What a screen reader calls the row of tabs. */
  label: string;
  /** The user brings up a tab. */
  onChoose: (name: Name) => void;
}

/**
 * A row of tabs, by the tabs pattern of the ARIA Authoring Practices with automatic activation. The
 * panels stand elsewhere on the page, with {@link tabPanel}.
 */
export function Tabs<Name extends string>({
  tabs,
  chosen,
  label,
  onChoose,
}: TabsProps<Name>): VNode {
  const press = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
    const buttons = Array.from(event.currentTarget.children);
    const from = buttons.findIndex((button) => button === event.target);
    if (from < 0 || event.altKey || event.metaKey || event.ctrlKey) {
      return;
    }
    const to = moveInRow(event, from, buttons.length);
    if (to === undefined) {
      return;
    }
    const [tab, button] = [tabs[to], buttons[to]];
    if (tab !== undefined && button instanceof HTMLElement && to !== from) {
      onChoose(tab.name);
      button.focus();
    }
    event.preventDefault();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={press}>
      {tabs.map((tab) => (
        <div
          key={tab.name}
          class="tab"
          role="tab"
          id={`tab-${tab.name}`}
          aria-controls={`tab-panel-${tab.name}`}
          aria-selected={tab.name === chosen}
          tabIndex={tab.name === chosen ? 0 : -1}
          onClick={() => onChoose(tab.name)}
        >
          {tab.label}
        </div>
      ))}
    </div>
  );
}

/** The attributes of the part of the page that a tab brings up. */
export function tabPanel<Name extends string>(name: Name, chosen: Name) {
  return {
    id: `tab-panel-${name}`,
    role: 'tabpanel',
    'aria-labelledby': `tab-${name}`,
    hidden: name !== chosen,
  } as const;
}
