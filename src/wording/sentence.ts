import type { Phrase } from '../shared/failure';

/** A whole sentence, and what its figures mean, with their units. */
export interface Sentence {
  text: Phrase;
  meaning: Phrase;
}
