import { cellsOf } from './thumbnails';

/** How the maps of one size are gone through inside a graph: what its inputs are fed. */
export interface ReductionPlan {
  /** Tiles at most on each side. */
  size: number;
  /** Columns of a map. */
  keys: number;
  /** Chunks, rows of tiles in a chunk, queries in a row of tiles. */
  chunks: number;
  cells: number;
  span: number;
  /** [chunks × cells × span]: queries; short cells repeat their last, and short chunks the last cell. */
  rows: BigInt64Array;
  /** [chunks × cells × span]: 1 where a query comes first, 0 where it is a repeat. */
  counts: Float32Array;
  /** Columns of tiles, keys in a column. */
  columns: number;
  columnSpan: number;
  /** [columns × columnSpan]: keys; short columns repeat their last. */
  columnKeys: BigInt64Array;
  /** [marks]: cells of a map, row by row: queries on themselves, then on the position before. */
  marks: BigInt64Array;
  /** [2 × marks]: 1 in the first row for the first ones, 1 in the second row for the others. */
  weights: Float32Array;
}

/** Of one map: rows, columns, and how many tiles there are on each side at most. */
export interface MapSize {
  heads: number;
  queries: number;
  keys: number;
}

/**
 * Size of the chunks that a layer's maps are gone through in, all heads of some queries. What is
 * computed of a chunk should fit into a processor's second-level cache a few times, and yet be
 * large beside the effort of starting each step.
 */
const CHUNK_BYTES = 2 * 2 ** 20;

/**
 * Plans the reduction of maps to tiles and sums. The tiles' cells are those of `thumbnails`.
 * @param size tiles at most on each side, at least 1.
 */
export function planReduction(
  { heads, queries, keys }: MapSize,
  size: number,
  chunkBytes = CHUNK_BYTES,
): ReductionPlan {
  const rowCells = membersOf(cellsOf(queries, Math.min(queries, size)));
  const columnCells = membersOf(cellsOf(keys, Math.min(keys, size)));
  const span = longest(rowCells);
  const columnSpan = longest(columnCells);
  const cellBytes = heads * span * keys * Float32Array.BYTES_PER_ELEMENT;
  const inChunk = Math.max(1, Math.min(rowCells.length, Math.floor(chunkBytes / cellBytes)));
  const chunks = Math.ceil(rowCells.length / inChunk);
  const rows: number[] = [];
  const counts: number[] = [];
  for (let cell = 0; cell < chunks * inChunk; cell++) {
    const members = rowCells[cell] ?? [];
    const last = (rowCells[cell] ?? rowCells.at(-1) ?? []).at(-1) ?? 0;
    for (let i = 0; i < span; i++) {
      rows.push(members[i] ?? last);
      counts.push(members[i] === undefined ? 0 : 1);
    }
  }
  const own = range(Math.min(queries, keys)).map((query) => query * keys + query);
  const previous = range(Math.max(0, Math.min(queries - 1, keys))).map(
    (key) => (key + 1) * keys + key,
  );
  return {
    size,
    keys,
    chunks,
    cells: inChunk,
    span,
    rows: BigInt64Array.from(rows, BigInt),
    counts: Float32Array.from(counts),
    columns: columnCells.length,
    columnSpan,
    columnKeys: BigInt64Array.from(
      columnCells.flatMap((members) =>
        range(columnSpan).map((i) => BigInt(members[i] ?? members.at(-1) ?? 0)),
      ),
    ),
    marks: BigInt64Array.from([...own, ...previous], BigInt),
    weights: Float32Array.from([
      ...own.map(() => 1),
      ...previous.map(() => 0),
      ...own.map(() => 0),
      ...previous.map(() => 1),
    ]),
  };
}

/** Positions by the cell that they fall into. */
function membersOf(cellOf: Uint32Array): number[][] {
  const members: number[][] = [];
  cellOf.forEach((cell, position) => {
    (members[cell] ??= []).push(position);
  });
  return members;
}

function longest(lists: readonly (readonly number[])[]): number {
  return Math.max(1, ...lists.map(({ length }) => length));
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
