import { GraphAddition } from './graphAddition';
import type { NewGraphParts } from './protoWriter';
import type { GroupInputs } from './reductionNames';
import { castToFloat, clipped, reduced, scalarProducts } from './reductionNodes';

/** What a scan over the chunks of a map takes. */
export interface ChunkScan {
  /** What the names of all values inside begin with. */
  name: string;
  /** [1, heads, queries, keys] */
  probabilities: string;
  /** What the probabilities are the Softmax of, in the same form, where that is known. */
  scores: string | undefined;
  inputs: GroupInputs;
  opset: number;
}

/**
 * The smallest number of full precision in float32. In place of 0 it keeps p ln p = 0, and in place
 * of what is smaller still, it changes less than 1e-36.
 */
const SMALLEST = 2 ** -126;

/** Scores further than this below the largest of their row have the probability 0 in float32. */
const FAR_BELOW = 1e4;

/** Larger than any score, and less than ∞. */
const LARGE = 1e38;

/** Further than any axis goes. */
const END = 2 ** 31;

/** A whole number of 32 bits, little endian. */
const ONE = Uint8Array.of(1, 0, 0, 0);

/** What is the same for all chunks of a map. */
interface Surroundings {
  /** 0, 1, 2 … as float32 [queries, 1] */
  queryNumbers: string;
  /** 0, 1, 2 … as float32 [keys] */
  keyNumbers: string;
  /** Zeros [1, heads, 1, keys] */
  noneReceived: string;
  /** Zeros [keys, 1, heads, rows of tiles in a chunk] */
  noTiles: string;
}

/**
 * Goes through the queries of all heads chunk by chunk, so that what is computed on the way stays
 * in the processor's cache: written out for a whole layer, each step would have to go through
 * memory.
 * @returns the values that `LayerReductions` describes.
 */
export function chunkScan(
  to: GraphAddition,
  scan: ChunkScan,
): { tiles: string; sums: string; received: string } {
  const around = surroundings(to, scan);
  const { starts, ends, tileRows } = scan.inputs;
  const chunks = [starts, ends, tileRows];
  const [received = '', sums = '', tiles = ''] = to.addNode(
    {
      opType: 'Scan',
      inputs: [around.noneReceived, ...chunks],
      attributes: {
        body: { kind: 'graph', value: body(scan, around) },
        num_scan_inputs: { kind: 'int', value: chunks.length },
      },
    },
    [true, true, true],
  );
  return { tiles, sums, received };
}

function surroundings(to: GraphAddition, { probabilities, inputs }: ChunkScan): Surroundings {
  const map = to.add('Shape', [probabilities]);
  const chunks = to.add('Shape', [inputs.tileRows]);
  const size = (shape: string, axis: number): string =>
    to.add('Gather', [shape, to.integers([axis])]);
  const zeros = (...sizes: string[]): string =>
    to.add('ConstantOfShape', [to.add('Concat', sizes, { axis: { kind: 'int', value: 0 } })]);
  const value = { dtype: 'int32', dims: [1], bytes: ONE } as const;
  const numbers = (count: string, form: readonly number[]): string => {
    const ones = to.add('ConstantOfShape', [count], { value: { kind: 'tensor', value } });
    return castToFloat(to, to.add('Reshape', [to.add('NonZero', [ones]), to.integers(form)]));
  };
  const [one, heads, keys] = [to.integers([1]), size(map, 1), size(map, 3)];
  return {
    queryNumbers: numbers(size(map, 2), [-1, 1]),
    keyNumbers: numbers(keys, [-1]),
    noneReceived: zeros(one, heads, one, keys),
    noTiles: zeros(keys, one, heads, size(chunks, 1)),
  };
}

function body(
  { name, probabilities, scores, inputs, opset }: ChunkScan,
  around: Surroundings,
): NewGraphParts {
  const to = new GraphAddition(name);
  const input = (what: string): string => `${name}.${what}`;
  const [before, start, end] = [input('before'), input('start'), input('end')];
  const tileRows = input('tileRows');
  const limit = to.add('Gather', [end, to.integers([1])]);
  const chunk = (value: string): string =>
    castToFloat(to, to.add('Slice', [value, start, end, to.integers([2, 3])]));
  /** With zeros in place of the keys that the chunk leaves out. */
  const completed = (value: string, none: string, axis: number): string => {
    const rest = to.add('Slice', [none, limit, to.integers([END]), to.integers([axis])]);
    return to.add('Concat', [value, rest], { axis: { kind: 'int', value: axis } });
  };

  const p = chunk(probabilities);
  const cells = flat(to, p);
  const maximum = reduced(to, 'ReduceMax', p, [3], true, opset);
  const maxima = flat(to, maximum);
  const sees = to.add('Sign', [maxima]);
  const entropy =
    scores === undefined
      ? entropyOf(to, cells, opset)
      : entropyOfScores(to, cells, { maxima, sees }, chunk(scores), opset);
  const own = to.add('Slice', [around.queryNumbers, start, end, to.integers([0, 1])]);
  const others = to.add('Slice', [around.keyNumbers, to.integers([0]), limit]);
  const apart = to.add('Abs', [to.add('Sub', [own, others])]);
  const distance = to.add('MatMul', [cells, to.add('Reshape', [apart, to.integers([-1, 1])])]);
  const sums = to.add('Concat', [entropy, scalarProducts(to, maxima, sees), distance], {
    axis: { kind: 'int', value: 3 },
  });

  const received = reduced(to, 'ReduceSum', p, [2], true, opset);
  const total = to.add('Add', [before, completed(received, around.noneReceived, 3)]);

  // The keys go to the front, so that whole lines are gathered and not single numbers.
  const rows = to.add('Gather', [p, tileRows], { axis: { kind: 'int', value: 2 } });
  const byKey = to.add('Transpose', [reduced(to, 'ReduceMax', rows, [3], false, opset)], {
    perm: { kind: 'ints', value: [3, 0, 1, 2] },
  });
  const columns = to.add('Gather', [completed(byKey, around.noTiles, 0), inputs.columns], {
    axis: { kind: 'int', value: 0 },
  });
  const byColumn = reduced(to, 'ReduceMax', columns, [1], false, opset);
  const tiles = to.add('Transpose', [byColumn], { perm: { kind: 'ints', value: [1, 2, 3, 0] } });

  return {
    ...to.parts,
    inputs: [
      { name: before, dtype: 'float32', shape: [1, 'heads', 1, 'keys'] },
      { name: start, dtype: 'int64', shape: [2] },
      { name: end, dtype: 'int64', shape: [2] },
      { name: tileRows, dtype: 'int64', shape: ['cells', 'span'] },
    ],
    // ONNX Runtime wants to know their shapes, and cannot tell them itself in older versions of
    // the operators.
    outputs: [
      { name: total, dtype: 'float32', shape: [1, 'heads', 1, 'keys'] },
      { name: sums, dtype: 'float32', shape: [1, 'heads', 1, 3] },
      { name: tiles, dtype: 'float32', shape: [1, 'heads', 'cells', 'columns'] },
    ],
  };
}

/** [1, heads, rows, keys] as [1, heads, 1, rows × keys]. */
function flat(to: GraphAddition, value: string): string {
  return to.add('Reshape', [value, to.integers([0, 0, 1, -1])]);
}

/** −Σ p ln p of each head. */
function entropyOf(to: GraphAddition, p: string, opset: number): string {
  const logarithms = to.add('Log', [clipped(to, p, { least: SMALLEST }, opset)]);
  return to.add('Neg', [scalarProducts(to, p, logarithms)]);
}

/**
 * The same without a logarithm for each cell, which takes longer than all the rest together. For
 * p = exp(s) / Z and the largest score m of a row, whose probability is exp(m) / Z, it is
 *
 *     ln p = s − m + ln max p     and so     −Σ p ln p = Σ p (m − s) − ln max p.
 *
 * Rows of zeros, which come of scores that are all −∞, have the entropy 0.
 *
 * @param p flat, like the others but for the scores, which are [1, heads, rows, keys].
 * @param rows of each row its largest probability, and 1, or 0 for a row of zeros.
 */
function entropyOfScores(
  to: GraphAddition,
  p: string,
  rows: { maxima: string; sees: string },
  scores: string,
  opset: number,
): string {
  const largest = reduced(to, 'ReduceMax', scores, [3], true, opset);
  // −∞ must not be taken from −∞: what comes of that is no number.
  const below = to.add('Sub', [clipped(to, largest, { least: -LARGE }, opset), scores]);
  const finite = clipped(to, below, { most: FAR_BELOW }, opset);
  const logarithms = to.add('Log', [clipped(to, rows.maxima, { least: SMALLEST }, opset)]);
  return to.add('Sub', [
    scalarProducts(to, p, flat(to, finite)),
    scalarProducts(to, logarithms, rows.sees),
  ]);
}
