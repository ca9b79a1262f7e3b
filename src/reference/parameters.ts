import type { InputRounding } from '../weights/productInputs';

/*
 * The parameters of each block, as trees: first of specs (P = ParameterSpec), which cost nothing,
 * and of elements (P = Float32Array) while a layer runs.
 */

/** weight [out, in], bias [out] */
export interface LinearParameters<P> {
  weight: P;
  bias?: P;
  /** How the graph that the weight is from rounds what it is multiplied with. */
  input?: InputRounding;
}

/** weight and bias [width]; RMS norm has no bias. */
export interface NormParameters<P> {
  weight: P;
  bias?: P;
}

/** The Linear boxes of Figure 2 (right) of the paper: W^Q, W^K, W^V and W^O of all heads. */
export interface AttentionParameters<P> {
  query: LinearParameters<P>;
  key: LinearParameters<P>;
  value: LinearParameters<P>;
  output: LinearParameters<P>;
}

/** W₁ (`up`) and W₂ (`down`) of section 3.3 of the paper. */
export interface FeedForwardParameters<P> {
  gate?: LinearParameters<P>;
  up: LinearParameters<P>;
  down: LinearParameters<P>;
}

/** A sublayer and the norm of its "Add & Norm". */
export interface NormedSublayer<P, Sublayer> {
  sublayer: Sublayer;
  norm: NormParameters<P>;
}

/** One of the N layers of the encoder or, with cross attention, of the decoder. */
export interface LayerParameters<P> {
  attention: NormedSublayer<P, AttentionParameters<P>>;
  crossAttention?: NormedSublayer<P, AttentionParameters<P>>;
  feedForward: NormedSublayer<P, FeedForwardParameters<P>>;
}

/** What turns ids into vectors. */
export interface EmbeddingParameters<P> {
  /** [vocabulary, width] */
  tokens: P;
  /** Learned positions [rows, width]; or sinusoids, where the file has a table of them. */
  positions?: P;
  /** [types, width] */
  tokenTypes?: P;
  norm?: NormParameters<P>;
  /** From the width of the embeddings to that of the layers. */
  projection?: LinearParameters<P>;
}

/** What turns the last layer's vectors into logits. */
export interface UnembeddingParameters<P> {
  transform?: { dense: LinearParameters<P>; norm: NormParameters<P> };
  output: LinearParameters<P>;
}
