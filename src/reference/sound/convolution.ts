import type { MatrixKernel } from '../kernel/matrixKernel';
import { addBias } from '../linear';
import { axis } from '../tensor';
import type { Tensor } from '../tensor';

/** How a convolution walks over time. */
export interface ConvolutionOptions {
  kernel: number;
  stride: number;
  /** Zeros before the first frame and behind the last one. */
  padding: number;
  /** Parts of the channels that do not see each other. */
  groups: number;
}

/**
 * A convolution over time, as a product of matrices: each row of the first is what the kernel covers.
 * @param x [batch, frames, inputs]
 * @param weight [outputs, inputs / groups, kernel]
 * @param bias [outputs]
 * @returns [batch, frames, outputs]
 */
export function convolution(
  x: Tensor,
  weight: Float32Array,
  bias: Float32Array | undefined,
  walk: ConvolutionOptions,
  kernel: MatrixKernel,
): Tensor {
  const { groups } = walk;
  const [batches, inputs] = [axis(x, 0), axis(x, 2)];
  const covered = (inputs / groups) * walk.kernel;
  const ofGroup = weight.length / covered / groups;
  const frames = outputFrames(axis(x, 1), walk);
  const outputs = groups * ofGroup;
  const data = new Float32Array(batches * frames * outputs);
  for (let group = 0; group < groups; group++) {
    const size = ofGroup * covered;
    const result = kernel.product(
      patches(x, group, frames, walk),
      weight.subarray(group * size, (group + 1) * size),
      batches * frames,
      covered,
      ofGroup,
    );
    for (let row = 0; row < batches * frames; row++) {
      const from = result.subarray(row * ofGroup, (row + 1) * ofGroup);
      data.set(from, row * outputs + group * ofGroup);
    }
  }
  const y = { dims: [batches, frames, outputs], data };
  return bias === undefined ? y : addBias(y, bias);
}

/** How many frames a convolution makes of so many. */
export function outputFrames(
  frames: number,
  { kernel, stride, padding }: ConvolutionOptions,
): number {
  return Math.floor((frames + 2 * padding - kernel) / stride) + 1;
}

/** What the kernel covers at each step of a group, [batch · frames, inputs of the group, kernel]. */
function patches(x: Tensor, group: number, frames: number, walk: ConvolutionOptions): Float32Array {
  const { kernel, stride, padding, groups } = walk;
  const [batches, before, inputs] = [axis(x, 0), axis(x, 1), axis(x, 2)];
  const channels = inputs / groups;
  const data = new Float32Array(batches * frames * channels * kernel);
  for (let row = 0; row < batches * frames; row++) {
    const batch = Math.floor(row / frames);
    const first = (row % frames) * stride - padding;
    for (let channel = 0; channel < channels; channel++) {
      for (let i = 0; i < kernel; i++) {
        const frame = first + i;
        if (frame >= 0 && frame < before) {
          data[(row * channels + channel) * kernel + i] =
            x.data[(batch * before + frame) * inputs + group * channels + channel] ?? 0;
        }
      }
    }
  }
  return data;
}
