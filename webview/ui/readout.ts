import * as l10n from '@vscode/l10n';
import type { LabelledGrid } from '../chart/mapLayout';
import { isMasked } from '../chart/probabilityGrid';
import { formatProbability } from './numbers';
import { shownBy, type Cells, type Pointed } from './pointing';

/** The words that differ from grid to grid. */
export interface GridWords {
  /** Names the map to a screen reader. */
  title: string;
  rowTitle: string;
  columnTitle: string;
  /** What a cell says. */
  readout: (row: string, column: string, value: string) => string;
  /** Shown while nothing is pointed at. */
  hint: string;
}

/** A grid with all that is said of it. */
export interface DescribedGrid extends LabelledGrid, GridWords {
  /** How the readout names the rows and columns. */
  rowNames: readonly string[];
  columnNames: readonly string[];
  /** What lines that are marked from outside may have to say. */
  lineReadouts: readonly string[];
}

/** What is said of what is pointed at, or how to point. */
export function readoutOf(grid: DescribedGrid, pointed: Pointed): string {
  const { row, column } = shownBy(pointed);
  if (row === undefined || column === undefined) {
    return pointed.line?.readout ?? grid.hint;
  }
  const value = valueAt(grid, { row, column });
  const [query, key] = [grid.rowNames[row] ?? '', grid.columnNames[column] ?? ''];
  return value === undefined
    ? maskedReadout(query, key)
    : grid.readout(query, key, formatProbability(value));
}

function maskedReadout(query: string, key: string): string {
  return l10n.t('“{0}” cannot see “{1}”, which comes later', query, key);
}

/** The value of a cell; undefined if it is masked, or none. */
export function valueAt(grid: DescribedGrid, { row, column }: Cells): number | undefined {
  return row === undefined || column === undefined || isMasked(grid, row, column)
    ? undefined
    : (grid.values[row * grid.columns + column] ?? 0);
}

/** Of all sorts of readouts of a grid the longest one. */
export function longestReadouts({
  hint,
  readout,
  rowNames,
  columnNames,
  lineReadouts,
}: DescribedGrid): string[] {
  const [row, column] = [longest(rowNames), longest(columnNames)];
  return [
    hint,
    readout(row, column, formatProbability(0)),
    maskedReadout(row, column),
    longest(lineReadouts),
  ];
}

function longest(texts: readonly string[]): string {
  return texts.reduce((longer, text) => (text.length > longer.length ? text : longer), '');
}
