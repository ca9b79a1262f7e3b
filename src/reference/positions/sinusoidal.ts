import type { Tensor } from '../tensor';

/**
 * How sines and cosines are laid out, and which wavelengths they have:
 * - `interleaved`: the paper's; index 2i is the sine and 2i + 1 the cosine of pos / 10000^(2i/d);
 * - `halves`: the same, all sines before all cosines (Marian, PEGASUS);
 * - `tensor2tensor`: halves too, but of pos / 10000^(i/(d/2 − 1)), so that the last wavelength is
 *   10000·2π (fairseq, M2M100).
 */
export type SinusoidForm = 'interleaved' | 'halves' | 'tensor2tensor';

/**
 * Positional encoding: "Attention Is All You Need" (2017), section 3.5,
 * PE(pos, 2i) = sin(pos / 10000^(2i/d)), PE(pos, 2i+1) = cos(pos / 10000^(2i/d)).
 *
 * @param positions the number of each position
 * @param width d, the width of the model
 * @returns [positions, width]
 */
export function sinusoidalPositions(
  positions: readonly number[],
  width: number,
  form: SinusoidForm = 'interleaved',
): Tensor {
  const data = new Float32Array(positions.length * width);
  positions.forEach((position, row) => {
    for (let column = 0; column < width; column++) {
      data[row * width + column] = sinusoid(position, column, width, form);
    }
  });
  return { dims: [positions.length, width], data };
}

function sinusoid(position: number, column: number, width: number, form: SinusoidForm): number {
  const sines = form === 'tensor2tensor' ? Math.floor(width / 2) : Math.ceil(width / 2);
  const isSine = form === 'interleaved' ? column % 2 === 0 : column < sines;
  const pair = form === 'interleaved' ? Math.floor(column / 2) : column % sines;
  if (form === 'tensor2tensor' && column >= 2 * sines) {
    return 0;
  }
  const exponent = form === 'tensor2tensor' ? pair / (sines - 1) : (2 * pair) / width;
  const angle = position / 10_000 ** exponent;
  return isSine ? Math.sin(angle) : Math.cos(angle);
}
