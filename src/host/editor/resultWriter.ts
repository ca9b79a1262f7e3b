import type { UnsureWord } from '../../shared/generation';

/** Why the results cannot be written, or not all of them. */
export type WritingStopReason =
  /** Someone changed the text that was to be replaced, or removed the end of the text to continue. */
  | 'source edited'
  /** The document is gone. */
  | 'closed'
  /** The document takes no changes. */
  | 'read-only'
  /** The result was to take the place of a text, and did not come to its end. */
  | 'unfinished';

/** The finished beginning of a result, and the beginning of the source that it is the result of. */
export interface CompletedPart {
  /** Characters of the result. */
  length: number;
  /** The beginning of the source. Blanks and line ends may differ in the document. */
  source: string;
}

/** Takes one result, piece by piece. */
export interface ResultStream {
  append(text: string): void;
  /**
   * Ends an unfinished result. A result that replaces its source replaces only the part of it that is
   * completed; without such a part it is not written.
   */
  breakOff(completed?: CompletedPart): void;
  /** Tells which words of the whole result the model was unsure of, by their places in it. */
  markUnsure(words: readonly UnsureWord[]): void;
}

/** Shows the results of a command while they come, and writes them at the end. */
export interface ResultWriter {
  /** One for each text that the command works on, in the same order. */
  readonly streams: readonly ResultStream[];
  /** Name of the document that takes the results; empty while there is none. */
  readonly fileName: string;
  /** All results. */
  readonly text: string;
  /** Results that could not be written. */
  readonly lost: string;
  /** Writes the results. Answers why some could not be written, if so. */
  finish(): Promise<WritingStopReason | undefined>;
  dispose(): void;
}
