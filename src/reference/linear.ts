import type { MatrixKernel } from './kernel/matrixKernel';
import type { LinearParameters } from './parameters';
import { axis, rows } from './tensor';
import type { Tensor } from './tensor';

/**
 * A linear layer: x Wᵀ + b at every position.
 * @param x [..., in]
 * @param weights weight [out, in], bias [out]
 * @returns [..., out]
 */
export function linear(
  x: Tensor,
  { weight, bias }: LinearParameters<Float32Array>,
  kernel: MatrixKernel,
): Tensor {
  const inputs = axis(x, -1);
  const outputs = weight.length / inputs;
  const positions = x.data.length / inputs;
  const data = kernel.product(x.data, weight, positions, inputs, outputs);
  const y = { dims: [...x.dims.slice(0, -1), outputs], data };
  return bias === undefined ? y : plusBias(y, bias);
}

/** Adds a vector [width] at every position of [..., width]. */
export function plusBias({ dims, data }: Tensor, bias: Float32Array): Tensor {
  const y = { dims, data: data.slice() };
  for (const row of rows(y)) {
    for (let i = 0; i < row.length; i++) {
      row[i] = (row[i] ?? 0) + (bias[i] ?? 0);
    }
  }
  return y;
}
