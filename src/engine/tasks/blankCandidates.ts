import type { Tokenizer } from '../../tokenizer/tokenizer';

/** How a vocabulary tells the begin of a word from its later parts. */
type WordMarks =
  /** WordPiece: `##` in front of later parts. */
  | 'continuing'
  /** Byte-level BPE and SentencePiece: a space in front of words. */
  | 'space'
  | 'none';

const CONTINUING = /^##/;
const SPACE = /^[Ġ▁]/;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** Entries that BERT keeps free. */
const UNUSED = /^\[unused\d+\]$/;

/** A token that may stand in a blank, and the word without the space around it. */
export interface BlankCandidate {
  id: number;
  word: string;
}

/**
 * The most likely tokens for a blank: no special ones, no parts of words where a word is wanted, and
 * no new words inside of one.
 * @param logits [vocabulary]
 * @param before what stands before the blank.
 * @param count how many are wanted.
 */
export function blankCandidates(
  tokenizer: Tokenizer,
  logits: Float32Array,
  before: string,
  count: number,
): BlankCandidate[] {
  const marks = wordMarks(tokenizer);
  const order = Array.from(logits.keys()).sort(
    (a, b) => (logits[b] as number) - (logits[a] as number) || a - b,
  );
  const words = new Map<string, BlankCandidate>();
  for (const id of order) {
    if (words.size === count) {
      break;
    }
    const word = tokenizer.tokenText(id).trim();
    if (
      !words.has(word) &&
      !isSpecial(tokenizer, id) &&
      fits(tokenizer.pieceText(id), word, marks, before)
    ) {
      words.set(word, { id, word });
    }
  }
  return [...words.values()];
}

function fits(piece: string, word: string, marks: WordMarks, before: string): boolean {
  if (marks === 'none' || !LETTER_OR_DIGIT.test(word)) {
    return true;
  }
  const insideWord = LETTER_OR_DIGIT.test(before.slice(-1));
  if (marks === 'continuing') {
    return CONTINUING.test(piece) === insideWord;
  }
  // Where a text begins, and behind a bracket, words have no space in front.
  return SPACE.test(piece) ? !insideWord : !/\s$/.test(before);
}

function isSpecial(tokenizer: Tokenizer, id: number): boolean {
  return (
    id === tokenizer.specialTokens.unknown ||
    UNUSED.test(tokenizer.pieceText(id)) ||
    tokenizer.decode([id]).trim() === ''
  );
}

function wordMarks(tokenizer: Tokenizer): WordMarks {
  let marks: WordMarks = 'none';
  for (let id = 0; id < tokenizer.vocabularySize; id++) {
    const piece = tokenizer.pieceText(id);
    if (piece.length > 1 && SPACE.test(piece)) {
      return 'space';
    }
    if (piece.length > 2 && CONTINUING.test(piece)) {
      marks = 'continuing';
    }
  }
  return marks;
}
