import type { FailureData, Phrase } from '../../shared/failure';

/** A whole sentence about a verification; a failure tells why something could not be read. */
export interface VerificationSentence {
  text: Phrase | FailureData;
  /** What its figures mean, with their units, and how they are found. */
  meaning?: Phrase;
}
