import type { AlignedText, Change } from './alignedText';
import { toByteLevel } from './byteLevel';
import { MARK, NONSPACING_MARK } from './characterClasses';
import { readCharsMap, type ReplacementOf } from './charsMap';
import { compilePattern } from './patterns';
import type { NormalizerStep } from './schema';
import { normalizeUnicode } from './unicodeForms';

/** One step of a normalizer: text in, text out, source ranges kept. */
export type Normalize = (text: AlignedText) => AlignedText;

/** Runs the steps of a normalizer one after the other. */
export function createNormalizer(steps: readonly NormalizerStep[]): Normalize {
  const chain = steps.map(createStep);
  return (text) => chain.reduce((current, normalize) => normalize(current), text);
}

function createStep(step: NormalizerStep): Normalize {
  switch (step.type) {
    case 'BertNormalizer':
      return createBertNormalizer(step);
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD': {
      const form = step.type;
      return (text) => normalizeUnicode(text, form);
    }
    case 'Lowercase':
      return lowercase;
    case 'StripAccents':
      return (text) => text.mapCharacters((character) => (MARK.test(character) ? '' : character));
    case 'Strip':
      return (text) => strip(text, step.strip_left === true, step.strip_right === true);
    case 'Prepend':
      return (text) => text.prepend(step.prepend);
    case 'Replace': {
      const pattern = compilePattern(step.pattern, 'normalizer');
      return (text) => text.replaceMatches(pattern, step.content);
    }
    case 'ByteLevel':
      return toByteLevel;
    case 'Nmt':
      return cleanLikeSentencePiece;
    case 'Precompiled':
      // Files converted for Transformers.js leave the table out.
      return step.precompiled_charsmap
        ? createTableNormalizer(readCharsMap(step.precompiled_charsmap))
        : normalizeLikeSentencePiece;
  }
}

/** Lower case character by character: a Σ becomes σ even at the end of a word. */
function lowercase(text: AlignedText): AlignedText {
  return text.mapCharacters((character) => character.toLowerCase());
}

function strip(text: AlignedText, left: boolean, right: boolean): AlignedText {
  const start = left ? (/^\p{White_Space}*/u.exec(text.text)?.[0].length ?? 0) : 0;
  let end = text.length;
  while (right && end > start && /\p{White_Space}/u.test(text.text.charAt(end - 1))) {
    end--;
  }
  return text.slice(start, end);
}

/**
 * The clean-up of BERT's `BasicTokenizer` (Devlin et al. 2019, tokenization.py of its code): drop
 * control characters, set CJK characters apart with spaces, drop accents, lower case.
 */
function createBertNormalizer(
  step: Extract<NormalizerStep, { type: 'BertNormalizer' }>,
): Normalize {
  const dropAccents = step.strip_accents ?? step.lowercase === true;
  return (text) => {
    let current = text;
    if (step.clean_text === true) {
      current = current.mapCharacters(clean);
    }
    if (step.handle_chinese_chars === true) {
      current = current.mapCharacters((character) =>
        isCjkIdeograph(character) ? ` ${character} ` : character,
      );
    }
    if (dropAccents) {
      current = normalizeUnicode(current, 'NFD').mapCharacters((character) =>
        NONSPACING_MARK.test(character) ? '' : character,
      );
    }
    return step.lowercase === true ? lowercase(current) : current;
  };
}

/** Signs of layout, of late that some scripts write with, which the package does not know. */
const CONTROL =
  /^(?![\u0890\u0891\u08e2\u{110cd}\u{13430}-\u{1343f}])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\ufffd]$/u;

function clean(character: string): string {
  if (character === '\t' || character === '\n' || character === '\r') {
    return ' ';
  }
  if (CONTROL.test(character)) {
    return '';
  }
  return /\p{White_Space}/u.test(character) ? ' ' : character;
}

/** The most UTF-8 bytes of a cluster that is looked up in a table as a whole. */
const CLUSTER_BYTES = 5;

const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' });
const utf8 = new TextEncoder();

/**
 * Replaces what a table says, as `Precompiled` of the package `tokenizers` does
 * (normalizers/precompiled.rs): short grapheme clusters (Unicode Standard Annex #29) as a whole, and
 * else each character. It hands on ranges by counting characters: those that a replacement has more
 * than what it replaces share the range of their predecessor, and those that it has fewer are
 * stepped over.
 */
function createTableNormalizer(replacementOf: ReplacementOf): Normalize {
  const change = (part: string, to: Change[]): boolean => {
    const replacement = replacementOf(part);
    if (replacement === undefined) {
      return false;
    }
    const characters = Array.from(replacement);
    const growth = characters.length - Array.from(part).length;
    characters.forEach((character, index) =>
      to.push({ character, growth: index >= characters.length - growth ? 1 : 0 }),
    );
    const last = to.at(-1);
    if (growth < 0 && last !== undefined) {
      last.growth += growth;
    }
    return true;
  };
  return (text) => {
    const changes: Change[] = [];
    let isChanged = false;
    for (const cluster of clustersOf(text.text)) {
      if (cluster.length <= CLUSTER_BYTES && utf8.encode(cluster).length <= CLUSTER_BYTES) {
        if (change(cluster, changes)) {
          isChanged = true;
          continue;
        }
      }
      for (const character of cluster) {
        if (change(character, changes)) {
          isChanged = true;
        } else {
          changes.push({ character, growth: 0 });
        }
      }
    }
    return isChanged ? text.rewrite(changes) : text;
  };
}

/** Grapheme clusters. In printable ASCII every character is one, which is faster to find. */
function* clustersOf(text: string): Generator<string> {
  if (/^[ -~]*$/.test(text)) {
    yield* text;
    return;
  }
  for (const { segment } of clusters.segment(text)) {
    yield segment;
  }
}

/**
 * What SentencePiece's `nmt_nfkc` rules do (Kudo & Richardson 2018, section 3.2), for models without
 * the table of these rules. Rare characters may come out otherwise than from the table.
 */
function normalizeLikeSentencePiece(text: AlignedText): AlignedText {
  return normalizeUnicode(cleanLikeSentencePiece(text), 'NFKC', '\uff5e');
}

/** Drops control characters, and makes spaces of others that show nothing. */
function cleanLikeSentencePiece(text: AlignedText): AlignedText {
  return text.mapCharacters((character) => {
    if (/[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]/.test(character)) {
      return '';
    }
    return SENTENCE_PIECE_SPACE.test(character) ? ' ' : character;
  });
}

/** What `Nmt` of the package `tokenizers` takes for a space; NFKC makes spaces of some more. */
const SENTENCE_PIECE_SPACE = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/;

/** The blocks that BERT's code calls "CJK character"; kana and hangul are not among them. */
const CJK_IDEOGRAPHS: readonly (readonly [first: number, last: number])[] = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
];

function isCjkIdeograph(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code >= 0x3400 && CJK_IDEOGRAPHS.some(([first, last]) => code >= first && code <= last);
}
