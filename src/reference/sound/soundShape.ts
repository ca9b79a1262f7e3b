import type { Activation } from '../activations';
import type { NormShape } from '../norms';

/** A convolution of the feature encoder. */
export interface ConvolutionShape {
  inputs: number;
  outputs: number;
  kernel: number;
  stride: number;
  bias: boolean;
  /** `channel`: each channel over time, by group norm with a group for each; `layer`: each frame. */
  norm: 'channel' | 'layer' | 'none';
}

/** How sound becomes vectors: the feature encoder of Wav2Vec 2.0. */
export interface SoundInputShape {
  kind: 'sound';
  convolutions: readonly ConvolutionShape[];
  activation: Activation;
  /** Of the projection from the last convolution to the width of the layers. */
  projectionNorm: NormShape;
  /** The convolution that adds positions. */
  positions: { kernel: number; groups: number };
  /** Of the vectors with positions, before the first layer. */
  norm?: NormShape;
}
