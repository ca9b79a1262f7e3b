import type { Change, NamedChange } from './change';
import { EXTREMES } from './extremes';
import { block, fieldsOf, LENGTH, withField } from './messages';
import type { FieldPlace, Way } from './messages';
import type { Random } from './random';

/** Field numbers of `onnx.proto`. */
const MODEL_GRAPH = 7;
const MODEL_FUNCTION = 25;
const NODE_OPERATOR = 4;
const FUNCTION = { name: 1, node: 7 } as const;
const GRAPH = { node: 1, initializer: 5, input: 11 } as const;
const NODE = { input: 1, output: 2 } as const;
const TENSOR = { dim: 1, name: 8 } as const;
const VALUE_NAME = 1;

/** What makes a graph that no exporter writes, in messages that are sound. */
export const GRAPH_CHANGES: readonly NamedChange[] = [
  ['graph cyclic', rename(NODE.input, NODE.output, (from, to) => to >= from)],
  ['input taken from elsewhere', rename(NODE.input, NODE.output, () => true)],
  ['value made twice', rename(NODE.output, NODE.output, (from, to) => to !== from)],
  ['size of a tensor extreme', resize],
  ['tensor named like another', renameTensor],
  ['functions nested', nestFunctions],
];

/** A message within the graph, and the way to it from the whole file. */
interface Place {
  graph: FieldPlace;
  field: FieldPlace;
}

function fieldsOfGraph(bytes: Uint8Array, number: number): Place[] {
  const graph = fieldsOf(bytes, 0, bytes.length)?.find(
    (field) => field.number === MODEL_GRAPH && field.wire === LENGTH,
  );
  const fields = graph && fieldsOf(bytes, graph.start, graph.end);
  return (fields ?? [])
    .filter((field) => field.number === number && field.wire === LENGTH)
    .flatMap((field) => (graph === undefined ? [] : [{ graph, field }]));
}

function choose(
  bytes: Uint8Array,
  { graph, field }: Place,
  number: number,
  random: Random,
): Way | undefined {
  const inner = fieldsOf(bytes, field.start, field.end)?.filter((each) => each.number === number);
  return inner === undefined || inner.length === 0 ? undefined : [graph, field, random.of(inner)];
}

/** Gives an input or output of one node the name of that of another, chosen by their positions. */
function rename(
  target: number,
  source: number,
  isChosen: (from: number, to: number) => boolean,
): Change {
  return (bytes, random) => {
    const nodes = fieldsOfGraph(bytes, GRAPH.node);
    const from = random.below(Math.max(1, nodes.length));
    const others = nodes.filter((_, index) => isChosen(from, index));
    const node = nodes[from];
    const way = node && choose(bytes, node, target, random);
    const name = others.length > 0 ? choose(bytes, random.of(others), source, random) : undefined;
    return renamed(bytes, way, name?.at(-1));
  };
}

/** Gives an initializer or an input of the graph the name of an initializer. */
function renameTensor(bytes: Uint8Array, random: Random): Uint8Array | undefined {
  const tensors = fieldsOfGraph(bytes, GRAPH.initializer);
  const named = [
    ...tensors.map((place) => ({ place, number: TENSOR.name })),
    ...fieldsOfGraph(bytes, GRAPH.input).map((place) => ({ place, number: VALUE_NAME })),
  ];
  if (tensors.length === 0) {
    return undefined;
  }
  const { place, number } = random.of(named);
  const name = choose(bytes, random.of(tensors), TENSOR.name, random)?.at(-1);
  return renamed(bytes, choose(bytes, place, number, random), name);
}

function renamed(
  bytes: Uint8Array,
  way: Way | undefined,
  name: FieldPlace | undefined,
): Uint8Array | undefined {
  const field = way?.at(-1);
  return way === undefined || field === undefined || name === undefined
    ? undefined
    : withField(bytes, way, block(field.number, bytes.subarray(name.start, name.end)));
}

/** Adds functions that call the next ones several times, or one another in a circle, and a call. */
function nestFunctions(bytes: Uint8Array, random: Random): Uint8Array {
  const depth = random.of([2, 12, 41, 2000]);
  const times = random.of([1, 2, 50]);
  const end = random.of(['Relu', 'F0']);
  const name = (index: number): Uint8Array => Buffer.from(index < depth ? `F${index}` : end);
  const functions = Array.from({ length: depth }, (_, index) => {
    const call = block(FUNCTION.node, block(NODE_OPERATOR, name(index + 1)));
    const calls = new Array<Uint8Array>(times).fill(call);
    return block(MODEL_FUNCTION, block(FUNCTION.name, name(index)), ...calls);
  });
  const node = block(GRAPH.node, block(NODE_OPERATOR, name(0)));
  return Buffer.concat([bytes, block(MODEL_GRAPH, node), ...functions]);
}

/** Gives the shape of an initializer sizes at the borders of what numbers hold. */
function resize(bytes: Uint8Array, random: Random): Uint8Array | undefined {
  const tensors = fieldsOfGraph(bytes, GRAPH.initializer);
  const way =
    tensors.length > 0 ? choose(bytes, random.of(tensors), TENSOR.dim, random) : undefined;
  const sizes = Array.from({ length: random.of([1, 1, 2, 100]) }, () => random.of(EXTREMES));
  return way && withField(bytes, way, block(TENSOR.dim, ...sizes));
}
