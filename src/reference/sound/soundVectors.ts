import { Failure, phrase } from '../../shared/failure';
import { applyActivation } from '../activations';
import type { ForwardContext } from '../forwardContext';
import { Hooks } from '../hooks';
import { linear } from '../linear';
import { norm } from '../norms';
import type { NormShape } from '../norms';
import type { NormParameters } from '../parameters';
import { axis, add } from '../tensor';
import type { Tensor } from '../tensor';
import { convolution } from './convolution';
import type { NormalizedConvolutionParameters, SoundParameters } from './soundParameters';
import type { SoundInputShape } from './soundShape';
import { transposed } from '../../weights/transposed';

/** Of the norms within the feature encoder. */
const NORM: NormShape = { kind: 'layer', epsilon: 1e-5 };

/**
 * The feature encoder of Wav2Vec 2.0 and the convolution that adds positions: Baevski et al., "wav2vec
 * 2.0: A Framework for Self-Supervised Learning of Speech Representations" (2020), section 2.
 *
 * Points: `hook_embed`, the projected features, and `hook_pos_embed` [batch, tokens, d_model];
 * `ln_embed`, the norm before the first layer.
 *
 * @param samples [batch][samples]
 * @returns [batch, tokens, d_model]
 */
export function soundVectors(
  samples: readonly (readonly number[])[],
  weights: SoundParameters<Float32Array>,
  shape: SoundInputShape,
  context: ForwardContext,
): Tensor {
  const { hooks } = context;
  const features = featureEncoder(samples, weights, shape, context);
  const normed = norm(features, weights.projectionNorm, shape.projectionNorm, Hooks.none);
  const x = hooks.at('hook_embed', linear(normed, weights.projection, context));
  const positions = hooks.at('hook_pos_embed', soundPositions(x, weights, shape, context));
  const y = add(x, positions);
  return weights.norm === undefined || shape.norm === undefined
    ? y
    : norm(y, weights.norm, shape.norm, hooks.within('ln_embed'));
}

/** The fewest samples that make one token. */
export function minSamples({ convolutions }: SoundInputShape): number {
  return convolutions.reduceRight(
    (frames, { kernel, stride }) => (frames - 1) * stride + kernel,
    1,
  );
}

/** Convolutions with norms and activations: samples [batch][samples] → [batch, tokens, channels]. */
function featureEncoder(
  samples: readonly (readonly number[])[],
  weights: SoundParameters<Float32Array>,
  shape: SoundInputShape,
  { kernel }: ForwardContext,
): Tensor {
  const dims = [samples.length, samples[0]?.length ?? 0, 1];
  const sound: Tensor = { dims, data: Float32Array.from(samples.flat()) };
  return shape.convolutions.reduce((x, { kernel: size, stride, norm: kind }, index) => {
    const layer = weights.convolutions[index];
    if (layer === undefined) {
      return x;
    }
    const walk = { kernel: size, stride, padding: 0, groups: 1 };
    const y = convolution(x, layer.weight, layer.bias, walk, kernel);
    return applyActivation(
      layer.norm === undefined
        ? y
        : kind === 'channel'
          ? channelNorm(y, layer.norm)
          : norm(y, layer.norm, NORM, Hooks.none),
      shape.activation,
    );
  }, sound);
}

/**
 * Each channel over time: Wu & He, "Group Normalization" (2018), equation 7, with a group for each
 * channel.
 */
function channelNorm(x: Tensor, { weight, bias }: NormParameters<Float32Array>): Tensor {
  const [batches, frames, channels] = [axis(x, 0), axis(x, 1), axis(x, 2)];
  const overTime = { kind: 'layer', epsilon: NORM.epsilon } as const;
  const data = new Float32Array(x.data.length);
  const ones = { weight: new Float32Array(frames).fill(1) };
  for (let batch = 0; batch < batches; batch++) {
    const start = batch * frames * channels;
    const byChannel = transposed(x.data.slice(start, start + frames * channels), frames, channels);
    const normed = norm({ dims: [channels, frames], data: byChannel }, ones, overTime, Hooks.none);
    data.set(transposed(normed.data, channels, frames), start);
  }
  return {
    dims: x.dims,
    data: data.map((value, i) => value * (weight[i % channels] ?? 1) + (bias?.[i % channels] ?? 0)),
  };
}

/**
 * Relative positions by a convolution over the vectors themselves: section 2 of the paper, "instead of
 * fixed positional embeddings which encode absolute positional information".
 */
function soundPositions(
  x: Tensor,
  { positions }: SoundParameters<Float32Array>,
  { positions: { kernel: size, groups }, activation }: SoundInputShape,
  { kernel }: ForwardContext,
): Tensor {
  const walk = { kernel: size, stride: 1, padding: Math.floor(size / 2), groups };
  const weight = convolutionWeight(positions, size);
  const y = convolution(x, weight, positions.bias, walk, kernel);
  // A kernel of even length makes one frame more than there are.
  const [frames, width] = [axis(x, 1), axis(x, 2)];
  const data = new Float32Array(x.data.length);
  for (let batch = 0; batch < axis(x, 0); batch++) {
    const start = batch * axis(y, 1) * width;
    data.set(y.data.subarray(start, start + frames * width), batch * frames * width);
  }
  return applyActivation({ dims: x.dims, data }, activation);
}

/**
 * Weight normalisation, w = g v/‖v‖, for each step of the kernel: Salimans & Kingma, "Weight
 * Normalization" (2016), equation 2.
 */
function convolutionWeight(
  { weight, length, direction }: NormalizedConvolutionParameters<Float32Array>,
  kernel: number,
): Float32Array {
  if (length === undefined || direction === undefined) {
    if (weight === undefined) {
      throw new Failure({
        kind: 'model',
        what: phrase('The model lacks the weight of the convolution that adds positions'),
        remedy: phrase(
          'export the model again from transformers, so that its weights keep their names',
        ),
      });
    }
    return weight;
  }
  const squares = new Float64Array(kernel);
  direction.forEach((value, i) => {
    squares[i % kernel] = (squares[i % kernel] ?? 0) + value * value;
  });
  return direction.map(
    (value, i) => (value * (length[i % kernel] ?? 0)) / Math.sqrt(squares[i % kernel] ?? 1),
  );
}
