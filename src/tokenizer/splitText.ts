import type { TextRange } from '../shared/text';

/** A token of a word; `start` and `end` are units of the word. */
export interface PreToken extends TextRange {
  id: number;
}

/** Splits a word, which is not empty, into tokens. */
export type SplitText = (word: string) => readonly PreToken[];
