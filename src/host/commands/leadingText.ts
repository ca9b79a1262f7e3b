import type { TextToTextProgress } from '../../shared/engineApi';

/**
 * Lets a text pass once the model has written something of it. Until then it is no more than what is
 * copied from the source, such as indentation and comment marks, and that may be all there is.
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
