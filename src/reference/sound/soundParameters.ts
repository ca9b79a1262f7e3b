import type { LinearParameters, NormParameters } from '../parameters';

/** weight [outputs, inputs, kernel], bias [outputs] */
export interface ConvolutionParameters<P> {
  weight: P;
  bias?: P;
  norm?: NormParameters<P>;
}

/** The parameters that turn sound into vectors. */
export interface SoundParameters<P> {
  convolutions: ConvolutionParameters<P>[];
  projectionNorm: NormParameters<P>;
  projection: LinearParameters<P>;
  positions: NormalizedConvolutionParameters<P>;
  norm?: NormParameters<P>;
}

/**
 * A convolution whose weight is a length [1, 1, kernel] times a direction [outputs, inputs, kernel].
 * Exported files have their product instead.
 */
export interface NormalizedConvolutionParameters<P> {
  weight?: P;
  length?: P;
  direction?: P;
  bias: P;
}
