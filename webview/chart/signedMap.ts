import type { Rgba } from './color';
import { colorCount, type ColorMap } from './colorMap';

/** The colours of both signs: what is below 0 in a hue of its own. Both start at that of 0. */
export interface SignedColors {
  positive: ColorMap;
  negative: ColorMap;
  /** What is no number or infinite. */
  notFinite: Rgba;
}

/**
 * Paints numbers of both signs, in equal steps.
 *
 * @param scale the size of a number that gets the last colour
 * @returns red, green, blue and alpha of each number
 */
export function paintSigned(
  values: Float32Array,
  scale: number,
  { positive, negative, notFinite: { red, green, blue } }: SignedColors,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * values.length);
  values.forEach((value, index) => {
    if (Number.isFinite(value)) {
      const share = scale > 0 ? Math.min(1, Math.abs(value) / scale) : 0;
      const color = 3 * Math.round(share * (colorCount - 1));
      const colors = value < 0 ? negative : positive;
      pixels.set(colors.subarray(color, color + 3), 4 * index);
    } else {
      pixels.set([red * 255, green * 255, blue * 255], 4 * index);
    }
    pixels[4 * index + 3] = 255;
  });
  return pixels;
}
