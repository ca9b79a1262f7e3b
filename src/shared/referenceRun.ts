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
   * Probability of each token of the text, 0…1, as the model is and as it was changed. A decoder
   * gives it at the position before the token, an encoder at its own. Tokens without one are left
   * out.
   */
  tokens: { token: number; before: number; after: number }[];
  /** Mean of ln(after / before) over the tokens, in nats: below 0 if the change does harm. */
  meanLogChange: number;
  /**
   * Mean Kullback–Leibler divergence of the changed distribution over the vocabulary from the one
   * before, in nats: 0 if nothing depends on what was changed.
   */
  divergence: number;
  /** Where the likeliest tokens are compared: the last position, or the one that changed most. */
  position: number;
  /** The tokens that are likeliest there before or after, the largest change first. */
  top: (NamedToken & { id: number; before: number; after: number })[];
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

/** How much of each token is in each position after the last layer of a stack: attention rollout. */
export interface Rollout {
  component: Component;
  tokens: number;
  /** [position][token], 0…1; each row sums to 1. */
  values: Float32Array;
}

/** How far a run of the reference is, in layers. */
export interface LayersDone {
  done: number;
  total: number;
}
