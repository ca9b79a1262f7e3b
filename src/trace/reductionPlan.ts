import { cellsOf } from './thumbnails';

/** How the maps of one size are gone through inside a graph: what its inputs are fed. */
export interface ReductionPlan {
  /** Tiles at most on each side. */
  size: number;
  chunks: number;
  /** [chunks × 2]: a chunk's first query, and 0, the first key. */
  starts: BigInt64Array;
  /** [chunks × 2]: the query behind a chunk's last, and the key behind the last that is looked at. */
  ends: BigInt64Array;
  /** Rows of tiles in a chunk, queries in a row of tiles. */
  cells: number;
  span: number;
  /**
   * [chunks × cells × span]: queries, counted from the chunk's first. Short cells repeat their last,
   * and short chunks their last cell.
   */
  tileRows: BigInt64Array;
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
 * @param isCausal whether no query attends to keys behind its own: then nearly half of a map is not
 *   looked at. The last query's own key is the last one.
 */
export function planReduction(
  { heads, queries, keys }: MapSize,
  size: number,
  isCausal: boolean,
  chunkBytes = CHUNK_BYTES,
): ReductionPlan {
  const rowCells = membersOf(cellsOf(queries, Math.min(queries, size)));
  const columnCells = membersOf(cellsOf(keys, Math.min(keys, size)));
  const span = longest(rowCells);
  const columnSpan = longest(columnCells);
  const cellBytes = heads * span * keys * Float32Array.BYTES_PER_ELEMENT;
  const most = Math.max(1, Math.floor(chunkBytes / cellBytes));
  const cells = Math.ceil(rowCells.length / Math.ceil(rowCells.length / most));
  const chunks = chunksOf(rowCells, cells);
  const limitOf = ({ to }: Chunk): number =>
    isCausal ? Math.max(1, Math.min(keys, to + keys - queries)) : keys;
  const own = range(Math.min(queries, keys)).map((query) => query * keys + query);
  const previous = range(Math.max(0, Math.min(queries - 1, keys))).map(
    (key) => (key + 1) * keys + key,
  );
  return {
    size,
    chunks: chunks.length,
    starts: integers(chunks.flatMap(({ from }) => [from, 0])),
    ends: integers(chunks.flatMap((chunk) => [chunk.to, limitOf(chunk)])),
    cells,
    span,
    tileRows: integers(
      chunks.flatMap(({ from, cells: own }) =>
        range(cells).flatMap((cell) => repeated(nth(own, cell), span).map((query) => query - from)),
      ),
    ),
    columns: columnCells.length,
    columnSpan,
    columnKeys: integers(columnCells.flatMap((members) => repeated(members, columnSpan))),
    marks: integers([...own, ...previous]),
    weights: Float32Array.from([
      ...own.map(() => 1),
      ...previous.map(() => 0),
      ...own.map(() => 0),
      ...previous.map(() => 1),
    ]),
  };
}

/** Queries that are looked at together. */
interface Chunk {
  from: number;
  /** Behind the last one. */
  to: number;
  /** The queries of each row of tiles. */
  cells: readonly (readonly number[])[];
}

/** @param count rows of tiles in a chunk; the last one may have fewer. */
function chunksOf(rowCells: readonly (readonly number[])[], count: number): Chunk[] {
  return range(Math.ceil(rowCells.length / count)).map((chunk) => {
    const cells = rowCells.slice(chunk * count, (chunk + 1) * count);
    return { from: cells[0]?.[0] ?? 0, to: (cells.at(-1)?.at(-1) ?? 0) + 1, cells };
  });
}

/** The members of a list, the last one so often that there are `length`. */
function repeated(members: readonly number[], length: number): number[] {
  return range(length).map((index) => nth(members, index));
}

/** The member at an index, or the last one. */
function nth<T>(members: readonly T[], index: number): T {
  return members[Math.min(index, members.length - 1)] as T;
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

function integers(values: readonly number[]): BigInt64Array {
  return BigInt64Array.from(values, BigInt);
}
