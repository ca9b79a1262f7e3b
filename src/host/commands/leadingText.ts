import type { TextToTextProgress } from '../../shared/textToText';

/**
 * Holds back text until the model has written something. Before that it is only copied from the source
 * (indentation, comment markers), and there may never be more.
 */
export class LeadingTextBuffer {
  private held = '';
  private passed = false;

  /** Answers what may be written by now. */
  push({ delta, token }: Pick<TextToTextProgress, 'delta' | 'token'>): string {
    if (this.passed) {
      return delta;
    }
    this.held += delta;
    this.passed = token !== undefined && delta.trim() !== '';
    return this.passed ? this.held : '';
  }

  /** True once the model has written something. */
  get found(): boolean {
    return this.passed;
  }
}
