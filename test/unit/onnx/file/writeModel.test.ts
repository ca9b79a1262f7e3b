import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { attributesOf } from '../../../../src/onnx/attention/fused/operator';
import type { Graph } from '../../../../src/onnx/graph/model';
import { graphFields, operatorSet, secondGraph } from '../../../../src/onnx/file/writeModel';
import type { NewGraphParts } from '../../../../src/onnx/graph/graphBuilder';
import { concatenate, integer } from '../../../../src/onnx/file/wireWriter';
import { readBytes } from '../../../support/onnx/fixtures';
import { node } from '../../../support/onnx/models';

/** More than a function can be called with. */
const MANY = 150_000;

suite('onnx/file/writeModel', () => {
  test('what is written is read', async () => {
    const bytes = new Uint8Array(Float32Array.of(0.5, -2).buffer);
    const constant = { dtype: 'float32', dims: [2], bytes } as const;
    const { nodes, initializers, inputs, outputs, values } = await written({
      nodes: [
        {
          opType: 'Größe',
          domain: 'org.例',
          inputs: ['α', '', 'x'.repeat(200)],
          outputs: ['y'],
          attributes: {
            f: { kind: 'float', value: -0.25 },
            i: { kind: 'int', value: -3 },
            s: { kind: 'string', value: '😀' },
            n: { kind: 'ints', value: [0, 127, 128, 2 ** 40, -1, -(2 ** 52)] },
            g: { kind: 'graph', value: { outputs: ['inner'] } },
          },
        },
      ],
      initializers: [{ ...constant, name: 'c' }],
      inputs: [{ name: 'α', dtype: 'int64', shape: [1, 'size', 300] }],
      outputs: ['y', { name: 'z', dtype: 'float16', shape: [] }],
      values: [{ name: 'v', dtype: 'bool' }],
    });
    const [made] = nodes;
    assert.deepEqual(
      [made?.opType, made?.domain, made?.inputs, made?.outputs],
      ['Größe', 'org.例', ['α', '', 'x'.repeat(200)], ['y']],
    );
    assert.deepEqual(
      ['f', 'i', 's', 'n'].map((name) => made?.attributes.get(name)),
      [
        { kind: 'float', value: -0.25 },
        { kind: 'int', value: -3 },
        { kind: 'string', value: '😀' },
        { kind: 'ints', value: [0, 127, 128, 2 ** 40, -1, -(2 ** 52)] },
      ],
    );
    const inner = made?.attributes.get('g');
    assert.deepEqual(inner?.kind === 'graph' && inner.value.outputs, [{ name: 'inner' }]);
    assert.deepEqual(
      initializers.map(({ name, dtype, dims }) => [name, dtype, dims]),
      [['c', 'float32', [2]]],
    );
    const type = { kind: 'tensor', dtype: 'int64', shape: [1, 'size', 300] };
    assert.deepEqual(inputs, [{ name: 'α', type }]);
    const [, half] = outputs;
    assert.deepEqual(half, { name: 'z', type: { kind: 'tensor', dtype: 'float16', shape: [] } });
    assert.deepEqual(values.get('v')?.type, { kind: 'tensor', dtype: 'bool' });
  });

  test('lists may be as long as a file has them', async () => {
    const value = new Array<number>(MANY).fill(7);
    const inputs = new Array<string>(MANY).fill('x');
    const { nodes } = await written({
      nodes: [{ opType: 'A', inputs, outputs: [], attributes: { n: { kind: 'ints', value } } }],
    });
    assert.equal(nodes[0]?.inputs.length, MANY);
    assert.deepEqual(nodes[0].attributes.get('n'), { kind: 'ints', value });
  });

  test('attributes are copied under any name', () => {
    const { attributes } = node('Attention', [], []);
    const named = new Map([...attributes, ['__proto__', { kind: 'int', value: 1 } as const]]);
    const copied = attributesOf({ ...node('Attention', [], []), attributes: named });
    assert.deepEqual(Object.entries(copied), [['__proto__', { kind: 'int', value: 1 }]]);
  });
});

async function written(parts: NewGraphParts): Promise<Graph> {
  const bytes = [integer(1, 8), secondGraph(graphFields(parts)), operatorSet(17)];
  return (await readBytes(concatenate(bytes))).graph;
}
