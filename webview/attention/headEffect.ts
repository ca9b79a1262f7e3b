import type { HeadChoice } from '../../src/shared/attention';
import type {
  AttentionPanelStrings,
  ExplainedSentence,
  HeadEffect as Effect,
  Underway,
} from '../../src/shared/attentionPanel';
import { element } from '../ui/element';
import { createProgressRing } from '../ui/toolkit';
import { Explanation, explainedSentences } from './explanation';

/** What the reference Transformer can be asked of a head. */
export interface EffectListener {
  onStart(): void;
  /** To go on with further text. */
  onMore(): void;
  onStop(): void;
}

/**
 * What a head is good for: the answers of the reference Transformer, on the traced text and on more of
 * the document, and the button that asks for them.
 */
export class HeadEffect {
  readonly element: HTMLElement;
  /** One button for all states, so that the keyboard's focus stays on it. */
  private readonly button = element('button', 'check-button', { type: 'button' });
  private readonly answer = element('div', 'effect-answer', { role: 'status' });
  private readonly elsewhere = element('div', 'effect-answer', { role: 'status' });
  private readonly hint = new Explanation(this.button);
  private effect: Effect | undefined;

  constructor(
    private readonly strings: AttentionPanelStrings,
    private readonly listener: EffectListener,
  ) {
    this.element = element(
      'div',
      'effect',
      {},
      this.answer,
      this.elsewhere,
      this.button,
      this.hint.element,
    );
    this.button.addEventListener('click', () => this.press());
    this.element.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && this.isRunning) {
        listener.onStop();
      }
    });
  }

  /** @param effect the latest one; it may be another head's. */
  show(effect: Effect | undefined, { site, head }: HeadChoice): void {
    this.effect = effect?.site === site && effect.head === head ? effect : undefined;
    const elsewhere = this.effect?.kind === 'done' ? this.effect.elsewhere : undefined;
    const [label, hint] = this.words();
    // A mean is no head that could be taken away.
    this.element.hidden = head === 'mean';
    this.button.textContent = label;
    this.hint.text = hint;
    this.button.hidden = elsewhere?.kind === 'done';
    this.answer.replaceChildren(...answerOf(this.effect));
    this.elsewhere.replaceChildren(...answerOf(elsewhere));
  }

  private get isRunning(): boolean {
    const { effect } = this;
    return (effect?.kind === 'done' ? effect.elsewhere : effect)?.kind === 'running';
  }

  /** What the button says, and what it says when it is pointed at. */
  private words(): [label: string, hint: string] {
    const { ablate, ablateHint, ablateElsewhere, stop } = this.strings;
    if (this.isRunning) {
      return [stop, ''];
    }
    return this.effect?.kind === 'done'
      ? [ablateElsewhere, this.effect.elsewhereHint]
      : [ablate, ablateHint];
  }

  private press(): void {
    if (this.isRunning) {
      this.listener.onStop();
    } else if (this.effect?.kind === 'done') {
      this.listener.onMore();
    } else {
      this.listener.onStart();
    }
  }
}

function answerOf(
  state: Underway | { kind: 'done'; sentences: readonly ExplainedSentence[] } | undefined,
): HTMLElement[] {
  switch (state?.kind) {
    case undefined:
      return [];
    case 'running':
      return [element('p', 'check-status quiet', {}, createProgressRing(), state.label)];
    case 'failed':
      return [element('p', '', {}, state.message)];
    case 'done':
      return [element('p', '', {}, ...explainedSentences(state.sentences))];
  }
}
