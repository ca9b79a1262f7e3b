import { readShapeConstants } from '../../../src/onnx/shapes/constants';
import { inferShapes } from '../../../src/onnx/shapes/inferShapes';
import { innerGraphs } from '../../../src/onnx/graph/walk';
import type { Dimension, Graph } from '../../../src/onnx/graph/model';
import { expectedShapes, withoutDescriptions } from '../../support/onnx/expectedShapes';

/*
 * Of how many values every size is known: by our inference, and by `onnx.shape_inference` with `data_prop=True`, whose
 * answers stand in test/fixtures/onnx/shapes.json. That none of ours is different is for a test to say
 * (test/unit/onnx/shapes).
 */

/** Prints a row for each model, and one for all. */
export async function reportShapeCoverage(): Promise<void> {
  const { models, shapes } = expectedShapes();
  const all = { ours: 0, theirs: 0, values: 0 };
  for (const [name, { inferred }] of Object.entries(models)) {
    const { model, source } = await withoutDescriptions(name);
    const found = inferShapes(model, await readShapeConstants(source, model));
    const values = valuesOf(model.graph);
    const counts = {
      ours: values.filter(({ graph, value }) => isKnown(found.typeOf(graph, value)?.shape)).length,
      theirs: inferred.filter((index) => isKnown(shapes[index])).length,
      values: values.length,
    };
    print(name, counts);
    all.ours += counts.ours;
    all.theirs += counts.theirs;
    all.values += counts.values;
  }
  print('all', all);
}

function print(name: string, counts: { ours: number; theirs: number; values: number }): void {
  const { ours, theirs, values } = counts;
  console.log(
    `shapes ${name.padEnd(44)} ours ${ours} of ${values}, onnx ${theirs} of ${values}, ratio ${(ours / theirs).toFixed(2)} ×`,
  );
}

function isKnown(shape: readonly Dimension[] | undefined): boolean {
  return shape?.every((size) => size !== null) === true;
}

function valuesOf(graph: Graph): { graph: Graph; value: string }[] {
  return graph.nodes.flatMap((node) => [
    ...node.outputs.map((value) => ({ graph, value })),
    ...innerGraphs(node).flatMap(valuesOf),
  ]);
}
