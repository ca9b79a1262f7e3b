import type { TextRange } from '../../shared/text';

/** Ends with an abbreviation that does not end a sentence. */
const ABBREVIATION =
  /(?:^|[\s(["'“‘])(?:e\.g|i\.e|viz|cf|vs|ca|approx|resp|incl|esp|mr|mrs|ms|dr|prof|jr|sr|z\.\s?B|d\.\s?h|bzw|ggf|vgl)\.$/iu;
/** Ends with an initial, as in a name. */
const INITIAL = /(?:^|[\s(["'“‘])\p{Lu}\.$/u;
/** Ends with an abbreviation if a number follows. */
const BEFORE_NUMBER = /(?:^|[\s(["'“‘])(?:fig|eq|sec|ch|vol|nos?|pp?|ver)\.$/iu;

/** Ends with a question or a call in quotation marks or brackets, which a sentence may go on behind. */
const QUOTED_END = /[?!]["'”’)\]]+$/;

/** Full stops of scripts that put no space behind them. */
const FULL_WIDTH_END = /[。！？｡…]["'”’」』）)\]]*$/u;

/** Sentences are found by the rules of English where the model does not say what it reads. */
export const DEFAULT_LANGUAGE = 'en';

/**
 * Splits a text into sentences, by the rules of Unicode (UAX #29, as `Intl.Segmenter` has them for
 * the language), less the borders behind abbreviations, inside of code in backticks, behind a quotation
 * that the sentence goes on after, and where no space follows: `e.g. this`, `v1.2`, `“Who?” he asked`,
 * `config.json`, `a!=b`.
 * @param range the part of the text to split.
 * @param language BCP 47 tag.
 * @returns the sentences without the space around them.
 */
export function splitSentences(text: string, range: TextRange, language: string): TextRange[] {
  const part = text.slice(range.start, range.end);
  const lastBacktick = part.lastIndexOf('`');
  const sentences: TextRange[] = [];
  let start = 0;
  let inCode = false;
  for (const { segment, end } of segments(part, language)) {
    inCode = inCode !== ((segment.match(/`/g) ?? []).length % 2 === 1);
    if (end < part.length && ((inCode && lastBacktick >= end) || !isBorder(part, start, end))) {
      continue;
    }
    const trimmed = trim(part, start, end);
    if (trimmed.start < trimmed.end) {
      sentences.push({
        start: range.start + trimmed.start,
        end: range.start + trimmed.end,
      });
    }
    start = end;
    inCode = false;
  }
  return sentences;
}

/** How far back the end of a sentence is looked at; more than abbreviations and quotes take. */
const LONGEST_END = 40;

/** Whether a sentence that begins at `start` ends where Unicode's rules let one end. */
function isBorder(text: string, start: number, end: number): boolean {
  // A text without spaces may be one sentence of a megabyte, with many places to look at.
  const last = text.slice(start, end).trimEnd().slice(-LONGEST_END);
  if (FULL_WIDTH_END.test(last)) {
    return true;
  }
  const abbreviated =
    ABBREVIATION.test(last) ||
    INITIAL.test(last) ||
    (BEFORE_NUMBER.test(last) && /\d/.test(text.charAt(end)));
  const goesOn = QUOTED_END.test(last) && /\p{Ll}/u.test(text.charAt(end));
  return /\s/.test(text.charAt(end - 1)) && !abbreviated && !goesOn;
}

function trim(text: string, start: number, end: number): TextRange {
  const part = text.slice(start, end);
  const leading = part.length - part.trimStart().length;
  return { start: start + leading, end: Math.max(start + leading, start + part.trimEnd().length) };
}

/**
 * Characters that are segmented at once. The time that `Intl.Segmenter` takes for each segment grows
 * with the whole text that it was given.
 */
const WINDOW = 4096;

/** Sentences by the rules of Unicode, in order, and where they end. */
function* segments(text: string, language: string): Generator<{ segment: string; end: number }> {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  let start = 0;
  for (let size = WINDOW; start < text.length;) {
    const window = text.slice(start, start + size);
    const found = Array.from(segmenter.segment(window), ({ segment }) => segment);
    if (start + size < text.length) {
      // The window may have cut the last one.
      found.pop();
    }
    size = found.length === 0 ? 2 * size : WINDOW;
    for (const segment of found) {
      start += segment.length;
      yield { segment, end: start };
    }
  }
}
