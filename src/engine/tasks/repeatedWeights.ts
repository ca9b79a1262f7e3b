import type { TensorRef } from '../../onnx/graph/model';
import type { Weight } from '../../onnx/outline/weightUses';
import type { RepeatedMatrix } from '../../shared/modelOutline';
import { bindWeights } from '../../weights/bindWeights';
import { equalMatrices } from '../../weights/equalMatrices';
import { matrixOf, type Matrix } from '../../weights/matrix';
import type { Quantization } from '../../weights/parameters';
import { TensorParts } from '../../weights/tensorParts';
import type { InspectedGraph } from './inspectedGraph';

/** A matrix of a model's, and the weight that it is. */
export interface StoredWeight extends Matrix {
  graph: InspectedGraph;
  weight: Weight;
}

/** Weights of one model that are one matrix of parameters, in the order of the files. */
export type EqualWeights = readonly StoredWeight[];

/**
 * Finds what files of one model store more than once: embeddings that its stacks share, output layers that
 * are tied to them, and all of a decoder that is there with and without a cache. The elements decide, of
 * which {@link equalMatrices} reads a few; names do not, since exporters change them. Files whose weights
 * are not all there are left out.
 */
export async function equalWeights(graphs: readonly InspectedGraph[]): Promise<EqualWeights[]> {
  return equalMatrices(graphs.flatMap(matricesOf));
}

/** The weights of a file as matrices of which parts can be read; of what is none, nothing. */
export function matricesOf(graph: InspectedGraph): StoredWeight[] {
  if (graph.lack !== undefined) {
    return [];
  }
  const { weights, constants } = graph.weights;
  const parts = new TensorParts(graph.reader());
  const parameters = weights.filter((weight) => !constants.has(weight));
  const quantizations = quantizationsOf(graph, parameters);
  return parameters.flatMap((weight) => {
    const { tensor } = weight;
    const quantization = quantizations.get(tensor);
    const matrix = matrixOf(tensor, quantization, parts);
    return matrix === undefined ? [] : [{ ...matrix, graph, weight }];
  });
}

/** How the integers among a file's weights stand for numbers. */
function quantizationsOf(
  { onnx }: InspectedGraph,
  parameters: readonly Weight[],
): ReadonlyMap<TensorRef, Quantization> {
  const found = new Map<TensorRef, Quantization>();
  if (parameters.every(({ tensor }) => /float/.test(tensor.dtype))) {
    return found;
  }
  const { parameters: bound, unbound } = bindWeights(onnx);
  for (const parameter of bound.values()) {
    for (const { tensor, quantization } of [parameter, ...parameter.copies]) {
      if (quantization !== undefined) {
        found.set(tensor, quantization);
      }
    }
  }
  for (const { tensor, quantization } of unbound) {
    if (quantization !== undefined) {
      found.set(tensor, quantization);
    }
  }
  return found;
}

/** The weights of a file that are stored before in it, with the first of them. */
export function duplicatesIn(
  graph: InspectedGraph,
  equal: readonly EqualWeights[],
): ReadonlyMap<Weight, Weight> {
  const copies = new Map<Weight, Weight>();
  for (const group of equal) {
    const [first, ...others] = group.filter((each) => each.graph === graph);
    for (const { weight } of others) {
      copies.set(weight, first?.weight ?? weight);
    }
  }
  return copies;
}

/** What some files store more than once, the largest first. */
export function repeatedMatrices(
  graphs: readonly InspectedGraph[],
  equal: readonly EqualWeights[],
): RepeatedMatrix[] {
  return equal
    .map((group) => group.filter(({ graph }) => graphs.includes(graph)))
    .filter((group) => group.length > 1)
    .map((group) => ({
      parameters: Math.max(...group.map(({ weight }) => weight.parameters)),
      isTable: group.some(({ weight }) => isTable(weight)),
      places: group.map(({ graph, weight: { tensor, dtype, bytes } }) => ({
        file: graph.about.file,
        tensor: tensor.name,
        dtype,
        bytes,
      })),
    }))
    .sort((a, b) => b.parameters - a.parameters);
}

function isTable({ uses }: Weight): boolean {
  return uses.some(({ node, input }) => LOOK_UPS.get(node.opType) === input);
}

/** Operators that look rows of a table up, by the input that it is. */
const LOOK_UPS: ReadonlyMap<string, number> = new Map([
  ['Gather', 0],
  ['GatherBlockQuantized', 0],
  ['EmbedLayerNormalization', 2],
]);
