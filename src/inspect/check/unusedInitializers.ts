import type { Graph, OnnxModel, TensorRef } from '../../onnx/graph/model';
import { rawBytes } from '../../onnx/graph/dtype';
import { elementCount } from '../../onnx/graph/elementCount';
import { givenValues, graphsOf, innerGraphs } from '../../onnx/graph/walk';
import { byteSize } from '../../shared/byteSize';
import { phrase } from '../../shared/failure';
import type { CheckRule } from './rule';

/** Initializers that neither a node nor an output of the graph takes: they take space for nothing. */
export const unusedInitializers: CheckRule = {
  id: 'weights/unused',
  check: ({ graphs }) =>
    graphs.flatMap(({ file, onnx }) => {
      const unused = unusedIn(onnx).sort((a, b) => bytesOf(b) - bytesOf(a));
      const [largest] = unused;
      return largest === undefined
        ? []
        : [
            {
              severity: 'note' as const,
              message: phrase(
                'Nothing uses {0} of the {1} initializers: {2} in vain; the largest is “{3}”',
                unused.length,
                graphsOf(onnx.graph).reduce((sum, each) => sum + storedIn(each).length, 0),
                byteSize(unused.reduce((sum, tensor) => sum + bytesOf(tensor), 0)),
                largest.name,
              ),
              remedy: phrase('remove them, or have the exporter’s optimizer do it'),
              place: { file, tensor: largest.name },
            },
          ];
    }),
};

function bytesOf({ dtype, dims }: TensorRef): number {
  return rawBytes(dtype, elementCount(dims)) ?? 0;
}

function unusedIn({ graph }: OnnxModel): TensorRef[] {
  const unused: TensorRef[] = [];
  collectTaken(graph, unused);
  return unused;
}

/** What a graph takes from around it; notes the initializers of it and inside of it that nothing takes. */
function collectTaken(graph: Graph, unused: TensorRef[]): Set<string> {
  const taken = new Set(graph.outputs.map(({ name }) => name));
  for (const node of graph.nodes) {
    node.inputs.forEach((name) => taken.add(name));
    for (const inner of innerGraphs(node)) {
      collectTaken(inner, unused).forEach((name) => taken.add(name));
    }
  }
  for (const tensor of storedIn(graph)) {
    if (!taken.has(tensor.name)) {
      unused.push(tensor);
    }
  }
  for (const name of [...givenValues(graph), ...graph.nodes.flatMap(({ outputs }) => outputs)]) {
    taken.delete(name);
  }
  return taken;
}

function storedIn({ initializers, sparseInitializers }: Graph): TensorRef[] {
  return [...initializers, ...sparseInitializers.map(({ values }) => values)];
}
