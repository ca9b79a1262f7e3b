import { ReplaceNormalizer } from '@huggingface/tokenizers';
import type { AlignedText } from './alignedText';
import { toByteLevel } from './byteLevel';
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
      return (text) =>
        text.mapCharacters((character) => (/\p{M}/u.test(character) ? '' : character));
    case 'Strip':
      return (text) => strip(text, step.strip_left === true, step.strip_right === true);
    case 'Prepend':
      return (text) => text.prepend(step.prepend);
    case 'Replace': {
      const { pattern } = new ReplaceNormalizer(step);
      return pattern === null
        ? (text) => text
        : (text) => text.replaceMatches(pattern, step.content);
    }
    case 'ByteLevel':
      return toByteLevel;
    case 'Precompiled':
      return normalizeLikeSentencePiece;
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
        /\p{Mn}/u.test(character) ? '' : character,
      );
    }
    return step.lowercase === true ? lowercase(current) : current;
  };
}

function clean(character: string): string {
  if (character === '\t' || character === '\n' || character === '\r') {
    return ' ';
  }
  if (character === '\ufffd' || /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(character)) {
    return '';
  }
  return /\p{White_Space}/u.test(character) ? ' ' : character;
}

/**
 * What SentencePiece's `nmt_nfkc` rules do (Kudo & Richardson 2018, section 3.2), as the library
 * has it: the table that a `Precompiled` step brings is not read, as nearly all models carry these
 * rules. Rare characters may come out otherwise than from the table.
 */
function normalizeLikeSentencePiece(text: AlignedText): AlignedText {
  const cleaned = text.mapCharacters((character) => {
    if (/[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]/.test(character)) {
      return '';
    }
    return SENTENCE_PIECE_SPACE.test(character) ? ' ' : character;
  });
  return normalizeUnicode(cleaned, 'NFKC', '\uff5e');
}

const SENTENCE_PIECE_SPACE =
  /[\t\n\f\r\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2581\u3000\ufeff\ufffd]/;

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
