import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { quantizesPerTensor } from '../../../src/engine/runtime/activationQuantization';
import { openSession } from '../../../src/engine/runtime/session';
import { asFloat32 } from '../../../src/engine/runtime/tensor';
import { wholeModel } from '../../../src/onnx/file/writeModel';
import type { NewNode } from '../../../src/onnx/graph/graphBuilder';
import { nearestHalf } from '../../../src/reference/halfPrecision';
import { fakeQuantize } from '../../../src/reference/fakeQuantize';
import { Random } from '../../fuzz/random';

/** What ONNX Runtime makes of a tensor by some nodes from `x` to `y`. */
async function computed(
  x: Float32Array,
  dims: number[],
  nodes: NewNode[],
  type: 'float32' | 'float16' = 'float32',
): Promise<Float32Array> {
  const bytes = wholeModel(
    {
      nodes,
      inputs: [{ name: 'x', dtype: 'float32', shape: dims }],
      outputs: [{ name: 'y', dtype: type, shape: dims }],
    },
    { irVersion: 8, opset: 13 },
  );
  const session = await openSession({ bytes, folder: '' }, 'rounding');
  const outputs = await session.run(new Map([['x', { type: 'float32', data: x, dims }]]), ['y']);
  await session.dispose();
  return asFloat32(outputs.get('y') ?? assert.fail());
}

suite('reference/fakeQuantize', () => {
  const NODES: NewNode[] = [
    { opType: 'DynamicQuantizeLinear', inputs: ['x'], outputs: ['q', 's', 'z'] },
    { opType: 'DequantizeLinear', inputs: ['q', 's', 'z'], outputs: ['y'] },
  ];
  const cases: Record<string, (random: Random) => number> = {
    'of both signs': (random) => random.unit() * 7 - 3,
    'above zero alone': (random) => 1 + random.unit(),
    'below zero alone': (random) => -random.unit() - 2,
    'in the middle between two integers': (random) => Math.round(random.unit() * 510) / 2 - 63.75,
    'all zero': () => 0,
    'very small': (random) => (random.unit() - 0.4) * 1e-30,
  };
  for (const [name, of] of Object.entries(cases)) {
    test(`numbers ${name} become what ONNX Runtime makes of them`, async () => {
      const random = new Random(7);
      const dims = [1, 5, 24];
      const x = Float32Array.from({ length: 120 }, () => of(random));
      const { data } = fakeQuantize({ dims, data: x }, { ties: 'even' });
      assert.deepEqual(data, await computed(x, dims, NODES));
    });
  }

  if (process.arch === 'x64') {
    test('products round whole tensors on this processor, as ONNX says', async () => {
      assert.equal(await quantizesPerTensor(), true);
    });
  }

  test('each step of a cache has a scale of its own', async () => {
    const random = new Random(3);
    const x = Float32Array.from({ length: 3 * 8 }, (_, i) => random.unit() * (i < 16 ? 10 : 1));
    const { data } = fakeQuantize({ dims: [1, 3, 8], data: x }, { ties: 'even', steps: [2, 1] });
    assert.deepEqual(data.slice(0, 16), await computed(x.slice(0, 16), [1, 2, 8], NODES));
    assert.deepEqual(data.slice(16), await computed(x.slice(16), [1, 1, 8], NODES));
  });

  test('only what lies in the middle goes to its other neighbour', () => {
    // With 0 and 255 among them the step is 1 and the zero point 0.
    const x = Float32Array.from([0, 255, 2.4995, 2.5005, 3.5, 4.49, 4.51]);
    const { data } = fakeQuantize({ dims: [1, 1, 7], data: x }, { ties: 'other' });
    assert.deepEqual([...data], [0, 255, 3, 2, 3, 4, 5]);
  });
});

suite('reference/halfPrecision', () => {
  test('numbers become what ONNX Runtime rounds them to', async () => {
    const random = new Random(5);
    const x = Float32Array.from(
      { length: 4000 },
      () => (random.unit() - 0.5) * 2 ** Math.round(random.unit() * 44 - 28),
    );
    x.set([0, -0, 65504, -65504, 2 ** -24, 2 ** -25, 3 * 2 ** -26, 1 + 2 ** -11, 1 + 3 * 2 ** -11]);
    const to = { kind: 'int', value: 10 } as const;
    const nodes = [{ opType: 'Cast', inputs: ['x'], outputs: ['y'], attributes: { to } }];
    const expected = await computed(x, [x.length], nodes, 'float16');
    // Which of the two zeros it is does not matter.
    const unsigned = (value: number): number => value + 0;
    assert.deepEqual(x.map(nearestHalf).map(unsigned), expected.map(unsigned));
    assert.equal(nearestHalf(1e6), 65504);
  });
});
