import type { Matrix, MatrixValues } from './matrix';
import { transposed } from './transposed';

/** Elements of a matrix that lie side by side. */
export interface Block {
  row: number;
  column: number;
  height: number;
  width: number;
}

/** Places of a matrix of any size that are compared. */
const SAMPLE = 1024;

/** Sides of the blocks that a sample is of. They are squares where the other matrix may be the transpose. */
const SIDE = 8;
const STRETCH = 64;

/** A block of 8 × 8 elements somewhere in a matrix [rows, columns], on the diagonal of a square one. */
export function firstBlock(rows: number, columns: number): Block {
  const place = seeded(rows, columns);
  const block = someBlock(place, { rows, columns }, SIDE, SIDE);
  return rows === columns ? { ...block, column: block.row } : block;
}

/**
 * 16 blocks of a matrix [rows, columns], which are 1,024 elements together; all of a matrix that has no more.
 * @param isSquare whether they are squares of 8 × 8, rather than stretches of 64 elements of a row.
 */
export function sampleBlocks(rows: number, columns: number, isSquare: boolean): Block[] {
  if (rows * columns <= SAMPLE) {
    return [{ row: 0, column: 0, height: rows, width: columns }];
  }
  const [height, width] = isSquare ? [SIDE, SIDE] : [1, STRETCH];
  const place = seeded(rows, columns);
  return Array.from({ length: SAMPLE / (height * width) }, () =>
    someBlock(place, { rows, columns }, height, width),
  );
}

function someBlock(
  place: () => number,
  { rows, columns }: { rows: number; columns: number },
  mostRows: number,
  mostColumns: number,
): Block {
  const height = Math.min(mostRows, rows);
  const width = Math.min(mostColumns, columns);
  return {
    row: Math.floor(place() * (rows - height + 1)),
    column: Math.floor(place() * (columns - width + 1)),
    height,
    width,
  };
}

/**
 * The elements of blocks, each row-major, one behind the other.
 * @param isTransposed whether the blocks are of the transpose of the matrix.
 */
export async function sample(
  matrix: Matrix,
  blocks: readonly Block[],
  isTransposed: boolean,
): Promise<MatrixValues> {
  const read = await Promise.all(
    blocks.map(({ row, column, height, width }) =>
      isTransposed
        ? block(matrix, { row: column, column: row, height: width, width: height }).then((found) =>
            transposedNumbers(found, width, height),
          )
        : block(matrix, { row, column, height, width }),
    ),
  );
  return joined(read);
}

async function block(matrix: Matrix, { row, column, height, width }: Block): Promise<MatrixValues> {
  const rows = Array.from({ length: height }, (_, i) => matrix.read(row + i, column, width));
  return joined(await Promise.all(rows));
}

/** The numbers of a square block as those of its transpose. */
export function transposedNumbers(
  { values, errors }: MatrixValues,
  rows: number,
  columns: number,
): MatrixValues {
  return {
    values: transposed(values, rows, columns),
    errors: transposed(errors, rows, columns),
  };
}

function joined(parts: readonly MatrixValues[]): MatrixValues {
  const length = parts.reduce((sum, { values }) => sum + values.length, 0);
  const values = new Float32Array(length);
  const errors = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    errors.set(part.errors, at);
    at += part.values.length;
  }
  return { values, errors };
}

/** Numbers from 0 up to 1, the same for the same sizes: a linear congruential generator of 32 bits. */
function seeded(rows: number, columns: number): () => number {
  let state = (Math.imul(rows, 0x9e3779b1) ^ columns) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
