import type { Truncation } from '../../shared/attention';
import type { TextRange } from '../../shared/text';
import type { Tokenizer } from '../../tokenizer/tokenizer';

/** Measures texts by the tokens that a model reads. */
export class Room {
  /** Tokens of the prefix, and those that the tokenizer adds. */
  private readonly overhead: number;

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
  }

  /** Tokens of the text alone. */
  count(text: string): number {
    return this.tokenizer.encode(text, { addSpecialTokens: false }).length;
  }

  fits(text: string): boolean {
    const whole = this.tokenizer.encode(this.prefix + text, { addSpecialTokens: true });
    return whole.length <= this.context;
  }

  /**
   * Where to cut a text that does not fit so that its first part does: behind the last clause; if
   * there is none, between two words; if there are none, between two tokens.
   * @returns the first part's end, at least one character from the start, and whether a clause was
   *   cut.
   */
  cut(text: string): { end: number; clause: boolean } {
    const tokens = this.tokenizer.encode(text, { addSpecialTokens: false });
    for (let room = Math.max(1, this.context - this.overhead); room > 1; room--) {
      const reach = tokens[room]?.start ?? text.length;
      const cuts = [lastMatch(CLAUSE, text, reach), lastMatch(WORD, text, reach), reach];
      const found = cuts.findIndex((end) => end > 0);
      const end = cuts[found];
      if (end !== undefined && this.fits(text.slice(0, end).trimEnd())) {
        return { end, clause: found > 0 };
      }
    }
    // Not even one token fits: the model must make of it what it can.
    return {
      end: tokens[0] === undefined ? text.length : Math.max(1, tokens[0].end),
      clause: true,
    };
  }
}

/** The end of a clause. */
const CLAUSE = /[,;:)\]–—](?=\s)|[，；：、）]/gu;
/** The end of a word. */
const WORD = /\S(?=\s)/gu;

/** End of a pattern's last match that ends within the first `reach` characters; 0 without one. */
function lastMatch(pattern: RegExp, text: string, reach: number): number {
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const matchEnd = match.index + match[0].length;
    if (matchEnd > reach) {
      break;
    }
    end = matchEnd;
  }
  return end;
}

/**
 * Splits a sentence into pieces that a model can read at once; most are one piece.
 * @returns also what is said of a sentence that had to be cut inside a clause.
 */
export function splitToFit(
  text: string,
  range: TextRange,
  room: Room,
): { pieces: TextRange[]; truncation?: Truncation } {
  const pieces: TextRange[] = [];
  let truncation: Truncation | undefined;
  let { start } = range;
  while (!room.fits(text.slice(start, range.end))) {
    const rest = text.slice(start, range.end);
    const { end, clause } = room.cut(rest);
    if (end >= rest.length) {
      break;
    }
    if (clause) {
      truncation ??= {
        used: room.count(rest.slice(0, end)),
        total: room.count(rest),
        context: room.context,
        kept: 'start',
      };
    }
    pieces.push({ start, end: start + rest.slice(0, end).trimEnd().length });
    start += end + (/^\s*/.exec(rest.slice(end))?.[0].length ?? 0);
  }
  pieces.push({ start, end: range.end });
  return truncation === undefined ? { pieces } : { pieces, truncation };
}
