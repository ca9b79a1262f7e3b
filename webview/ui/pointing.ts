import { useState } from 'preact/hooks';
import type { GridPosition } from './gridMovement';

/** A cell, a whole row, a whole column or nothing. */
export interface Cells {
  row?: number | undefined;
  column?: number | undefined;
}

/** A whole row or column that something outside the map points at. */
export interface MarkedLine extends Cells {
  /** What there is to say of it. */
  readout: string;
}

/** What is pointed at in a grid. */
export interface Pointed {
  /** The cell under the pointer. */
  hovered?: GridPosition | undefined;
  /** Comes after the pointer's cell. */
  line?: MarkedLine | undefined;
  /** The keyboard's cell, which comes last. */
  cursor?: GridPosition | undefined;
}

/** What is pointed at, and how to point at something else. */
export interface Pointing extends Pointed {
  hover: (cell: GridPosition | undefined) => void;
  mark: (line: MarkedLine | undefined) => void;
  moveCursor: (cell: GridPosition | undefined) => void;
}

/**
 * Keeps what is pointed at in a grid, until another one takes its place.
 *
 * @param grid the grid on screen
 * @param start where the keyboard's cell is at first, if it lies in the grid
 */
export function usePointing(
  grid: { rows: number; columns: number },
  start: GridPosition | undefined,
): Pointing {
  const [latest, setLatest] = useState<Pointed & { of?: object }>({});
  const of = (pointed: Pointed & { of?: object }): Pointed =>
    pointed.of === grid ? pointed : { cursor: start && contains(grid, start) ? start : undefined };
  const change = (part: Pointed): void =>
    setLatest((before) => ({ ...of(before), ...part, of: grid }));
  const now = of(latest);
  return {
    ...now,
    hover: (hovered) => {
      if (hovered?.row !== now.hovered?.row || hovered?.column !== now.hovered?.column) {
        change({ hovered });
      }
    },
    mark: (line) => change({ line }),
    moveCursor: (cursor) => change({ cursor, hovered: undefined }),
  };
}

/** The cell, row or column that is brought out; empty if there is none. */
export function shownBy({ hovered, line, cursor }: Pointed): Cells {
  return hovered ?? line ?? cursor ?? {};
}

export function contains(
  { rows, columns }: { rows: number; columns: number },
  { row, column }: GridPosition,
): boolean {
  return row >= 0 && column >= 0 && row < rows && column < columns;
}
