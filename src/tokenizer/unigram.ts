import { byteTokens } from './byteTokens';
import { PrefixIndex } from './prefixIndex';
import type { ModelEntry } from './schema';
import type { PreToken, SplitText } from './splitText';

/** How much worse than the worst entry an unknown character is. SentencePiece's own number. */
const UNKNOWN_PENALTY = 10;

/**
 * The unigram language model (Kudo 2018, section 3.2): of all ways to cut a word into entries the
 * one with the largest sum of scores, found with Viterbi's algorithm. Of equally good ones that with
 * the earliest last cut is taken, as by `encode_optimized` of the package `tokenizers`.
 *
 * Neighbouring characters that the vocabulary lacks become one token for each of their bytes, all
 * with the range of the whole, or else one unknown token. Where the vocabulary has neither, nothing
 * stands for them.
 */
export function createUnigram(
  entry: Extract<ModelEntry, { type: 'Unigram' }>,
  ids: ReadonlyMap<string, number>,
): SplitText {
  const scores = entry.vocab.map(([, score]) => score);
  const unknown = entry.unk_id ?? undefined;
  const unknownScore =
    scores.reduce((least, score) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY;
  const fallback = entry.byte_fallback === true ? byteTokens(ids) : undefined;
  const index = new PrefixIndex([...ids.keys()]);

  /** Where the token that ends at each place of the word begins, on the best way there. */
  const bestStarts = (word: string): { starts: Int32Array; unknowns: Uint8Array } => {
    const best = new Float64Array(word.length + 1);
    const starts = new Int32Array(word.length + 1).fill(-1);
    const unknowns = new Uint8Array(word.length + 1);
    const offer = (start: number, end: number, score: number, isUnknown: boolean): void => {
      const sum = (best[start] ?? 0) + score;
      if ((starts[end] ?? -1) < 0 || sum > (best[end] ?? 0)) {
        best[end] = sum;
        starts[end] = start;
        unknowns[end] = isUnknown ? 1 : 0;
      }
    };
    for (let start = 0; start < word.length;) {
      const characterEnd = start + ((word.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
      let hasCharacter = false;
      for (const end of index.prefixEnds(word, start)) {
        const id = ids.get(word.slice(start, end));
        if (id !== undefined) {
          hasCharacter ||= end === characterEnd;
          offer(start, end, scores[id] ?? 0, id === unknown);
        }
      }
      if (!hasCharacter) {
        offer(start, characterEnd, unknownScore, true);
      }
      start = characterEnd;
    }
    return { starts, unknowns };
  };

  const tokensOf = (word: string, start: number, end: number): PreToken[] => {
    const text = word.slice(start, end);
    const id = ids.get(text);
    const tokens = (id === undefined ? fallback?.(text) : [id]) ?? [unknown];
    return tokens.flatMap((token) => (token === undefined ? [] : [{ id: token, start, end }]));
  };

  return (word) => {
    const { starts, unknowns } = bestStarts(word);
    const pieces: PreToken[][] = [];
    for (let end = word.length; end > 0;) {
      let start = starts[end] ?? 0;
      // Unknown neighbours are one.
      while (unknowns[end] === 1 && start > 0 && unknowns[start] === 1) {
        start = starts[start] ?? 0;
      }
      pieces.push(tokensOf(word, start, end));
      end = start;
    }
    return pieces.reverse().flat();
  };
}
