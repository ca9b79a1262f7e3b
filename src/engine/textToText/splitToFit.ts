import type { Truncation } from '../../shared/attention';
import type { TextRange, Token } from '../../shared/text';
import type { TokenBudget } from './tokenBudget';

/** The end of a clause. */
const CLAUSE = /[,;:)\]–—](?=\s)|[，；：、）]/gu;
/** The end of a word. */
const WORD = /\S(?=\s)/gu;

/** End of a pattern's last match that ends within the first `reach` characters; 0 without one. */
function lastMatch(pattern: RegExp, text: string, reach: number): number {
  let end = 0;
  // What a pattern looks at behind its match is one character.
  for (const match of text.slice(0, reach + 1).matchAll(pattern)) {
    const matchEnd = match.index + match[0].length;
    if (matchEnd > reach) {
      break;
    }
    end = matchEnd;
  }
  return end;
}

/** Longer characters, as people count them, are sequences of emoji at most. */
const LONGEST_CHARACTER = 64;

/** What people take for one character: a letter with its accents, an emoji with its skin colour. */
const CHARACTERS = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Start and end of the character that a place lies in. */
function characterAt(text: string, place: number): TextRange {
  const from = Math.max(0, place - LONGEST_CHARACTER);
  const around = text.slice(from, place + LONGEST_CHARACTER);
  const { index, segment } = CHARACTERS.segment(around).containing(place - from) ?? {
    index: place - from,
    segment: '',
  };
  return { start: from + index, end: from + index + segment.length };
}

/**
 * Where to cut a text that does not fit so that its first part does: behind the last clause; if
 * there is none, between two words; if there are none, between two characters.
 * @param tokens the text's, from offset `start` of what they were read from.
 * @returns the first part's end, at least one character from the start, and whether a clause was
 *   cut.
 */
function cut(
  text: string,
  tokens: readonly Token[],
  start: number,
  budget: TokenBudget,
): { end: number; clause: boolean } {
  for (let count = budget.size; count > 1; count--) {
    const reach = (tokens[count]?.start ?? start + text.length) - start;
    const cuts = [
      lastMatch(CLAUSE, text, reach),
      lastMatch(WORD, text, reach),
      characterAt(text, reach).start,
    ];
    const found = cuts.findIndex((end) => end > 0);
    const end = cuts[found];
    if (end !== undefined && budget.fits(text.slice(0, end).trimEnd())) {
      return { end, clause: found > 0 };
    }
  }
  // Not even one token fits: the model must make of it what it can.
  return {
    end: Math.max(characterAt(text, 0).end, (tokens[0]?.end ?? start + text.length) - start),
    clause: true,
  };
}

/** A sentence or a part of one. */
export interface TextChunk extends TextRange {
  tokens: number;
}

/**
 * Splits a sentence into pieces that a model can read at once; most are one piece. The time that it
 * takes grows with the length of the sentence, which may be a file without a full stop.
 * @returns also what is said of a sentence that had to be cut inside a clause.
 */
export function splitToFit(
  text: string,
  range: TextRange,
  budget: TokenBudget,
): { pieces: TextChunk[]; truncation?: Truncation } {
  const sentence = text.slice(range.start, range.end);
  const count = budget.count(sentence);
  if (count <= budget.size) {
    return { pieces: [{ ...range, tokens: count }] };
  }
  const tokens = budget.read(sentence);
  const pieces: TextChunk[] = [];
  const add = (offset: number, part: string): TextChunk => {
    const start = range.start + offset;
    const piece = { start, end: start + part.length, tokens: budget.count(part) };
    pieces.push(piece);
    return piece;
  };
  let truncation: Truncation | undefined;
  let start = 0;
  let next = 0;
  for (;;) {
    const rest = sentence.slice(start);
    // Twice as many tokens do not fit, however they change where the text is cut.
    if (tokens.length - next <= 2 * budget.context && budget.fits(rest)) {
      add(start, rest);
      break;
    }
    const { end, clause } = cut(rest, tokens.slice(next, next + budget.size + 1), start, budget);
    if (end >= rest.length) {
      add(start, rest);
      break;
    }
    const piece = add(start, rest.slice(0, end).trimEnd());
    if (clause) {
      truncation ??= {
        used: piece.tokens,
        total: tokens.length - next,
        context: budget.context,
        kept: 'start',
      };
    }
    start += end + (/^\s*/.exec(rest.slice(end))?.[0].length ?? 0);
    while ((tokens[next]?.end ?? Infinity) <= start) {
      next++;
    }
  }
  return truncation === undefined ? { pieces } : { pieces, truncation };
}
