import type { Hooks } from './hooks';
import type { NormParameters } from './parameters';
import { axis } from './tensor';
import type { Tensor } from './tensor';

/** Which norm, and what keeps it from dividing by zero. */
export interface NormShape {
  kind: 'layer' | 'rms';
  epsilon: number;
}

/**
 * The box "Norm" of the paper's Figure 1, at every position:
 * - layer norm, (x − mean) / √(variance + ε) · weight + bias: Ba, Kiros & Hinton, "Layer
 *   Normalization" (2016), equation 4;
 * - RMS norm, x / √(mean of x² + ε) · weight: Zhang & Sennrich, "Root Mean Square Layer
 *   Normalization" (2019), equation 4.
 *
 * Points: `hook_scale`, what is divided by [batch, tokens, 1]; `hook_normalized`, the result.
 *
 * @param x [batch, tokens, width]
 */
export function norm(
  x: Tensor,
  { weight, bias }: NormParameters<Float32Array>,
  shape: NormShape,
  hooks: Hooks,
): Tensor {
  const width = axis(x, -1);
  const means = shape.kind === 'layer' ? rowMeans(x) : undefined;
  const scale = hooks.at('hook_scale', scales(x, means, shape.epsilon));
  const data = new Float32Array(x.data.length);
  for (let row = 0; row < scale.data.length; row++) {
    const mean = means?.[row] ?? 0;
    const divisor = scale.data[row] ?? 1;
    for (let i = 0; i < width; i++) {
      const centred = (x.data[row * width + i] ?? 0) - mean;
      data[row * width + i] = (centred / divisor) * (weight[i] ?? 1) + (bias?.[i] ?? 0);
    }
  }
  return hooks.at('hook_normalized', { dims: x.dims, data });
}

/** √(mean of (x − mean)² + ε) of each row, [batch, tokens, 1]. */
function scales(x: Tensor, means: Float64Array | undefined, epsilon: number): Tensor {
  const width = axis(x, -1);
  const data = new Float32Array(x.data.length / width);
  for (let row = 0; row < data.length; row++) {
    const mean = means?.[row] ?? 0;
    let squares = 0;
    for (let i = row * width; i < (row + 1) * width; i++) {
      squares += ((x.data[i] ?? 0) - mean) ** 2;
    }
    data[row] = Math.sqrt(squares / width + epsilon);
  }
  return { dims: [...x.dims.slice(0, -1), 1], data };
}

function rowMeans(x: Tensor): Float64Array {
  const width = axis(x, -1);
  const means = new Float64Array(x.data.length / width);
  for (let row = 0; row < means.length; row++) {
    let total = 0;
    for (let i = 0; i < width; i++) {
      total += x.data[row * width + i] ?? 0;
    }
    means[row] = total / width;
  }
  return means;
}
