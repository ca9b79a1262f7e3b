import type { VNode } from 'preact';
import type { Size } from '../chart/plotLayout';
import type { Cells } from './pointing';

/** The lines around the row, the column and the cell that are brought out. */
export function Crosshair({ row, column, cell }: Cells & { cell: Size }): VNode {
  const top = row === undefined ? '' : `${row * cell.height - 1}px`;
  const left = column === undefined ? '' : `${column * cell.width - 1}px`;
  const [height, width] = [`${cell.height}px`, `${cell.width}px`];
  const isCell = row !== undefined && column !== undefined;
  return (
    <>
      <div class="crosshair row" hidden={row === undefined} style={{ top, height }} />
      <div class="crosshair column" hidden={column === undefined} style={{ left, width }} />
      <div class="crosshair cell" hidden={!isCell} style={{ top, left, height, width }} />
    </>
  );
}
