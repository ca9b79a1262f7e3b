import type { Truncation } from './attention';
import type { GeneratedText, GeneratedToken, GenerationOptions, WrittenText } from './generation';
import type { ModelChoice, RequestedLanguages } from './modelSummary';
import type { TextRange } from './text';

/** In plain text, Markdown counts within lines only: comments of documentation have it there. */
export type TextFormat = 'plain' | 'markdown' | 'mdx';

/** As {@link GenerationOptions}; without `maxNewTokens` the model's own limit holds, for each part. */
export type TextToTextOptions = Omit<GenerationOptions, 'maxNewTokens'> &
  Partial<Pick<GenerationOptions, 'maxNewTokens'>>;

/** What a text is rewritten from. */
export interface TextToTextParams {
  model: ModelChoice;
  text: string;
  /** Whether the text is a Markdown or MDX document, or a part of one; it is plain if nothing is said. */
  format?: TextFormat;
  options: TextToTextOptions;
}

export interface TranslationParams extends TextToTextParams {
  languages?: RequestedLanguages;
  /** Labels of links that a Markdown document defines outside of the text: they are not translated. */
  labels?: string[];
}

/** A step of a translation or summary. */
export interface TextToTextProgress extends Omit<GeneratedText, 'token'> {
  /** Absent when `delta` was copied from the source: line breaks, indentation, list marks. */
  token?: GeneratedToken;
  /** Index of the part being worked on. */
  part: number;
  parts: number;
  /**
   * Where in the source the part begins, with what is copied before it. The result of what precedes is
   * whole.
   */
  from: number;
}

/** A translation or a summary. Its text is the deltas of all steps, joined. */
export interface TextToTextResult extends WrittenText {
  /** Codes of the languages that a translation is between, as far as they are known. */
  languages?: { source?: string; target?: string };
  /** In the order of the source. Text between the parts was copied. */
  parts: TextToTextPart[];
  /** Of the first sentence that had to be cut inside a clause; all of it was read nevertheless. */
  truncation?: Truncation;
}

/** One sentence, or as much as the model can read at once. */
export interface TextToTextPart {
  /** Where it stands in the text that was given. */
  source: TextRange;
  text: string;
  tokens: GeneratedToken[];
}
