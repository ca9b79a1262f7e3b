import type { Token } from '../../shared/text';
import type { Tokenizer } from '../../tokenizer/tokenizer';

/** Measures texts by the tokens that a model reads. */
export class TokenBudget {
  /** Tokens of the prefix, and those that the tokenizer adds. */
  private readonly overhead: number;
  /** Tokens of a text that the model can see at once, the prefix apart; at least 1. */
  readonly size: number;

  /**
   * @param prefix what is put in front of every text.
   * @param context tokens that the model can see at once.
   */
  constructor(
    private readonly tokenizer: Tokenizer,
    private readonly prefix: string,
    readonly context: number,
  ) {
    this.overhead = tokenizer.encode(prefix, { addSpecialTokens: true }).length;
    this.size = Math.max(1, context - this.overhead);
  }

  /** Tokens that a text takes behind the prefix. */
  count(text: string): number {
    const whole = this.tokenizer.encode(this.prefix + text, { addSpecialTokens: true });
    return whole.length - this.overhead;
  }

  fits(text: string): boolean {
    return this.count(text) <= this.size;
  }

  /** A text's own tokens. */
  read(text: string): Token[] {
    return this.tokenizer.encode(text, { addSpecialTokens: false });
  }
}
