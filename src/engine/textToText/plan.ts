import type { Truncation } from '../../shared/attention';
import type { TextFormat } from '../../shared/textToText';
import type { TextRange } from '../../shared/text';
import type { Templates } from './markup/template';

/** A text that is to be rewritten. */
export interface SourceText {
  text: string;
  format: TextFormat;
  /** Labels of links that its document defines outside of it. */
  labels?: readonly string[];
}

/** How a text is rewritten: part by part, and what is written around the parts. */
export interface TextToTextPlan {
  /** What the source is, and the result too. */
  format: TextFormat;
  /** In order. */
  parts: PlannedPart[];
  /** Whether what is written for a part must have fewer tokens than the part. */
  shorter: boolean;
  /** What follows the last part. */
  tail: string;
  /** Sentences that are copied, being in the language to translate into already. */
  alreadyTranslated: string[];
  /** Of the first sentence that had to be cut inside a clause. */
  truncation?: Truncation;
}

export interface PlannedPart {
  /** Where it stands in the text. */
  source: TextRange;
  /** What the model reads. */
  text: string;
  /**
   * The text with its marks and numbers, where some are to be kept; the next template counts where
   * the model does not keep them with the one before.
   */
  templates?: Templates;
  /** What is written before it, copied as it is. */
  lead: string;
}
