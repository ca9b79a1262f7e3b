import { dtypeNumber } from './dtype';
import { findBranches, type IfPlace } from './findBranches';
import type { AttentionTap, BranchPlace, ByteSource, DType, IfBranch, OnnxModel } from './model';
import { assemble, extendFile, type Extension } from './pieces';
import { block, integer } from './wireWriter';

/** Field numbers of `onnx.proto`. */
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_OUTPUT = 12;
const VALUE_NAME = 1;
const NODE_INPUT = 1;
const NODE_OUTPUT = 2;
const NODE_OPERATOR = 4;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_NAME = 1;
const ATTRIBUTE_TENSOR = 5;
const ATTRIBUTE_TYPE = 20;
const ATTRIBUTE_IS_TENSOR = 4;
const TENSOR_DIM = 1;
const TENSOR_TYPE = 2;
const TENSOR_RAW_DATA = 9;

/** What taps of unknown type are taken for. */
const USUAL_TYPE: DType = 'float32';

/**
 * A serialised model that also returns attention probabilities, under the names `AttentionTap.value`.
 * No weight is decoded; everything but the lengths of a few messages is copied as it is.
 *
 * Values of the model's own graph become outputs by what is appended to the file
 * ({@link tapFragment}). Those in a branch of an `If` leave it as outputs of the branch, of the node
 * and of the graph; from the other branch, which lacks them, come empty tensors.
 *
 * @param source the file that `model` was read from.
 * @param file What to call the file in error messages.
 * @throws RangeError if the graph has no such value, which is a mistake of the caller; Failure of
 *   kind `model` if the file is another one by now.
 */
export async function tappedModel(
  source: ByteSource,
  file: string,
  model: OnnxModel,
  taps: readonly AttentionTap[],
): Promise<Uint8Array<ArrayBuffer>> {
  const inner = taps.flatMap(({ branch, ...tap }) =>
    branch === undefined ? [] : [{ ...tap, branch }],
  );
  const own = taps.filter(({ branch }) => branch === undefined).map(({ value }) => value);
  const outputs = inner.map(({ value }) => graphOutput(value));
  const fields = [
    tapFragment(model, own),
    outputs.length === 0 ? new Uint8Array(0) : block(MODEL_GRAPH, ...outputs),
  ];
  const nodes = new Set(inner.map(({ branch }) => branch.node));
  const places =
    nodes.size === 0 ? new Map<number, IfPlace>() : await findBranches(source, file, nodes);
  const graphs = new Map<number, Extension & { within: Extension[] }>();
  for (const [index, { graph, ...place }] of places) {
    const here = graphs.get(graph.at) ?? { field: graph, fields: [], within: [] };
    here.within.push(
      extendIf(
        place,
        inner.filter(({ branch }) => branch.node === index),
      ),
    );
    graphs.set(graph.at, here);
  }
  return assemble(source, file, extendFile(source.size, [...graphs.values()], fields));
}

/**
 * Bytes to append to a serialised model, so that it also returns the named values. Nothing of the
 * model itself is touched: protobuf merges the occurrences of a message that is not repeated
 * (protobuf.dev, "Encoding", "Last One Wins"), and the fragment is a second `graph` with nothing
 * but outputs. ONNX Runtime infers the types of outputs that are only named.
 *
 * Values that are outputs already are left out; the answer is empty if none remains.
 *
 * @param names Values of the model's own graph.
 * @throws RangeError if the graph has no such value, which is a mistake of the caller.
 */
export function tapFragment(model: OnnxModel, names: Iterable<string>): Uint8Array<ArrayBuffer> {
  const { graph } = model;
  const outputs = new Set(graph.outputs.map((output) => output.name));
  const known = new Set(graph.nodes.flatMap((node) => node.outputs));
  const added = [...new Set(names)].filter((name) => !outputs.has(name));
  const unknown = added.find((name) => name === '' || !known.has(name));
  if (unknown !== undefined) {
    throw new RangeError(`The graph computes no value named "${unknown}"`);
  }
  return added.length === 0 ? new Uint8Array(0) : block(MODEL_GRAPH, ...added.map(graphOutput));
}

type InnerTap = Omit<AttentionTap, 'branch'> & { branch: BranchPlace };

function extendIf(
  { node, branches }: Omit<IfPlace, 'graph'>,
  taps: readonly InnerTap[],
): Extension {
  const within = (Object.keys(branches) as IfBranch[])
    .map((branch): Extension => {
      const { attribute, graph } = branches[branch];
      const fields = taps.flatMap((tap) => leave(branch, tap));
      return { field: attribute, fields: [], within: [{ field: graph, fields, within: [] }] };
    })
    .sort((a, b) => a.field.at - b.field.at);
  return { field: node, fields: taps.map(({ value }) => block(NODE_OUTPUT, value)), within };
}

/** What a branch gets, so that probabilities leave it. Names must differ from those outside. */
function leave(branch: IfBranch, { value, branch: place, dtype }: InnerTap): Uint8Array[] {
  const name = `${value}.${branch}`;
  const node =
    branch === place.branch
      ? [block(NODE_INPUT, place.value), block(NODE_OPERATOR, 'Identity')]
      : [block(NODE_OPERATOR, 'Constant'), emptyMaps(dtype ?? USUAL_TYPE)];
  return [block(GRAPH_NODE, block(NODE_OUTPUT, name), ...node), graphOutput(name)];
}

/** The attribute of a `Constant` that holds a tensor [0, 0, 0, 0]. */
function emptyMaps(dtype: DType): Uint8Array {
  const sizes = [0, 0, 0, 0].map((size) => integer(TENSOR_DIM, size));
  return block(
    NODE_ATTRIBUTE,
    block(ATTRIBUTE_NAME, 'value'),
    block(
      ATTRIBUTE_TENSOR,
      ...sizes,
      integer(TENSOR_TYPE, dtypeNumber(dtype)),
      block(TENSOR_RAW_DATA),
    ),
    integer(ATTRIBUTE_TYPE, ATTRIBUTE_IS_TENSOR),
  );
}

function graphOutput(name: string): Uint8Array {
  return block(GRAPH_OUTPUT, block(VALUE_NAME, name));
}
