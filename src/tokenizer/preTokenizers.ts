import type { TextRange } from '../shared/text';
import { matchRanges } from './alignedText';
import type { AlignedText } from './alignedText';
import { toByteLevel } from './byteLevel';
import { PUNCTUATION_MARKS } from './characterClasses';
import { compilePattern } from './patterns';
import type { PreTokenizerStep, SplitBehavior } from './schema';

/** One step of a pre-tokenizer: a stretch of text in, its words out. Words are never empty. */
export type PreTokenize = (text: AlignedText) => AlignedText[];

/** Runs the steps one after the other, each on every word that the one before it gave. */
export function createPreTokenizer(steps: readonly PreTokenizerStep[]): PreTokenize {
  const chain = steps.map(createStep);
  return (text) =>
    chain.reduce<AlignedText[]>((words, split) => words.flatMap((word) => split(word)), [text]);
}

/** The pattern of GPT-2 (Radford et al. 2019, `encoder.py` of its code). */
const GPT2_WORD =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

const WHITE_SPACE = /\p{White_Space}/gu;
/** `\w+|[^\w\s]+` with the Unicode meaning that these classes have in Rust. */
const WORD_OR_SYMBOLS =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu;

function createStep(step: PreTokenizerStep): PreTokenize {
  switch (step.type) {
    case 'ByteLevel':
      return createByteLevel(step);
    case 'Metaspace':
      return createMetaspace(step);
    case 'BertPreTokenizer':
      return (text) =>
        splitAt(text, WHITE_SPACE, 'Removed').flatMap((word) =>
          splitAt(word, PUNCTUATION_MARKS, 'Isolated'),
        );
    case 'Whitespace':
      return (text) => splitAt(text, WORD_OR_SYMBOLS, 'Removed', true);
    case 'WhitespaceSplit':
      return (text) => splitAt(text, WHITE_SPACE, 'Removed');
    case 'Split': {
      const pattern = compilePattern(step.pattern, 'pre_tokenizer');
      const { behavior, invert } = step;
      return (text) => splitAt(text, pattern, behavior, invert === true);
    }
    case 'Punctuation': {
      const behavior = step.behavior ?? 'Isolated';
      return (text) => splitAt(text, PUNCTUATION_MARKS, behavior);
    }
    case 'Digits': {
      const behavior = step.individual_digits === true ? 'Isolated' : 'Contiguous';
      return (text) => splitAt(text, /\p{N}/gu, behavior);
    }
    case 'CharDelimiterSplit': {
      const pattern = compilePattern({ String: step.delimiter }, 'pre_tokenizer');
      return (text) => splitAt(text, pattern, 'Removed');
    }
    case 'FixedLength':
      return (text) => splitAt(text, new RegExp(`[^]{1,${String(step.length)}}`, 'gu'), 'Isolated');
  }
}

function createByteLevel(step: Extract<PreTokenizerStep, { type: 'ByteLevel' }>): PreTokenize {
  const addSpace = step.add_prefix_space === true;
  const useRegex = step.use_regex !== false;
  return (text) => {
    const spaced = addSpace && !text.text.startsWith(' ') ? text.prepend(' ') : text;
    const words = useRegex ? splitAt(spaced, GPT2_WORD, 'Isolated') : [spaced];
    return words.map(toByteLevel);
  };
}

function createMetaspace(step: Extract<PreTokenizerStep, { type: 'Metaspace' }>): PreTokenize {
  const { replacement } = step;
  // `add_prefix_space` is how files written before 2024 say it.
  const scheme = step.prepend_scheme ?? (step.add_prefix_space === false ? 'never' : 'always');
  return (text) => {
    let current = text.replaceMatches(/ /g, replacement);
    const wanted = scheme === 'always' || (scheme === 'first' && text.origin === 0);
    if (wanted && !current.text.startsWith(replacement)) {
      current = current.prepend(replacement);
    }
    return step.split === false ? [current] : splitBefore(current, replacement);
  };
}

/** Splits in front of every occurrence of a marker. */
function splitBefore(text: AlignedText, marker: string): AlignedText[] {
  const words: AlignedText[] = [];
  let start = 0;
  while (start < text.length) {
    const next = text.text.indexOf(marker, start + 1);
    const end = next < 0 ? text.length : next;
    words.push(text.slice(start, end));
    start = end;
  }
  return words;
}

/** A stretch of text that a pattern matched, or that lies between two matches. */
interface Stretch extends TextRange {
  matched: boolean;
}

/** Splits at the matches of a pattern; with `invert`, at what lies between them. */
function splitAt(
  text: AlignedText,
  pattern: RegExp,
  behavior: SplitBehavior,
  invert = false,
): AlignedText[] {
  return arrange(stretches(text.text, pattern, invert), behavior)
    .filter(({ start, end }) => end > start)
    .map(({ start, end }) => text.slice(start, end));
}

/** Cuts a text into matches and what lies between them. */
function stretches(text: string, pattern: RegExp, invert: boolean): Stretch[] {
  const found: Stretch[] = [];
  let position = 0;
  for (const { start, end } of matchRanges(text, pattern)) {
    if (start > position) {
      found.push({ start: position, end: start, matched: invert });
    }
    found.push({ start, end, matched: !invert });
    position = end;
  }
  if (position < text.length) {
    found.push({ start: position, end: text.length, matched: invert });
  }
  return found;
}

/** What becomes of the matches, as `SplitDelimiterBehavior` of the package `tokenizers` says. */
function arrange(found: readonly Stretch[], behavior: SplitBehavior): TextRange[] {
  switch (behavior) {
    case 'Removed':
      return found.filter(({ matched }) => !matched);
    case 'Isolated':
      return [...found];
    case 'Contiguous':
      return mergeNeighbours(found, (last, next) => last.matched === next.matched);
    case 'MergedWithPrevious':
      return mergeNeighbours(found, (last, next) => next.matched && !last.matched);
    case 'MergedWithNext':
      return mergeNeighbours(found, (last, next) => last.matched && !next.matched);
  }
}

/** Joins each stretch to the one before it where `joins` says so of the two. */
function mergeNeighbours(
  found: readonly Stretch[],
  joins: (last: Stretch, next: Stretch) => boolean,
): TextRange[] {
  const merged: TextRange[] = [];
  found.forEach((stretch, index) => {
    const last = found[index - 1];
    const open = merged.at(-1);
    if (last !== undefined && open !== undefined && joins(last, stretch)) {
      open.end = stretch.end;
    } else {
      merged.push({ start: stretch.start, end: stretch.end });
    }
  });
  return merged;
}
