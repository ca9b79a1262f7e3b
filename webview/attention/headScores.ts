import type { AttentionPanelStrings } from '../../src/shared/attentionPanel';
import { element } from '../ui/element';
import { createProgressRing } from '../ui/toolkit';

/**
 * What the head on screen does on random tokens. A button asks for the first one; the others then say
 * so by themselves, for all heads of a model are measured at once.
 */
export class HeadScores {
  readonly element: HTMLElement;
  private readonly button = element('button', 'check-button', { type: 'button' });
  private readonly answer = element('p', 'scores-answer', { role: 'status' });
  private isAsked = false;
  /** Counts what was asked: an answer to any but the last question comes too late. */
  private request = 0;

  /**
   * @param ask says it of the head on screen.
   * @param fail words for what asking can fail with.
   */
  constructor(
    { scores, scoresHint }: Pick<AttentionPanelStrings, 'scores' | 'scoresHint'>,
    private readonly ask: () => Promise<string>,
    private readonly fail: (error: unknown) => string,
  ) {
    this.button.textContent = scores;
    this.button.title = scoresHint;
    this.element = element('div', 'scores', {}, this.button, this.answer);
    this.button.addEventListener('click', () => void this.answerTo());
  }

  /** Another head is on screen. */
  follow(): void {
    this.request++;
    this.answer.replaceChildren();
    if (this.isAsked) {
      void this.answerTo();
    }
  }

  private async answerTo(): Promise<void> {
    const request = ++this.request;
    this.answer.replaceChildren(createProgressRing());
    let words: string;
    try {
      words = await this.ask();
      this.isAsked = true;
    } catch (error) {
      words = this.fail(error);
      this.isAsked = false;
    }
    if (request === this.request) {
      this.button.hidden = this.isAsked;
      this.answer.replaceChildren(words);
    }
  }
}
