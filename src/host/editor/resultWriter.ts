import type { UnsureWord } from '../../shared/engineApi';

/** Why the results cannot be written, or not all of them. */
export type WritingStopReason =
  /** Someone changed the text that was to be replaced, or removed what was to be gone on from. */
  | 'source edited'
  /** The document is gone. */
  | 'closed'
  /** The document takes no changes. */
  | 'read-only'
  /** The result was to take the place of a text, and did not come to its end. */
  | 'unfinished';

/** How much of a result is whole, and of which beginning of its source it is the result. */
export interface CompletedPart {
  /** Characters of the result. */
  length: number;
  /** The beginning of the source. Blanks and line ends may be others in the document. */
  source: string;
}

/** Takes one result, piece by piece. */
export interface ResultStream {
  append(text: string): void;
  /**
   * No more comes, though the result is not at its end. Where results take the place of their sources,
   * it takes that of the beginning that it is the result of; without one, it goes nowhere.
   */
  breakOff(whole?: CompletedPart): void;
  /** Tells which words of the whole result the model was unsure of, by their places in it. */
  markUnsure(words: readonly UnsureWord[]): void;
}

/** What a command hands its results to: it shows them as they come and sees to where they go. */
export interface ResultWriter {
  /** One for each text that the command works on, in their order. */
  readonly streams: readonly ResultStream[];
  /** Name of the document that takes the results; empty while there is none. */
  readonly fileName: string;
  /** Everything that was handed over. */
  readonly text: string;
  /** Text that was handed over and went nowhere. */
  readonly lost: string;
  /** Writes what came. Answers why not all could be written, if so. */
  finish(): Promise<WritingStopReason | undefined>;
  dispose(): void;
}
