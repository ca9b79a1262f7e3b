import type { ColorMap } from './colorMap';
import type { Size } from './plotLayout';
import { paint, pool, type ProbabilityGrid } from './probabilityGrid';

/**
 * Draws a grid on a canvas, sharp on every screen: one pixel for each cell, scaled up without
 * smoothing, where cells cover whole device pixels; otherwise pooled to the device's pixels.
 *
 * @param size of the canvas, in CSS pixels
 * @param crisp whether cells cover whole device pixels
 */
export function drawGrid(
  canvas: HTMLCanvasElement,
  grid: ProbabilityGrid,
  size: Size,
  crisp: boolean,
  colors: ColorMap,
): void {
  canvas.width = Math.max(1, Math.round(size.width * devicePixelRatio));
  canvas.height = Math.max(1, Math.round(size.height * devicePixelRatio));
  canvas.style.width = `${size.width}px`;
  canvas.style.height = `${size.height}px`;
  const context = canvas.getContext('2d');
  if (context === null) {
    return;
  }
  const columns = crisp ? grid.columns : canvas.width;
  const rows = crisp ? grid.rows : canvas.height;
  const values = pool(grid, rows, columns);
  const pixels = new ImageData(paint(values, grid.maximum, colors), columns, rows);
  const cells = new OffscreenCanvas(columns, rows);
  cells.getContext('2d')?.putImageData(pixels, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(cells, 0, 0, canvas.width, canvas.height);
}
