import type { ForwardContext } from './forwardContext';
import { fakeQuantize } from './fakeQuantize';
import type { LinearParameters } from './parameters';
import { axis, rows } from './tensor';
import type { Tensor } from './tensor';

/**
 * A linear layer: x Wᵀ + b at every position. Where the run is to round as the graph does, and the graph
 * rounds what this weight is multiplied with, x is rounded first.
 * @param x [..., in]
 * @param weights weight [out, in], bias [out]
 * @returns [..., out]
 */
export function linear(
  x: Tensor,
  { weight, bias, input }: LinearParameters<Float32Array>,
  { kernel, rounding }: Pick<ForwardContext, 'kernel' | 'rounding'>,
): Tensor {
  const inputs = axis(x, -1);
  const outputs = weight.length / inputs;
  const positions = x.data.length / inputs;
  const isRounded = input === 'dynamic' || (input !== undefined && rounding?.all === true);
  const rounded = isRounded && rounding !== undefined ? fakeQuantize(x, rounding) : x;
  const data = kernel.product(rounded.data, weight, positions, inputs, outputs);
  const y = { dims: [...x.dims.slice(0, -1), outputs], data };
  return bias === undefined ? y : addBias(y, bias);
}

/** Adds a vector [width] at every position of [..., width]. */
export function addBias({ dims, data }: Tensor, bias: Float32Array): Tensor {
  const y = { dims, data: data.slice() };
  for (const row of rows(y)) {
    for (let i = 0; i < row.length; i++) {
      row[i] = (row[i] ?? 0) + (bias[i] ?? 0);
    }
  }
  return y;
}
