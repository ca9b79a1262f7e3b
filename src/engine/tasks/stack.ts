import { modelStacks, type StackFile } from '../../inspect/stack/modelStacks';
import type { WeightValues } from '../../inspect/stack/weightValues';
import type { TensorRef } from '../../onnx/graph/model';
import type { Weight } from '../../onnx/outline/weightUses';
import { Failure } from '../../shared/failure';
import type { ModelStack } from '../../shared/modelStack';
import { matrixOf, type Matrix } from '../../weights/matrix';
import { TensorParts } from '../../weights/tensorParts';
import type { GraphFile } from './graphRole';
import { modelFiles } from './modelFiles';
import { attentionLayers, ofReadable, withGraphs, type InspectedGraph } from './inspectedGraph';
import { equalWeights, matricesOf, type EqualWeights } from './repeatedWeights';

/**
 * Reads how the stacks of a model are built, from its file or from those of its folder; of the weights no
 * more than what tells tables of positions apart and which matrices are one.
 * @returns none for what is no Transformer. Files of a folder that belong to no one model each have
 *   theirs, but for those that cannot be read: `inspect` says what is wrong with them.
 * @throws Failure `model` or `unsupported`, where one file cannot be read that is all or is needed
 */
export async function stack(given: string): Promise<ModelStack[]> {
  const { first, areSeparate } = await modelFiles(given);
  if (!areSeparate) {
    return stacksOf(first);
  }
  return ofReadable(first, (file) => stacksOf([file]));
}

function stacksOf(files: readonly GraphFile[]): Promise<ModelStack[]> {
  return withGraphs(files, async (graphs) => {
    const equal = await equalWeights(graphs);
    return modelStacks(await Promise.all(graphs.map((graph) => stackFile(graph, equal))));
  });
}

async function stackFile(
  graph: InspectedGraph,
  equal: readonly EqualWeights[],
): Promise<StackFile> {
  const { about, onnx, weights } = graph;
  return {
    file: about.file,
    model: onnx,
    layers: attentionLayers(graph),
    shapes: (await graph.shapes()).shapes,
    weights,
    values: weightValues(graph, equal),
  };
}

function weightValues(graph: InspectedGraph, equal: readonly EqualWeights[]): WeightValues {
  const reader = graph.reader();
  const parts = new TensorParts(reader);
  let matrices: ReadonlyMap<TensorRef, Matrix> | undefined;
  const groups = new Map<Weight, EqualWeights>();
  for (const group of equal) {
    group.forEach(({ weight }) => groups.set(weight, group));
  }
  return {
    matrix: (tensor) => {
      matrices ??= new Map(matricesOf(graph).map((each) => [each.weight.tensor, each]));
      return matrices.get(tensor) ?? matrixOf(tensor, undefined, parts);
    },
    elements: async (tensor) => {
      try {
        return await reader.elements(tensor);
      } catch (error) {
        if (error instanceof Failure) {
          return undefined;
        }
        throw error;
      }
    },
    isSame: (one, other) => {
      const group = groups.get(one);
      return group !== undefined && group === groups.get(other);
    },
  };
}
