import { axisLabels, labelLength, type AxisLabels } from './axisLabels';
import { cellSize, type Size } from './plotLayout';
import type { ProbabilityGrid } from './probabilityGrid';

/** A grid with the labels of its axes. */
export interface LabelledGrid extends ProbabilityGrid {
  rowLabels: readonly string[];
  columnLabels: readonly string[];
}

/** How a map is laid out, in CSS pixels. */
export interface MapLayout {
  cell: Size;
  /** All cells together. */
  plot: Size;
  /** Width of the labels before the rows. */
  left: number;
  /** Height of the labels above the columns. */
  top: number;
  rows: AxisLabels;
  columns: AxisLabels;
}

/**
 * Lays out a map with its axes and its colour bar.
 *
 * @param room what all of it may take, in CSS pixels; the height may be infinite
 * @param above height of what stands above the labels of the columns, in CSS pixels
 * @param font that of the labels
 */
export function layOutMap(
  grid: LabelledGrid,
  room: Size,
  above: number,
  font: Pick<CSSStyleDeclaration, 'fontSize' | 'fontFamily'>,
): MapLayout {
  const left = labelLength(grid.rowLabels, 'rows', font, {
    least: 48,
    most: Math.max(64, Math.min(140, room.width * 0.25)),
  });
  const top = labelLength(grid.columnLabels, 'columns', font, { least: 24, most: 88 });
  const cell = cellSize(
    {
      width: Math.max(40, room.width - left - titleWidth),
      height: Math.max(240, room.height - above - top - restHeight),
    },
    grid,
    devicePixelRatio,
  );
  return {
    cell,
    plot: { width: cell.width * grid.columns, height: cell.height * grid.rows },
    left,
    top,
    rows: axisLabels(grid.rowLabels, 'rows', cell.height),
    columns: axisLabels(grid.columnLabels, 'columns', cell.width),
  };
}

/** CSS pixels of the row axis' title. */
export const titleWidth = 16;

/** CSS pixels of the colour bar with all gaps. */
const restHeight = 48;
