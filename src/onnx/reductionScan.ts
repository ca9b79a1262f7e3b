import { GraphAddition } from './graphAddition';
import type { NewGraphParts } from './protoWriter';
import type { GroupInputs } from './reductionNames';
import { castToFloat, atLeast, reduced, scalarProducts } from './reductionNodes';

/** What a scan over the chunks of a map takes. */
export interface ChunkScan {
  /** What the names of all values inside begin with. */
  name: string;
  /** [1, heads, queries, keys] */
  probabilities: string;
  inputs: GroupInputs;
  opset: number;
}

/**
 * The smallest number of full precision in float32. In place of 0 it keeps p ln p = 0, and in place
 * of what is smaller still, it changes less than 1e-36.
 */
const SMALLEST = 2 ** -126;

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

function body(scan: ChunkScan, around: Surroundings): NewGraphParts {
  const to = new GraphAddition(scan.name);
  const input = (what: string): string => `${scan.name}.${what}`;
  const [before, start, end] = [input('before'), input('start'), input('end')];
  const tileRows = input('tileRows');
  const chunk: Chunk = {
    start,
    end,
    limit: to.add('Gather', [end, to.integers([1])]),
    tileRows,
    p: castToFloat(to, to.add('Slice', [scan.probabilities, start, end, to.integers([2, 3])])),
  };
  const sums = sumsOf(to, chunk, around, scan.opset);
  const received = reduced(to, 'ReduceSum', chunk.p, 2, scan.opset);
  const total = to.add('Add', [before, completed(to, received, chunk, around.noneReceived, 3)]);
  const tiles = tilesOf(to, chunk, around, scan);
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

/** What is looked at in one go, and what the scan is fed of it. */
interface Chunk {
  start: string;
  end: string;
  tileRows: string;
  /** int64 [1]: the keys that are looked at. */
  limit: string;
  /** Probabilities [1, heads, rows, limit] */
  p: string;
}

/** Sums over the rows, of their entropy, maximum and expected distance: [1, heads, 1, 3]. */
function sumsOf(
  to: GraphAddition,
  { start, end, limit, p }: Chunk,
  { queryNumbers, keyNumbers }: Surroundings,
  opset: number,
): string {
  const cells = flat(to, p);
  const logarithms = to.add('Log', [atLeast(to, cells, SMALLEST, opset)]);
  const entropy = to.add('Neg', [scalarProducts(to, cells, logarithms)]);
  const maxima = reduced(to, 'ReduceMax', p, 3, opset);
  const maximum = reduced(to, 'ReduceSum', maxima, 2, opset);
  const queries = to.add('Slice', [queryNumbers, start, end, to.integers([0, 1])]);
  const keys = to.add('Slice', [keyNumbers, to.integers([0]), limit]);
  const apart = to.add('Abs', [to.add('Sub', [queries, keys])]);
  const distance = to.add('MatMul', [cells, to.add('Reshape', [apart, to.integers([-1, 1])])]);
  return to.add('Concat', [entropy, maximum, distance], { axis: { kind: 'int', value: 3 } });
}

/** The largest probability of each tile: [1, heads, cells, columns]. */
function tilesOf(
  to: GraphAddition,
  chunk: Chunk,
  { noTiles }: Surroundings,
  { inputs, opset }: ChunkScan,
): string {
  const largest = (value: string, axis: number): string =>
    reduced(to, 'ReduceMax', value, axis, opset, 'drop');
  const rows = to.add('Gather', [chunk.p, chunk.tileRows], { axis: { kind: 'int', value: 2 } });
  // The keys go to the front, so that whole lines are gathered and not single numbers.
  const byKey = to.add('Transpose', [largest(rows, 3)], {
    perm: { kind: 'ints', value: [3, 0, 1, 2] },
  });
  const keys = completed(to, byKey, chunk, noTiles, 0);
  const columns = to.add('Gather', [keys, inputs.columns], { axis: { kind: 'int', value: 0 } });
  return to.add('Transpose', [largest(columns, 1)], {
    perm: { kind: 'ints', value: [1, 2, 3, 0] },
  });
}

/** With zeros in place of the keys that a chunk leaves out. */
function completed(
  to: GraphAddition,
  value: string,
  { limit }: Chunk,
  zeros: string,
  axis: number,
): string {
  const rest = to.add('Slice', [zeros, limit, to.integers([END]), to.integers([axis])]);
  return to.add('Concat', [value, rest], { axis: { kind: 'int', value: axis } });
}

/** [1, heads, rows, keys] as [1, heads, 1, rows × keys]. */
function flat(to: GraphAddition, value: string): string {
  return to.add('Reshape', [value, to.integers([0, 0, 1, -1])]);
}
