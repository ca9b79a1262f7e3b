import * as vscode from 'vscode';
import type { TextToTextProgress } from '../../shared/textToText';
import type { Progress } from './runningTasks';

/** Screen readers read out every message, so there is one a second at most. */
const PAUSE_MS = 1000;

/** Says how far the writing is, in tokens and, where there are several, parts of the text. */
export class WritingProgress {
  private tokens = 0;
  private saidAt = -Infinity;

  constructor(private readonly progress: Progress) {}

  /** A step is done: one token, or words that were copied. */
  token(step?: Pick<TextToTextProgress, 'token' | 'part' | 'parts'>): void {
    this.tokens += step && !step.token ? 0 : 1;
    const now = performance.now();
    if (now - this.saidAt < PAUSE_MS) {
      return;
    }
    this.saidAt = now;
    this.progress.report({
      message:
        step && step.parts > 1
          ? vscode.l10n.t('part {0} of {1}, {2} tokens', step.part + 1, step.parts, this.tokens)
          : this.tokens === 1
            ? vscode.l10n.t('1 token')
            : vscode.l10n.t('{0} tokens', this.tokens),
    });
  }
}
