import type { Task } from './modelSummary';

/** What the files around the graphs of a model say of it. What they do not say is absent. */
export interface ModelAbout {
  /** Absolute path of the folder. */
  folder: string;
  /** For people. */
  name: string;
  /** `model_type` of config.json. */
  family?: string;
  /** The class of `transformers` that was exported. */
  className?: string;
  task?: Task;
  /** BCP 47 tags of a translation's languages. */
  languages?: { source: string; target: string };
  vocabulary?: number;
  /** Tokens that a stack can see at once. */
  context?: number;
  tokenizer?: TokenizerAbout;
  /** As the folder calls it, e.g. `apache-2.0`. */
  licence?: string;
  /** Absolute path of what its makers say of it, a Markdown document. */
  card?: string;
}

/** A tokenizer at a glance. */
export interface TokenizerAbout {
  /** Its algorithm, as tokenizer.json calls it: `BPE`, `Unigram`, `WordPiece`, `WordLevel`. */
  algorithm: string;
  /** Tokens that it knows, added ones included. */
  tokens: number;
}
