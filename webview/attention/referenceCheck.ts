import type { AttentionPanelStrings, TraceCheck } from '../../src/shared/attentionPanel';
import type { Verdict } from '../../src/shared/verification';
import { element } from '../ui/element';
import { createProgressRing } from '../ui/toolkit';
import { withWholeNumbers } from '../ui/wholeNumbers';
import { Explanation, explainedSentences } from './explanation';

type Done = Extract<TraceCheck, { kind: 'done' }>;

/** How the badge looks. */
const CLASSES: Record<Verdict, string> = {
  matches: 'agrees',
  rounded: 'rounded',
  unclear: 'differs',
  differs: 'differs',
};

/** What the reference Transformer can be asked to do. */
export interface CheckListener {
  onStart(): void;
  onStop(): void;
}

/**
 * Whether the reference Transformer computes the same as the runtime: a button that asks, and then
 * is the badge with the answer, which opens the table of the layers.
 */
export class ReferenceCheck {
  readonly element: HTMLElement;
  /** One button for all states, so that the keyboard's focus stays on it. */
  private readonly button = element('button', 'check-button', { type: 'button' });
  private readonly status = element('span', 'check-status quiet', { role: 'status' });
  private readonly details = element('div', 'check-details', { id: 'check-details' });
  private check: TraceCheck | undefined;
  private isOpen = false;

  constructor(
    private readonly strings: AttentionPanelStrings,
    private readonly listener: CheckListener,
  ) {
    this.element = element(
      'div',
      'check',
      {},
      element('div', 'check-line', {}, this.button, this.status),
      this.details,
    );
    this.button.addEventListener('click', () => this.press());
    this.element.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && this.check?.kind === 'running') {
        listener.onStop();
      }
    });
    this.show(undefined);
  }

  show(check: TraceCheck | undefined): void {
    this.check = check;
    const isDone = check?.kind === 'done';
    const { verify, verifyHint, stop } = this.strings;
    this.button.textContent = check?.kind === 'running' ? stop : isDone ? check.badge : verify;
    this.button.title = isDone
      ? check.explanation.map(({ text }) => text).join(' ')
      : check === undefined
        ? verifyHint
        : '';
    this.button.className = `check-button${isDone ? ` ${CLASSES[check.verdict]}` : ''}`;
    this.status.replaceChildren(
      ...(check?.kind === 'running' ? [createProgressRing(), check.label] : []),
      ...(check?.kind === 'failed' ? [check.message] : []),
    );
    this.isOpen &&= isDone;
    this.unfold();
  }

  private press(): void {
    if (this.check?.kind === 'running') {
      this.listener.onStop();
    } else if (this.check?.kind === 'done') {
      this.isOpen = !this.isOpen;
      this.unfold();
    } else {
      this.listener.onStart();
    }
  }

  private unfold(): void {
    const { check } = this;
    if (check?.kind !== 'done') {
      this.button.removeAttribute('aria-expanded');
      this.details.replaceChildren();
      return;
    }
    this.button.setAttribute('aria-expanded', String(this.isOpen));
    this.button.setAttribute('aria-controls', this.details.id);
    this.details.replaceChildren(...(this.isOpen ? detailsOf(check) : []));
  }
}

/** The verdict, what was compared and what was not, and then the table of all parts. */
function detailsOf(check: Done): HTMLElement[] {
  const sentences = check.explanation.map((sentence) =>
    element('p', 'quiet', {}, ...explainedSentences([sentence])),
  );
  return [...sentences, element('div', 'check-layers', {}, tableOf(check))];
}

function tableOf({ title, columns, rows }: Done): HTMLElement {
  const head = [columns.part, columns.value, columns.limit].map((text) =>
    element('th', 'quiet', { scope: 'col' }, text),
  );
  return element(
    'table',
    'check-table',
    {},
    element('caption', 'quiet', {}, title),
    element('thead', '', {}, element('tr', '', {}, ...head)),
    element('tbody', '', {}, ...rows.map(rowOf)),
  );
}

function rowOf({ name, value, limit, meaning }: Done['rows'][number]): HTMLElement {
  const code = element('code', '', {}, name);
  const button = element('button', 'figure-name', { type: 'button' }, code);
  const header = element('th', '', { scope: 'row' }, button);
  const row = element(
    'tr',
    '',
    {},
    header,
    element('td', 'check-value', {}, ...withWholeNumbers(value)),
    element('td', 'quiet', {}, ...withWholeNumbers(limit)),
  );
  header.append(new Explanation(row, button, meaning).element);
  return row;
}
