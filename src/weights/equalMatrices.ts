import { Failure } from '../shared/failure';
import type { Matrix, MatrixValues } from './matrix';
import { firstBlock, sample, sampleBlocks, transposedNumbers } from './matrixSamples';

/**
 * Matrices of so many elements are compared. Smaller ones, such as tables of relative positions, cost
 * little where they are stored twice, and may be equal without being one.
 */
const LEAST_ELEMENTS = 256;

/** Matrices of the same sizes that are compared at most: what is beyond them counts as different. */
const MOST_MATRICES = 8192;

/** Matrices that are read from at once. */
const AT_ONCE = 16;

/** Of the places of two matrices, of which integers stand for one at least, so many must agree. */
const MOST_PLACES = 0.95;

/** What rounding twice may add to the rounding of each. */
const SLACK = 1.001;

/**
 * Groups of matrices with equal elements: one matrix, or it and its transpose, in whatever types they are
 * stored.
 *
 * Those of the same sizes are compared at places that the sizes decide: in a block of 8 × 8 elements, and
 * where this agrees at 1,024 places, in 16 blocks; smaller ones at every place. Two floats agree if they
 * are as near to each other as the rounding of both to their types allows, and all must; of integers
 * half a step each is allowed, and 95 % must agree, since quantisers cut off the largest. Matrices
 * whose numbers differ by no more than that among themselves, such as zeros, equal none.
 *
 * Tables of the sines and cosines of positions equal none either: they are computed, so that each stack of
 * a model has its own with the same elements. Nor does a matrix that cannot be read.
 *
 * @returns groups of two and more, each in the order given, as are the groups.
 */
export async function equalMatrices<M extends Matrix>(matrices: readonly M[]): Promise<M[][]> {
  const bySizes = new Map<string, M[]>();
  for (const matrix of matrices) {
    const { rows, columns } = matrix;
    const key = `${Math.min(rows, columns)} × ${Math.max(rows, columns)}`;
    const alike = bySizes.get(key) ?? [];
    bySizes.set(key, alike);
    if (rows * columns >= LEAST_ELEMENTS && alike.length < MOST_MATRICES) {
      alike.push(matrix);
    }
  }
  const groups: M[][] = [];
  for (const alike of bySizes.values()) {
    if (alike.length > 1) {
      groups.push(...(await groupsOf(alike)));
    }
  }
  const order = new Map(matrices.map((matrix, index) => [matrix, index]));
  const place = (matrix: M | undefined): number => (matrix && order.get(matrix)) ?? 0;
  return groups
    .map((group) => group.sort((a, b) => place(a) - place(b)))
    .sort(([a], [b]) => place(a) - place(b));
}

/** A matrix, and what a block of it has, in the orientation with no more rows than columns. */
interface Candidate<M> {
  matrix: M;
  block: MatrixValues;
  /** Mean of the block, which that of the transpose also has, and how far rounding may move it. */
  mean: number;
  reach: number;
}

async function groupsOf<M extends Matrix>(alike: readonly M[]): Promise<M[][]> {
  const candidates: Candidate<M>[] = [];
  for (let start = 0; start < alike.length; start += AT_ONCE) {
    const some = alike.slice(start, start + AT_ONCE).map((matrix) => candidateOf(matrix));
    candidates.push(...(await Promise.all(some)).filter((each) => each !== undefined));
  }
  candidates.sort((a, b) => a.mean - b.mean);
  const reach = candidates.reduce((most, each) => Math.max(most, each.reach), 0);
  const groups: { first: Candidate<M>; members: M[] }[] = [];
  for (const candidate of candidates) {
    let isFound = false;
    for (let at = groups.length - 1; at >= 0 && !isFound; at--) {
      const group = groups[at];
      if (group === undefined || group.first.mean < candidate.mean - candidate.reach - reach) {
        break;
      }
      isFound = await areEqual(group.first, candidate);
      if (isFound) {
        group.members.push(candidate.matrix);
      }
    }
    if (!isFound) {
      groups.push({ first: candidate, members: [candidate.matrix] });
    }
  }
  const several = groups.filter(({ members }) => members.length > 1);
  const computed = await Promise.all(several.map(({ first }) => isOfPositions(first.matrix)));
  return several.filter((_, index) => computed[index] === false).map(({ members }) => members);
}

/** @returns undefined for a matrix whose numbers there are all alike, and for one that cannot be read. */
async function candidateOf<M extends Matrix>(matrix: M): Promise<Candidate<M> | undefined> {
  const { rows, columns } = matrix;
  const isTall = rows > columns;
  const place = isTall ? firstBlock(columns, rows) : firstBlock(rows, columns);
  const block = await unlessUnreadable(() => sample(matrix, [place], isTall));
  return block === undefined || isUniform(block)
    ? undefined
    : { matrix, block, mean: mean(block.values), reach: mean(block.errors) + SMALLEST };
}

/** What adding the numbers of a block in another order may move its mean. */
const SMALLEST = 1e-9;

async function areEqual(one: Candidate<Matrix>, other: Candidate<Matrix>): Promise<boolean> {
  const [a, b] = [one.matrix, other.matrix];
  const isExact = !a.isQuantized && !b.isQuantized;
  const isSquare = a.rows === a.columns;
  const side = Math.sqrt(other.block.values.length);
  const turned = isSquare ? transposedNumbers(other.block, side, side) : other.block;
  const ways = isSquare ? [false, true] : [a.rows !== b.rows];
  for (const isTransposed of ways) {
    const block = isSquare && isTransposed ? turned : other.block;
    if (agree(one.block, block, isExact) && (await agreeAtLarge(a, b, isTransposed, isExact))) {
      return true;
    }
  }
  return false;
}

async function agreeAtLarge(
  a: Matrix,
  b: Matrix,
  isTransposed: boolean,
  isExact: boolean,
): Promise<boolean> {
  const blocks = sampleBlocks(a.rows, a.columns, isTransposed);
  const [ofA, ofB] = await Promise.all([
    unlessUnreadable(() => sample(a, blocks, false)),
    unlessUnreadable(() => sample(b, blocks, isTransposed)),
  ]);
  return ofA !== undefined && ofB !== undefined && agree(ofA, ofB, isExact);
}

/** Whether numbers are equal, as {@link equalMatrices} says. */
function agree(a: MatrixValues, b: MatrixValues, isExact: boolean): boolean {
  const all = a.values.length;
  let left = isExact ? 0 : Math.floor((1 - MOST_PLACES) * all);
  for (let i = 0; i < all; i++) {
    const difference = Math.abs((a.values[i] ?? NaN) - (b.values[i] ?? NaN));
    const allowed = SLACK * ((a.errors[i] ?? 0) + (b.errors[i] ?? 0));
    // NaN equals nothing.
    if (!(difference <= allowed) && --left < 0) {
      return false;
    }
  }
  return !isUniform(a) && !isUniform(b);
}

/** Whether numbers differ from their mean by no more than rounding allows. */
function isUniform({ values, errors }: MatrixValues): boolean {
  const middle = mean(values);
  return !(mean(values.map((value) => Math.abs(value - middle))) > mean(errors));
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** No model is wider. */
const WIDEST_POSITIONS = 2 ** 16;

/** Of a computed table of positions: the first row has as many sines of 0 as cosines of 0, and no more. */
async function isOfPositions(matrix: Matrix): Promise<boolean> {
  const row = { row: 0, column: 0, height: 1, width: matrix.columns };
  const first =
    matrix.columns <= WIDEST_POSITIONS
      ? await unlessUnreadable(() => sample(matrix, [row], false))
      : undefined;
  if (first === undefined) {
    return false;
  }
  const { values, errors } = first;
  const isNear = (number: number) => (value: number, i: number) =>
    Math.abs(value - number) <= 2 * (errors[i] ?? 0);
  const zeros = values.filter(isNear(0)).length;
  const ones = values.filter(isNear(1)).length;
  return zeros + ones === values.length && Math.abs(zeros - ones) <= 1;
}

/** What is wrong with the weights of a file is said where they are needed. */
async function unlessUnreadable(
  read: () => Promise<MatrixValues>,
): Promise<MatrixValues | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Failure || error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}
