import { findBranches, type IfPlace } from '../file/findBranches';
import type { ByteSource, DType, OnnxModel, IfBranch } from '../graph/model';
import type { AttentionTap, BranchPlace } from '../attention/tap';
import { assemble, extendFile, type Extension } from '../file/splice';
import { graphFields, nodeOutput, operatorSet, secondGraph } from '../file/writeModel';
import type { NewGraphParts, NewNode, NewTensor } from '../graph/graphBuilder';

/** The version of ONNX's own operators that a file without any gets, for those that are added. */
const ADDED_OPSET = 17;

/** What taps of unknown type are taken for. */
const USUAL_TYPE: DType = 'float32';

/**
 * A serialised model that also returns attention probabilities, under the names `AttentionTap.value`.
 * No weight is decoded; everything but the lengths of a few messages is copied as it is.
 *
 * Values of the model's own graph become outputs by what is appended to the file
 * ({@link tapFragment}), with the nodes that compute them where there are none. Those in a branch
 * of an `If` leave it as outputs of the branch, of the node and of the graph; from the other branch,
 * which lacks them, come empty tensors.
 *
 * @param source the file that `model` was read from.
 * @param file What to call the file in error messages.
 * @param more what else the model's own graph gets. Its nodes stand before those that compute
 *   probabilities.
 * @throws RangeError if the graph has no such value, which is a mistake of the caller; Failure of
 *   kind `model` if the file is another one by now.
 */
export async function tappedModel(
  source: ByteSource,
  file: string,
  model: OnnxModel,
  taps: readonly AttentionTap[],
  more: readonly NewGraphParts[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const inner = taps.flatMap(({ branch, ...tap }) =>
    branch === undefined ? [] : [{ ...tap, branch }],
  );
  const own = taps.filter(({ branch }) => branch === undefined);
  const there = own.filter(({ added }) => added === undefined).map(({ value }) => value);
  const fields = [
    tapFragment(model, there),
    ...more.map((parts) => secondGraph(graphFields(parts))),
    ...own.flatMap(({ added, value }) =>
      added === undefined ? [] : [secondGraph(graphFields({ ...added, outputs: [value] }))],
    ),
    secondGraph(graphFields({ outputs: inner.map(({ value }) => value) })),
  ];
  if (!model.opsets.has('') && fields.some(({ length }) => length > 0)) {
    fields.push(operatorSet(ADDED_OPSET));
  }
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
  return secondGraph(graphFields({ outputs: added }));
}

type InnerTap = Omit<AttentionTap, 'branch'> & { branch: BranchPlace };

function extendIf(
  { node, branches }: Omit<IfPlace, 'graph'>,
  taps: readonly InnerTap[],
): Extension {
  const within = (Object.keys(branches) as IfBranch[])
    .map((branch): Extension => {
      const { attribute, graph } = branches[branch];
      const fields = taps.map((tap) => leave(branch, tap));
      return { field: attribute, fields: [], within: [{ field: graph, fields, within: [] }] };
    })
    .sort((a, b) => a.field.at - b.field.at);
  return { field: node, fields: taps.map(({ value }) => nodeOutput(value)), within };
}

/** What a branch gets, so that probabilities leave it. Names must differ from those outside. */
function leave(branch: IfBranch, { value, branch: place, dtype, added }: InnerTap): Uint8Array {
  const name = `${value}.${branch}`;
  if (branch === place.branch) {
    const node: NewNode = { opType: 'Identity', inputs: [place.value], outputs: [name] };
    return graphFields({ ...added, nodes: [...(added?.nodes ?? []), node], outputs: [name] });
  }
  const nothing: NewNode = {
    opType: 'Constant',
    inputs: [],
    outputs: [name],
    attributes: { value: { kind: 'tensor', value: noMaps(dtype ?? USUAL_TYPE) } },
  };
  return graphFields({ nodes: [nothing], outputs: [name] });
}

/** A tensor [0, 0, 0, 0]. */
function noMaps(dtype: DType): NewTensor {
  return { dtype, dims: [0, 0, 0, 0], bytes: new Uint8Array(0) };
}
