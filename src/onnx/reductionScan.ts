import { GraphAddition } from './graphAddition';
import type { NewGraphParts } from './protoWriter';
import type { GroupInputs } from './reductionNames';
import { castToFloat, largest, rowProducts } from './reductionNodes';

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

/** A whole number of 32 bits, little endian. */
const ONE = Uint8Array.of(1, 0, 0, 0);

/** Scores further than this below the largest of their row have the probability 0 in float32. */
const FAR_BELOW = -1e4;

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
  const { inputs } = scan;
  const [received = '', sums = '', tiles = ''] = to.addNode(
    {
      opType: 'Scan',
      inputs: [noneReceived(to, scan.probabilities), inputs.rows, inputs.counts],
      attributes: {
        body: { kind: 'graph', value: body(scan, keyNumbers(to, scan.probabilities)) },
        num_scan_inputs: { kind: 'int', value: 2 },
      },
    },
    [true, true, true],
  );
  return { tiles, sums, received };
}

/** Zeros [1, heads, 1, keys]. */
function noneReceived(to: GraphAddition, probabilities: string): string {
  const row = to.add('Gather', [probabilities, to.integers([0])], {
    axis: { kind: 'int', value: 2 },
  });
  return to.add('ConstantOfShape', [to.add('Shape', [row])]);
}

/** 0, 1, 2 … as float32 [keys]. */
function keyNumbers(to: GraphAddition, probabilities: string): string {
  const count = to.add('Gather', [to.add('Shape', [probabilities]), to.integers([3])]);
  const one = { kind: 'tensor', value: { dtype: 'int32', dims: [1], bytes: ONE } } as const;
  const numbers = to.add('NonZero', [to.add('ConstantOfShape', [count], { value: one })]);
  return castToFloat(to, to.add('Reshape', [numbers, to.integers([-1])]));
}

function body(
  { name, probabilities, scores, inputs, opset }: ChunkScan,
  keys: string,
): NewGraphParts {
  const to = new GraphAddition(name);
  const [before, rows, counts] = [`${name}.before`, `${name}.rows`, `${name}.counts`];
  // [1, heads, rows, 1, keys]
  const chosen = (value: string): string =>
    castToFloat(to, to.add('Gather', [value, rows], { axis: { kind: 'int', value: 2 } }));
  const p = chosen(probabilities);
  const map = to.add('Reshape', [p, to.integers([0, 0, 0, -1])]);

  const maximum = largest(to, p, [4], true, opset);
  const entropy =
    scores === undefined
      ? entropyOf(to, p)
      : entropyOfScores(to, p, maximum, chosen(scores), opset);
  const distance = rowProducts(to, p, distances(to, rows, keys), 3);
  const perRow = to.add('Concat', [entropy, maximum, distance], {
    axis: { kind: 'int', value: 4 },
  });
  const figures = to.add('Reshape', [perRow, to.integers([0, 0, 0, -1])]);
  const sums = to.add('Reshape', [to.add('MatMul', [counts, figures]), to.integers([-1, 1, 3])]);

  const received = to.add('Add', [before, to.add('MatMul', [counts, map])]);

  // [heads, cells, span, keys] without a dimension of 1: such ONNX Runtime reduces several times
  // slower. The keys go to the front, so that whole lines are gathered and not single numbers.
  const grouped = to.add('Reshape', [p, inputs.cells]);
  const byKey = to.add('Transpose', [largest(to, grouped, [2], false, opset)], {
    perm: { kind: 'ints', value: [2, 0, 1] },
  });
  const columns = to.add('Gather', [byKey, inputs.columns], { axis: { kind: 'int', value: 0 } });
  const tiles = largest(to, columns, [1], false, opset);

  return {
    ...to.parts,
    inputs: [
      { name: before, dtype: 'float32', shape: [1, 'heads', 1, 'keys'] },
      { name: rows, dtype: 'int64', shape: ['rows', 1] },
      { name: counts, dtype: 'float32', shape: [1, 'rows'] },
    ],
    // ONNX Runtime wants to know their shapes, and cannot tell them itself in older versions of
    // the operators.
    outputs: [
      { name: received, dtype: 'float32', shape: [1, 'heads', 1, 'keys'] },
      { name: sums, dtype: 'float32', shape: ['heads', 1, 3] },
      { name: tiles, dtype: 'float32', shape: ['columns', 'heads', 'cells'] },
    ],
  };
}

/** −Σ p ln p of each row. */
function entropyOf(to: GraphAddition, p: string): string {
  const logarithms = to.add('Log', [to.add('Max', [p, to.number(SMALLEST)])]);
  return to.add('Neg', [rowProducts(to, p, logarithms, 5)]);
}

/**
 * The same without a logarithm for each cell, which takes longer than all the rest together. For
 * p = exp(s) / Z and the largest score m, whose probability is exp(m) / Z, it is
 *
 *     ln p = s − m + ln max p     and so     −Σ p ln p = −ln max p − Σ p (s − m).
 *
 * Rows of zeros, which come of scores that are all −∞, have the entropy 0.
 */
function entropyOfScores(
  to: GraphAddition,
  p: string,
  maximum: string,
  scores: string,
  opset: number,
): string {
  const below = to.add('Sub', [scores, largest(to, scores, [4], true, opset)]);
  const finite = to.add('Max', [below, to.number(FAR_BELOW)]);
  const ofMaximum = to.add('Log', [to.add('Max', [maximum, to.number(SMALLEST)])]);
  const negative = to.add('Add', [ofMaximum, rowProducts(to, p, finite, 5)]);
  return to.add('Where', [
    to.add('Greater', [maximum, to.number(0)]),
    to.add('Neg', [negative]),
    to.number(0),
  ]);
}

/** |query − key| as [rows, 1, keys]. */
function distances(to: GraphAddition, rows: string, keys: string): string {
  const distance = to.add('Abs', [to.add('Sub', [castToFloat(to, rows), keys])]);
  return to.add('Reshape', [distance, to.integers([0, 1, -1])]);
}
