import type { Component } from './attention';

/** What Headlight ships a model for. */
export type Task = 'complete' | 'translate' | 'summarize' | 'fillMask';

/** Which model to use: the one in a folder, or the one that Headlight ships for a task. */
export type ModelChoice = { folder: string } | { bundled: Task };

/**
 * Languages to translate between, by any code for them or their names; what is absent is as the model
 * has it.
 */
export interface RequestedLanguages {
  source?: string;
  target?: string;
}

/** A language that a model has. */
export interface ModelLanguage {
  /** As the model writes it: `fr`, `fra_Latn`, `fr_XX`. */
  code: string;
  /** BCP 47 tag; absent where the code is none that is known. */
  tag?: string;
}

/** What is known of an opened model. */
export interface ModelSummary {
  name: string;
  folder: string;
  /** `model_type` of config.json. */
  family: string;
  /** Layers of each stack that the model has. */
  layers: Partial<Record<Component, number>>;
  /** Attention heads of a layer. */
  heads: number;
  vocabulary: number;
  /** Tokens the model can see at once. */
  context: number;
  /** The graphs' files, relative to the folder. */
  files: string[];
  keyValueCache: boolean;
  /** What a decoder without an output layer returns in place of logits: it can be traced, but not write. */
  instead?: string;
  /** Languages that it can be told to translate between; absent where it cannot be told. */
  languages?: {
    /** Empty where it need not be told. */
    sources: ModelLanguage[];
    targets: ModelLanguage[];
    /** Code of the one that it takes when no target is named; absent where it has to be named. */
    defaultTarget?: string;
    /** Whether it reads every text in a language; T5 also reads texts for other tasks. */
    always: boolean;
  };
}
