import { tilingOf } from './thumbnails';

/** The inputs of a graph that reduces maps of one size chunk by chunk. */
export interface ReductionPlan {
  chunks: number;
  /** Queries of a chunk; the last chunk may extend beyond the map. */
  queries: number;
  /**
   * [chunks × 8]: the pads that cut a chunk out of the map, as the operator `Pad` takes them: begins of
   * the four dimensions, then ends; negative ones crop. The ends of queries and keys are counted from the
   * start of the map, because only the graph knows its size.
   */
  windows: BigInt64Array;
  /** [chunks × 8]: pads around a chunk's tiles, so that all chunks have the same number of columns. */
  tilePads: BigInt64Array;
  /** [chunks × queries]: indices of the queries of each chunk. */
  queryNumbers: Float32Array;
  /** Indices of the keys, as many as the tiles can hold. */
  keyNumbers: Float32Array;
  /** [4]: the shape of a chunk with each row cut into the keys of its tiles, as `Reshape` takes it. */
  keyTiles: BigInt64Array;
  /** [5]: the shape of the result, with the rows cut into the queries of each tile. */
  queryTiles: BigInt64Array;
  /** Rows of tiles in a chunk, and in the map. */
  cells: number;
  rows: number;
  /** Columns of tiles. */
  columns: number;
  /** [marks]: cells of a map, row by row: queries on themselves, then on the position before. */
  marks: BigInt64Array;
  /** [2 × marks]: 1 in the first row for the first ones, 1 in the second row for the others. */
  weights: Float32Array;
}

/** Heads, rows and columns of a layer's maps. */
export interface MapSize {
  heads: number;
  queries: number;
  keys: number;
}

/**
 * Size of a chunk: all heads of some queries. The intermediate results of a chunk should fit into a
 * processor's last-level cache, and computing them should take long beside starting an operator (about ten
 * microseconds).
 */
const CHUNK_BYTES = 4 * 2 ** 20;

/**
 * Plans the reduction of maps to tiles (the cells of `thumbnails`) and sums. All chunks have one size, and so
 * have all tiles; they may extend beyond the map, where they are filled with zeros.
 * @param size tiles at most on each side, at least 1.
 * @param isCausal whether no query attends to later keys: then nearly half of a map is skipped. The last
 *   query's own key is the last one.
 */
export function planReduction(
  { heads, queries, keys }: MapSize,
  size: number,
  isCausal: boolean,
  chunkBytes = CHUNK_BYTES,
): ReductionPlan {
  const rowTiling = tilingOf(queries, size);
  const columnTiling = tilingOf(keys, size);
  const cellBytes = heads * rowTiling.span * keys * Float32Array.BYTES_PER_ELEMENT;
  const most = Math.max(1, Math.floor(chunkBytes / cellBytes));
  const cells = Math.ceil(rowTiling.cells / Math.ceil(rowTiling.cells / most));
  const chunkQueries = cells * rowTiling.span;
  const starts = range(Math.ceil(rowTiling.cells / cells)).map((chunk) => chunk * chunkQueries);
  /** Columns of tiles that a chunk's queries may attend to. */
  const columnsOf = (start: number): number => {
    const seen = start + chunkQueries + keys - queries;
    const needed = Math.max(1, Math.ceil(seen / columnTiling.span));
    return isCausal ? Math.min(needed, columnTiling.cells) : columnTiling.cells;
  };
  return {
    chunks: starts.length,
    queries: chunkQueries,
    windows: integers(
      starts.flatMap((start) => {
        const limit = columnsOf(start) * columnTiling.span;
        return [0, 0, -start, 0, 0, 0, start + chunkQueries, limit];
      }),
    ),
    tilePads: integers(
      starts.flatMap((start) => [0, 0, 0, 0, 0, 0, 0, columnTiling.cells - columnsOf(start)]),
    ),
    queryNumbers: Float32Array.from(range(starts.length * chunkQueries)),
    keyNumbers: Float32Array.from(range(columnTiling.cells * columnTiling.span)),
    keyTiles: integers([0, 0, -1, columnTiling.span]),
    queryTiles: integers([0, 0, cells, rowTiling.span, -1]),
    cells,
    rows: rowTiling.cells,
    columns: columnTiling.cells,
    ...markedCells(queries, keys),
  };
}

function markedCells(queries: number, keys: number): Pick<ReductionPlan, 'marks' | 'weights'> {
  const own = range(Math.min(queries, keys)).map((query) => query * keys + query);
  const previous = range(Math.max(0, Math.min(queries - 1, keys))).map(
    (key) => (key + 1) * keys + key,
  );
  return {
    marks: integers([...own, ...previous]),
    weights: Float32Array.from([
      ...own.map(() => 1),
      ...previous.map(() => 0),
      ...own.map(() => 0),
      ...previous.map(() => 1),
    ]),
  };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

function integers(values: readonly number[]): BigInt64Array {
  return BigInt64Array.from(values, BigInt);
}
