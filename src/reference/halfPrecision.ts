import type { Tensor } from './tensor';

/** The largest number of float16. */
const LARGEST = 65504;

/** Exponent of the smallest normal number, and bits of the fraction (IEEE 754, binary16). */
const LEAST_EXPONENT = -14;
const FRACTION_BITS = 10;

/** The elements rounded to the nearest of float16; what is too large becomes the largest. */
export function toHalfPrecision({ dims, data }: Tensor): Tensor {
  return { dims, data: data.map(nearestHalf) };
}

/** The nearest float16, half to even. */
export function nearestHalf(value: number): number {
  if (!Number.isFinite(value) || value === 0) {
    return value;
  }
  const exponent = Math.max(LEAST_EXPONENT, Math.floor(Math.log2(Math.abs(value))));
  const step = 2 ** (exponent - FRACTION_BITS);
  const steps = value / step;
  const below = Math.floor(steps);
  const part = steps - below;
  const nearest = part < 0.5 || (part === 0.5 && below % 2 === 0) ? below : below + 1;
  return Math.min(LARGEST, Math.max(-LARGEST, nearest * step));
}
