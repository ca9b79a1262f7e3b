import type { Thumbnails } from '../../src/shared/attention';
import type { ColorMap } from './colorMap';
import { drawGrid } from './gridCanvas';

/**
 * Paints one of a site's thumbnails.
 *
 * @param map which of them: a head, or the one behind the heads, which is their mean
 * @param causal whether a query cannot see the keys behind it
 * @param side of the thumbnail, in CSS pixels
 */
export function paintThumbnail(
  canvas: HTMLCanvasElement,
  { rows, columns, values }: Thumbnails,
  map: number,
  causal: boolean,
  side: number,
  colors: ColorMap,
): void {
  const grid = {
    rows,
    columns,
    values: values.subarray(map * rows * columns, (map + 1) * rows * columns),
    maximum: 255,
    causal,
  };
  drawGrid(canvas, grid, { width: side, height: side }, false, colors);
}
