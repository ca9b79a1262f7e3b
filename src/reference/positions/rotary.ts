import { axis } from '../tensor';
import type { Tensor } from '../tensor';

/** How fast queries and keys turn, and how that is stretched for longer texts. */
export interface RotaryShape {
  /** Base of the wavelengths; 10,000 in the paper. */
  theta: number;
  scaling?: RotaryScaling;
}

export type RotaryScaling =
  /** All angles divided by a factor: Chen et al., "Extending Context Window … via Positional
   * Interpolation" (2023), equation 4. */
  | { kind: 'linear'; factor: number }
  /** Long wavelengths are stretched, short ones stay, and those between are mixed: Llama 3.1,
   * `apply_scaling` of meta-llama/llama-models. */
  | {
      kind: 'llama3';
      factor: number;
      lowFrequencyFactor: number;
      highFrequencyFactor: number;
      originalContext: number;
    };

/**
 * Rotary positions: pairs of elements turn by an angle that grows with the position, so that the dot
 * product of query and key depends on their distance. Su et al., "RoFormer: Enhanced Transformer with
 * Rotary Position Embedding" (2021), section 3.2.2; element i is paired with i + half the head, as
 * GPT-NeoX and Llama have it in `transformers`.
 *
 * @param x queries or keys [batch, tokens, heads, d_head]
 */
export function applyRotary(x: Tensor, shape: RotaryShape): Tensor {
  const [tokens, heads, size] = [axis(x, 1), axis(x, 2), axis(x, 3)];
  const half = size / 2;
  const frequencies = rotaryFrequencies(size, shape);
  const data = new Float32Array(x.data.length);
  for (let start = 0; start < data.length; start += size) {
    const position = Math.floor(start / (heads * size)) % tokens;
    for (let i = 0; i < half; i++) {
      // In float32, as models are trained: at far positions the angle's rounding shows.
      const angle = Math.fround(position * (frequencies[i] ?? 0));
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      const [a, b] = [x.data[start + i] ?? 0, x.data[start + half + i] ?? 0];
      data[start + i] = a * cosine - b * sine;
      data[start + half + i] = b * cosine + a * sine;
    }
  }
  return { dims: x.dims, data };
}

/** Angles per position of each pair of elements: θ^(−2i/d), [d_head / 2], scaled. */
export function rotaryFrequencies(size: number, { theta, scaling }: RotaryShape): Float32Array {
  return Float32Array.from({ length: size / 2 }, (_, i) =>
    scaledFrequency(theta ** ((-2 * i) / size), scaling),
  );
}

function scaledFrequency(frequency: number, scaling: RotaryScaling | undefined): number {
  if (scaling === undefined) {
    return frequency;
  }
  const stretched = frequency / scaling.factor;
  if (scaling.kind === 'linear') {
    return stretched;
  }
  const { lowFrequencyFactor: low, highFrequencyFactor: high, originalContext } = scaling;
  const turns = (originalContext * frequency) / (2 * Math.PI);
  const kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
  return (1 - kept) * stretched + kept * frequency;
}
