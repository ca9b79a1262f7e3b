import type { AttentionPanelStrings, ExplainedSentence } from '../../src/shared/attentionPanel';
import { element } from '../ui/element';
import { createProgressRing } from '../ui/toolkit';
import type { TraceState } from './context';
import { Explanation, explainedSentences } from './explanation';

/** What is asked for beside the heads' map. */
export interface ScoresListener {
  /** To measure all heads of the model. */
  onStart(): void;
  onStop(): void;
  /** What that says of the head on screen: nothing of a mean. */
  ask(): Promise<ExplainedSentence[]>;
  /** Words for what asking can fail with. */
  fail(error: unknown): string;
}

/**
 * What the head on screen does on random tokens. A button asks for the first one and stops the
 * measurement; the others then say so by themselves, for all heads of a model are measured at once.
 */
export class HeadScores {
  readonly element: HTMLElement;
  /** One button for all states, so that the keyboard's focus stays on it. */
  private readonly button = element('button', 'check-button', { type: 'button' });
  private readonly hint = new Explanation(this.button);
  private readonly answer = element('p', 'scores-answer', { role: 'status' });
  private scores: TraceState['scores'];
  /** Counts what was asked: an answer to any but the last question comes too late. */
  private request = 0;

  constructor(
    private readonly strings: Pick<AttentionPanelStrings, 'scores' | 'scoresHint' | 'stop'>,
    private readonly listener: ScoresListener,
  ) {
    this.element = element('div', 'scores', {}, this.button, this.hint.element, this.answer);
    this.button.addEventListener('click', () =>
      this.isRunning ? listener.onStop() : listener.onStart(),
    );
    this.element.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && this.isRunning) {
        listener.onStop();
      }
    });
    this.show(undefined);
  }

  /** How the measurement stands. */
  show(scores: TraceState['scores']): void {
    const wasDone = this.scores?.kind === 'done';
    this.scores = scores;
    const { strings, isRunning } = this;
    this.button.textContent = isRunning ? strings.stop : strings.scores;
    this.hint.text = isRunning ? '' : strings.scoresHint;
    this.button.hidden = scores?.kind === 'done';
    if (scores?.kind !== 'done') {
      this.request++;
      this.answer.replaceChildren(...underway(scores));
    } else if (!wasDone) {
      void this.say();
    }
  }

  /** Another head is on screen. */
  follow(): void {
    if (this.scores?.kind === 'done') {
      void this.say();
    }
  }

  private get isRunning(): boolean {
    return this.scores?.kind === 'running';
  }

  private async say(): Promise<void> {
    const request = ++this.request;
    this.answer.replaceChildren(createProgressRing());
    let words: (Node | string)[];
    try {
      words = explainedSentences(await this.listener.ask());
    } catch (error) {
      words = [this.listener.fail(error)];
    }
    if (request === this.request) {
      this.answer.replaceChildren(...words);
    }
  }
}

function underway(scores: Exclude<TraceState['scores'], { kind: 'done' }>): (Node | string)[] {
  switch (scores?.kind) {
    case undefined:
      return [];
    case 'running':
      return [createProgressRing(), ' ', scores.label];
    case 'failed':
      return [scores.message];
  }
}
