import { GraphBuilder, type NewGraphParts } from '../graph/graphBuilder';
import type { GroupInputs } from './mapStatisticsNames';
import { atLeast, reduced, scalarProducts } from './nodes';

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

/** Where `Pad` is told how much to put behind the keys. */
const BEHIND_KEYS = 7;

/** What is the same for all chunks of a map. */
interface Surroundings {
  /** int64 [8]: what makes pads of a window. */
  ends: string;
  /** Zeros [1, heads, 1, keys] */
  noneReceived: string;
}

/**
 * Goes through the queries of all heads chunk by chunk, so that what is computed on the way stays
 * in the processor's cache: written out for a whole layer, each step would have to go through
 * memory. A chunk is cut out of the map, and filled up to whole tiles, by one `Pad`.
 * @returns the values that `LayerReductions` describes.
 */
export function chunkScan(
  to: GraphBuilder,
  scan: ChunkScan,
): { tiles: string; sums: string; received: string } {
  const around = surroundings(to, scan);
  const { windows, tilePads, queryNumbers } = scan.inputs;
  const chunks = [windows, tilePads, queryNumbers];
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

function surroundings(to: GraphBuilder, { probabilities }: ChunkScan): Surroundings {
  const map = to.add('Shape', [probabilities]);
  const twice = to.add('Concat', [map, map], { axis: { kind: 'int', value: 0 } });
  const oneQuery = to.add('Add', [
    to.add('Mul', [map, to.integers([1, 1, 0, 1])]),
    to.integers([0, 0, 1, 0]),
  ]);
  return {
    ends: to.add('Mul', [twice, to.integers([0, 0, 0, 0, 0, 0, -1, -1])]),
    noneReceived: to.add('ConstantOfShape', [oneQuery]),
  };
}

function body(scan: ChunkScan, around: Surroundings): NewGraphParts {
  const to = new GraphBuilder(scan.name);
  const input = (what: string): string => `${scan.name}.${what}`;
  const [before, window, tilePads] = [input('before'), input('window'), input('tilePads')];
  const queryNumbers = input('queryNumbers');
  const pads = to.add('Add', [window, around.ends]);
  const p = to.cast(to.add('Pad', [scan.probabilities, pads]), 'float32');
  const largest = largestOfKeys(to, p, scan);
  const tiles = to.add('Pad', [reduced(to, 'ReduceMax', largest, 3, scan.opset, 'drop'), tilePads]);
  const figures = [
    entropyOf(to, p),
    maximumOf(to, largest, scan.opset),
    distanceOf(to, p, window, queryNumbers, scan.inputs),
  ];
  const sums = to.add('Concat', figures, { axis: { kind: 'int', value: 3 } });
  // A chunk has fewer keys than the map, or zeros behind them.
  const otherKeys = to.add('Mul', [pads, to.integers([0, 0, 0, 0, 0, 0, 0, -1])]);
  const received = to.add('Pad', [reduced(to, 'ReduceSum', p, 2, scan.opset), otherKeys]);
  const total = to.add('Add', [before, received]);
  return {
    ...to.parts,
    inputs: [
      { name: before, dtype: 'float32', shape: [1, 'heads', 1, 'keys'] },
      { name: window, dtype: 'int64', shape: [8] },
      { name: tilePads, dtype: 'int64', shape: [8] },
      { name: queryNumbers, dtype: 'float32', shape: ['queries', 1] },
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

/** The largest probability of each query in each column of tiles: [1, heads, cells, span, columns]. */
function largestOfKeys(to: GraphBuilder, p: string, { inputs, opset }: ChunkScan): string {
  const tiles = to.add('Reshape', [p, inputs.keyTiles]);
  const largest = reduced(to, 'ReduceMax', tiles, 3, opset, 'drop');
  return to.add('Reshape', [largest, inputs.queryTiles]);
}

/** Σ −p ln p over all cells of each head: [1, heads, 1, 1]. */
function entropyOf(to: GraphBuilder, p: string): string {
  const cells = flat(to, p);
  const logarithms = to.add('Log', [atLeast(to, cells, SMALLEST)]);
  return to.add('Neg', [scalarProducts(to, cells, logarithms)]);
}

/** The largest probabilities of the queries, summed up for each head: [1, heads, 1, 1]. */
function maximumOf(to: GraphBuilder, largest: string, opset: number): string {
  const maxima = reduced(to, 'ReduceMax', largest, 4, opset, 'drop');
  return reduced(to, 'ReduceSum', flat(to, maxima), 3, opset);
}

/** Σ p |query − key| over all cells of each head: [1, heads, 1, 1]. */
function distanceOf(
  to: GraphBuilder,
  p: string,
  window: string,
  queryNumbers: string,
  { keyNumbers }: GroupInputs,
): string {
  const limit = to.add('Gather', [window, to.integers([BEHIND_KEYS])]);
  const keys = to.add('Slice', [keyNumbers, to.integers([0]), limit]);
  const apart = to.add('Abs', [to.add('Sub', [queryNumbers, keys])]);
  return to.add('MatMul', [flat(to, p), to.add('Reshape', [apart, to.integers([-1, 1])])]);
}

/** [1, heads, …] as [1, heads, 1, all the rest]. */
function flat(to: GraphBuilder, value: string): string {
  return to.add('Reshape', [value, to.integers([0, 0, 1, -1])]);
}
