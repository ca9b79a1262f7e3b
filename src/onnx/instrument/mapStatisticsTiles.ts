import type { GraphBuilder } from '../graph/graphBuilder';
import { atLeast, reduced } from './nodes';

/** In place of 0 as a divisor. */
const SMALL = 1e-30;

/**
 * Tiles in 8 bits, each head's by its own maximum, as `thumbnails` has them.
 * @param tiles [chunks, 1, heads, cells, columns]
 * @returns the values that `LayerReductions` describes.
 */
export function roundedTiles(
  to: GraphBuilder,
  tiles: string,
  opset: number,
): { tiles: string; peaks: string } {
  const byHead = to.add('Transpose', [tiles], { perm: { kind: 'ints', value: [1, 2, 0, 3, 4] } });
  const ofHead = to.add('Reshape', [byHead, to.integers([0, 0, 1, -1])]);
  const peaks = reduced(to, 'ReduceMax', ofHead, 3, opset);
  const scale = to.add('Div', [to.number(255), atLeast(to, peaks, SMALL)]);
  // The cast drops what lies behind the point.
  const rounded = to.add('Add', [to.add('Mul', [ofHead, scale]), to.number(0.5)]);
  return { tiles: to.cast(rounded, 'uint8'), peaks };
}
