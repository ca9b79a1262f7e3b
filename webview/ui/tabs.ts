import './tabs.css';
import { element } from './element';
import { moveInRow } from './gridMovement';

/** A tab: its label and the part of the page that it brings up. */
export interface Tab<Name extends string> {
  name: Name;
  label: string;
  panel: HTMLElement;
}

/**
 * A row of tabs, by the tabs pattern of the ARIA Authoring Practices with automatic activation. The
 * panels stand elsewhere on the page; all but the chosen tab's are hidden.
 */
export class Tabs<Name extends string> {
  readonly element: HTMLElement;
  private readonly buttons: HTMLElement[];

  /** @param onChoose called when the user brings up another tab */
  constructor(
    private readonly tabs: readonly Tab<Name>[],
    label: string,
    private readonly onChoose: (name: Name) => void,
  ) {
    this.buttons = tabs.map((tab) => {
      const button = element('div', 'tab', { role: 'tab', id: `tab-${tab.name}` }, tab.label);
      tab.panel.id = `tab-panel-${tab.name}`;
      tab.panel.setAttribute('role', 'tabpanel');
      tab.panel.setAttribute('aria-labelledby', button.id);
      button.setAttribute('aria-controls', tab.panel.id);
      button.addEventListener('click', () => this.choose(tab.name));
      return button;
    });
    this.element = element(
      'div',
      'tabs',
      { role: 'tablist', 'aria-label': label },
      ...this.buttons,
    );
    this.element.addEventListener('keydown', (event) => this.press(event));
  }

  /** Brings up a tab without a word to the owner. */
  show(name: Name): void {
    for (const [index, tab] of this.tabs.entries()) {
      const chosen = tab.name === name;
      this.buttons[index]?.setAttribute('aria-selected', String(chosen));
      this.buttons[index]?.setAttribute('tabindex', chosen ? '0' : '-1');
      tab.panel.hidden = !chosen;
    }
  }

  private choose(name: Name): void {
    this.show(name);
    this.onChoose(name);
  }

  private press(event: KeyboardEvent): void {
    const from = this.buttons.findIndex((button) => button === event.target);
    if (from < 0 || event.altKey || event.metaKey || event.ctrlKey) {
      return;
    }
    const to = moveInRow(event, from, this.buttons.length);
    if (to === undefined) {
      return;
    }
    const tab = this.tabs[to];
    if (tab !== undefined && to !== from) {
      this.choose(tab.name);
      this.buttons[to]?.focus();
    }
    event.preventDefault();
  }
}
