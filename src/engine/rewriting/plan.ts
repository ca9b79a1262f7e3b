import type { Truncation } from '../../shared/attention';
import type { TextRange } from '../../shared/text';

/** How a text is rewritten: part by part, and what is written around the parts. */
export interface RewritingPlan {
  /** In order. */
  parts: PlannedPart[];
  /** Whether what is written for a part must have fewer tokens than the part. */
  shorter: boolean;
  /** What follows the last part. */
  tail: string;
  /** Of the first sentence that had to be cut inside a clause. */
  truncation?: Truncation;
}

export interface PlannedPart {
  /** Where it stands in the text. */
  source: TextRange;
  /** What the model reads. */
  text: string;
  /** What is written before it, copied as it is. */
  lead: string;
}
