import type { TextRange } from '../../shared/text';

/** Ends with an abbreviation that does not end a sentence. */
const ABBREVIATION =
  /(?:^|[\s(["'“‘])(?:e\.g|i\.e|viz|cf|vs|ca|approx|resp|incl|esp|mr|mrs|ms|dr|prof|jr|sr|z\.\s?B|d\.\s?h|bzw|ggf|vgl)\.\s*$/iu;
/** Ends with an initial, as in a name. */
const INITIAL = /(?:^|[\s(["'“‘])\p{Lu}\.\s*$/u;
/** Ends with an abbreviation if a number follows. */
const BEFORE_NUMBER = /(?:^|[\s(["'“‘])(?:fig|eq|sec|ch|vol|nos?|pp?|ver)\.\s*$/iu;

/** Full stops of scripts that put no space behind them. */
const FULL_WIDTH_END = /[。！？｡…]["'”’」』）)\]]*\s*$/u;

/**
 * Splits a text into sentences, by the rules of Unicode (UAX #29, as `Intl.Segmenter` has them for
 * the language), less the borders behind abbreviations, inside of code in backticks, and where no
 * space follows: `e.g. this`, `v1.2`, `config.json`, `a!=b`.
 * @param range the part of the text to split.
 * @param language BCP 47 tag.
 * @returns the sentences without the space around them.
 */
export function splitSentences(text: string, range: TextRange, language: string): TextRange[] {
  const part = text.slice(range.start, range.end);
  const sentences: TextRange[] = [];
  let start = 0;
  for (const { segment, index } of segmenter(language).segment(part)) {
    const end = index + segment.length;
    if (end === part.length || isBorder(part.slice(start, end), part.slice(end))) {
      const trimmed = trim(part, start, end);
      if (trimmed.start < trimmed.end) {
        sentences.push({
          start: range.start + trimmed.start,
          end: range.start + trimmed.end,
        });
      }
      start = end;
    }
  }
  return sentences;
}

/** Whether a sentence ends between two texts where Unicode's rules let one end. */
function isBorder(before: string, after: string): boolean {
  if ((before.match(/`/g) ?? []).length % 2 === 1 && after.includes('`')) {
    return false;
  }
  if (FULL_WIDTH_END.test(before)) {
    return true;
  }
  const abbreviated =
    ABBREVIATION.test(before) ||
    INITIAL.test(before) ||
    (BEFORE_NUMBER.test(before) && /^\d/.test(after));
  return /\s$/.test(before) && !abbreviated;
}

function trim(text: string, start: number, end: number): TextRange {
  const part = text.slice(start, end);
  const leading = part.length - part.trimStart().length;
  return { start: start + leading, end: Math.max(start + leading, start + part.trimEnd().length) };
}

function segmenter(language: string): Intl.Segmenter {
  return new Intl.Segmenter(language, { granularity: 'sentence' });
}
