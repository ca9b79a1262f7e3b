import type { PanelNotice, Remedy } from '../../src/shared/attentionPanel';
import { element } from '../ui/element';
import { createButton } from '../ui/toolkit';

/** A box above the trace that says what has come up, with buttons for what helps. */
export class Notice {
  readonly element = element('div', 'remark');
  private shown: string | undefined;

  /**
   * @param labels what the buttons say
   * @param actions what they do
   */
  constructor(
    private readonly labels: Record<Remedy, string>,
    private readonly actions: Record<Remedy, () => void>,
  ) {}

  /** Shows a notice, or none. One that is there already stays, and keeps the focus. */
  show(notice: PanelNotice | undefined): void {
    const described = JSON.stringify(notice);
    if (described === this.shown) {
      return;
    }
    this.shown = described;
    this.element.replaceChildren(...(notice ? [this.box(notice)] : []));
  }

  private box({ kind, message, remedies }: PanelNotice): HTMLElement {
    const isFailure = kind === 'failure';
    const buttons = remedies.map((remedy, index) =>
      createButton(this.labels[remedy], index === 0 ? 'primary' : 'secondary', () =>
        this.actions[remedy](),
      ),
    );
    return element(
      'section',
      isFailure ? 'failure' : 'remark-box',
      { role: isFailure ? 'alert' : 'status' },
      element('p', '', {}, message),
      element('div', 'remark-buttons', {}, ...buttons),
    );
  }
}
