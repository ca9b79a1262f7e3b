import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import { suite, test } from 'mocha';
import type { Dimension, Graph } from '../../../../src/onnx/graph/model';
import { readShapeConstants } from '../../../../src/onnx/shapes/constants';
import { inferShapes } from '../../../../src/onnx/shapes/inferShapes';
import { dimensionOf, sizeOf } from '../../../../src/onnx/shapes/size';
import { innerGraphs } from '../../../../src/onnx/graph/walk';
import { expectedShapes, withoutDescriptions } from '../../../support/onnx/expectedShapes';

suite('onnx/shapes', () => {
  const { models, shapes, sizes } = expectedShapes();

  for (const [name, { inferred, ran }] of Object.entries(models)) {
    test(`${name}: as infer_shapes has it, and as it ran`, async () => {
      const { model, source } = await withoutDescriptions(name);
      const found = inferShapes(model, await readShapeConstants(source, model));
      const values = valuesOf(model.graph);
      assert.equal(values.length, inferred.length);

      let known = 0;
      for (const [index, { graph, value, from }] of values.entries()) {
        const shape = found.typeOf(graph, value)?.shape;
        const told = shapes[inferred[index] ?? -1];
        const run = shapes[ran[index] ?? -1];
        const where = `${value} of ${from}: [${shape?.join(', ')}]`;
        if (shape !== undefined && told !== undefined) {
          assert.equal(shape.length, told.length, `${where} and [${told.join(', ')}]`);
        }
        if (shape !== undefined && run !== undefined) {
          assert.equal(shape.length, run.length, `${where} ran as [${run.join(', ')}]`);
        }
        for (const [axis, size] of (shape ?? []).entries()) {
          const other = told?.[axis] ?? null;
          if (size !== null && other !== null) {
            assert.equal(size, dimensionOf(sizeOf(other)), `${where} and [${told?.join(', ')}]`);
          }
          if (size !== null && run !== undefined) {
            assert.equal(evaluated(size, sizes), run[axis], `${where} ran as [${run.join(', ')}]`);
          }
        }
        known += Number(isComplete(shape));
      }
      assert.equal(known, values.length, 'values of which every size is known');
    });
  }
});

function isComplete(shape: readonly Dimension[] | undefined): boolean {
  return shape?.every((size) => size !== null) === true;
}

/** The value of a size such as `2*batch_size + 1`, `floor((n - 3)/2)` or `min(8, n)`. */
function evaluated(size: number | string, sizes: Readonly<Record<string, number>>): number {
  const { floor, min } = Math;
  return runInNewContext(String(size), { ...sizes, floor, min }) as number;
}

/** Every output of every node, those of inner graphs after the node around them. */
function valuesOf(graph: Graph): { graph: Graph; value: string; from: string }[] {
  return graph.nodes.flatMap((node) => [
    ...node.outputs.map((value) => ({ graph, value, from: node.opType })),
    ...innerGraphs(node).flatMap(valuesOf),
  ]);
}
