import type { HeadChoice } from '../../src/shared/attention';
import type { AttentionPanelStrings, HeadEffect as Effect } from '../../src/shared/attentionPanel';
import { element } from '../ui/element';
import { createProgressRing } from '../ui/toolkit';
import type { CheckListener } from './referenceCheck';

/** What a head is good for: a button that asks the reference Transformer, and its answer. */
export class HeadEffect {
  readonly element: HTMLElement;
  private readonly button = element('button', 'check-button', { type: 'button' });
  private readonly answer = element('div', 'effect-answer', { role: 'status' });
  private effect: Effect | undefined;

  constructor(
    private readonly strings: AttentionPanelStrings,
    private readonly listener: CheckListener,
  ) {
    this.element = element('div', 'effect', {}, this.button, this.answer);
    this.button.addEventListener('click', () => this.press());
    this.element.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && this.effect?.kind === 'running') {
        listener.onStop();
      }
    });
  }

  /** @param effect the latest one; it may be another head's. */
  show(effect: Effect | undefined, { site, head }: HeadChoice): void {
    this.effect = effect?.site === site && effect.head === head ? effect : undefined;
    const { ablate, stop } = this.strings;
    this.button.textContent = this.effect?.kind === 'running' ? stop : ablate;
    // A mean is no head that could be taken away.
    this.element.hidden = head === 'mean';
    this.button.hidden = this.effect?.kind === 'done';
    this.answer.replaceChildren(...answerOf(this.effect));
  }

  private press(): void {
    if (this.effect?.kind === 'running') {
      this.listener.onStop();
    } else {
      this.listener.onStart();
    }
  }
}

function answerOf(effect: Effect | undefined): HTMLElement[] {
  switch (effect?.kind) {
    case undefined:
      return [];
    case 'running':
      return [element('p', 'check-status quiet', {}, createProgressRing(), effect.label)];
    case 'failed':
      return [element('p', '', {}, effect.message)];
    case 'done':
      return [element('p', '', {}, effect.sentences.join(' '))];
  }
}
