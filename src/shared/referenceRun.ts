import type { Component } from './attention';
import type { NamedToken } from './text';

/** A value of the reference Transformer, by the name of its hook point. */
export interface RecordedPoint {
  /** As TransformerLens calls it: `blocks.0.attn.hook_q`. */
  name: string;
  dims: number[];
  /** Row-major. */
  values: Float32Array;
}

/** A hook point of a model: what can be recorded. */
export interface HookPoint {
  name: string;
  /** Symbolic: `batch`, `tokens`, `heads`, `d_head` … */
  dims: string[];
}

/** What a change inside a model does to what it says of a text. */
export interface Effect {
  /**
   * How each token's probability is had:
   * - `before`: of a decoder, at the position before the token;
   * - `masked`: of a model that fills masks, at the token's own position, with the mask token put in
   *   its place: the terms of the pseudo-log-likelihood (Salazar et al., 2020, "Masked Language Model
   *   Scoring", section 2.1). Where it is seen, the model would only copy it;
   * - `blank`: the text has mask tokens itself, and no token is known there.
   */
  way: 'before' | 'masked' | 'blank';
  /**
   * Probability of the text's tokens that were rated, 0…1, as the model is and as it was changed.
   * Those that the tokenizer added are left out where tokens are masked; of `blank` there are none.
   */
  tokens: { token: number; before: number; after: number }[];
  /**
   * Places of the text that could be compared, or its blanks. Of very many a sample is compared that
   * is spread evenly over the text.
   */
  ratable: number;
  /** Mean of ln(after / before) over the tokens, in nats: below 0 if the change does harm. */
  meanLogChange?: number;
  /**
   * Standard error of that mean over the tokens, in nats, as if they were independent. It tells how
   * far the mean of other tokens of such a text may be off, and nothing of other texts.
   */
  standardError?: number;
  /**
   * Mean Kullback–Leibler divergence of the changed distribution over the vocabulary from the one
   * before, in nats: 0 if nothing depends on what was changed.
   */
  divergence: number;
  /** Where the likeliest tokens are compared: the position with the largest divergence. */
  position: number;
  /** The tokens that are likeliest there before or after, the likeliest before first. */
  top: (NamedToken & { id: number; before: number; after: number })[];
}

/** What a change inside a model does to further pieces of text, measured one by one. */
export interface EffectElsewhere {
  /** Those measured, in the order of the text: the mean over the tokens of each, in nats. */
  pieces: { meanLogChange: number; tokens: number }[];
  /** Pieces that there are; of many a sample is measured that is spread evenly. */
  available: number;
  /** Mean over the pieces, each counting once, in nats. */
  meanLogChange: number;
  /** Standard error of that mean over the pieces, in nats; absent for a single one. */
  standardError?: number;
}

/** What the output layer makes of the residual stream at one depth of a model: the logit lens. */
export interface LensLayer {
  /** The hook point that is read, e.g. `blocks.3.hook_resid_pre`; `logits` is the model's own say. */
  depth: string;
  /** By position of the last stack. */
  positions: {
    /** The likeliest tokens, the likeliest first. */
    best: (NamedToken & { id: number; probability: number })[];
    /** How the token that the model decides for in the end stands here; 1 is the first choice. */
    final: { rank: number; probability: number };
  }[];
}

/**
 * Attention rollout: an estimate, from attention alone, of how much of each token is in each position
 * after the last layer of a stack. It knows neither values nor feed-forward layers. Where tokens see
 * only those before them it favours the first one, whatever the model makes of it.
 */
export interface Rollout {
  component: Component;
  /** Whether tokens see only those before them. */
  causal: boolean;
  tokens: number;
  /** [position][token], 0…1; each row sums to 1. */
  values: Float32Array;
}

/** How far a run of the reference is, in layers. */
export interface LayersDone {
  done: number;
  total: number;
}

/** How many of the pieces of a text were measured. */
export interface PiecesDone {
  done: number;
  total: number;
}
