import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import {
  inferDtype,
  inferLength,
  inferRank,
  inferShape,
} from '../../../../src/onnx/attention/partialInference';
import { Dataflow } from '../../../../src/onnx/graph/dataflow';
import type { Node } from '../../../../src/onnx/graph/model';
import { placedNodes } from '../../../../src/onnx/graph/placedNodes';
import { readShapeConstants } from '../../../../src/onnx/shapes/constants';
import { inferShapes } from '../../../../src/onnx/shapes/inferShapes';
import { expectedShapes, withoutDescriptions } from '../../../support/onnx/expectedShapes';

suite('onnx/attention: partial inference', () => {
  const { models, shapes } = expectedShapes();

  for (const [name, { ran }] of Object.entries(models)) {
    test(`${name}: ranks and lengths as it ran, types as the complete inference has them`, async () => {
      const { model, source } = await withoutDescriptions(name);
      const complete = inferShapes(model, await readShapeConstants(source, model));
      const values = Array.from(placedNodes(model), ({ node, flow }) =>
        node.outputs.map((value) => ({ value, flow })),
      ).flat();
      assert.equal(values.length, ran.length);

      const known = { rank: 0, length: 0, dtype: 0 };
      for (const [index, { value, flow }] of values.entries()) {
        const shape = shapes[ran[index] ?? -1] ?? complete.typeOf(flow.graph, value)?.shape;
        const rank = inferRank(value, flow);
        const length = shape?.length === 1 ? inferLength(value, flow) : undefined;
        const dtype = inferDtype(value, flow);
        if (rank !== undefined) {
          assert.equal(rank, shape?.length, value);
          known.rank += 1;
        }
        if (length !== undefined) {
          assert.equal(length, shape?.[0], value);
          known.length += 1;
        }
        if (dtype !== undefined) {
          assert.equal(dtype, complete.typeOf(flow.graph, value)?.dtype, value);
          known.dtype += 1;
        }
      }
      // Far from the inputs the steps run out; of these models a sixth and a third are near enough.
      const figures = JSON.stringify({ ...known, values: values.length });
      assert.ok(known.rank > values.length * 0.15 && known.dtype > values.length * 0.3, figures);
    });
  }

  const nodes = [
    node('DynamicQuantizeLinear', ['x'], ['integers', 'scale', 'zero']),
    node('Cast', ['integers'], ['wide']),
    node('Slice', ['wide'], ['part']),
  ];
  const flow = new Dataflow({
    name: '',
    nodes,
    inputs: [
      { name: 'x', type: { kind: 'tensor', dtype: 'float32', shape: ['batch', 'tokens', 8] } },
    ],
    outputs: [],
    values: new Map(),
    initializers: [],
    sparseInitializers: [],
  });

  test('tells nothing of further results, which have shapes of their own', () => {
    assert.deepEqual(
      ['integers', 'scale', 'zero'].map((value) => inferRank(value, flow)),
      [3, undefined, undefined],
    );
    assert.equal(inferShape('scale', flow), undefined);
  });

  test('follows a shape through operators that keep it, and no further', () => {
    assert.deepEqual(inferShape('wide', flow), ['batch', 'tokens', 8]);
    assert.equal(inferShape('part', flow), undefined);
    assert.equal(inferRank('part', flow), 3);
  });
});

function node(opType: string, inputs: string[], outputs: string[]): Node {
  return {
    name: '',
    opType,
    domain: '',
    inputs,
    outputs,
    attributes: new Map(),
    metadata: new Map(),
  };
}
