import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { openSession } from '../../../../../src/engine/runtime/session';
import { asFloat32, boolVector, type Tensor } from '../../../../../src/engine/runtime/tensor';
import { findAttentionTaps } from '../../../../../src/onnx/attention/findAttention';
import { folder, readBytes } from '../../../../support/onnx/fixtures';
import {
  fusedCases,
  fusedFixture,
  type FusedCase,
  type Numbers,
} from '../../../../support/onnx/fused';
import { largestDifference, openTapped, output } from '../../../../support/onnx/tapped';

/** Half precision keeps three digits. */
const toleranceOf = ({ name }: FusedCase): number => (name.endsWith('float16') ? 1e-3 : 1e-5);

suite('onnx/attention/fused, one attention each', () => {
  for (const one of fusedCases()) {
    test(`gives the map of ${one.name}.onnx that its definition tells`, async () => {
      const map = await firstMap(one);
      assert.deepEqual([...map.dims], one.map.dims);
      const largest = largestDifference(asFloat32(map), one.map.data);
      assert.ok(largest <= toleranceOf(one), `off by ${largest}`);
    });
  }

  test('leaves the result of the operator as it is', async () => {
    for (const name of ['onnx-past', 'multi-head-past', 'group-query-past', 'projected-past']) {
      const one = fusedCases().find((each) => each.name === name);
      assert.ok(one);
      const plain = await openSession({ bytes: fixtureOf(one), folder }, name);
      const tapped = await openTapped(fixtureOf(one), folder, name);
      try {
        const [before, after] = [
          output(await plain.run(feedsOf(one), [RESULT]), RESULT),
          output(await tapped.session.run(feedsOf(one), [RESULT]), RESULT),
        ];
        assert.deepEqual(after, before);
      } finally {
        await plain.dispose();
        await tapped.session.dispose();
      }
    }
  });

  test('numbers layers as they are computed, not as they stand in the file', async () => {
    const unsorted = fusedCases().find(({ name }) => name === 'unsorted');
    assert.ok(unsorted);
    const taps = findAttentionTaps(await readBytes(fixtureOf(unsorted)), 'test.onnx');
    assert.deepEqual(
      taps.map(({ id, added }) => [id, added?.nodes?.[0]?.inputs[0]]),
      [
        ['blocks.0.attn', 'x'],
        ['blocks.1.attn', 'y'],
      ],
    );
  });
});

/** The output that all the graphs have. */
const RESULT = 'z';

async function firstMap(one: FusedCase): Promise<Tensor> {
  const { taps, session } = await openTapped(fixtureOf(one), folder, one.name);
  try {
    const [tap] = taps;
    assert.ok(tap);
    return output(await session.run(feedsOf(one), [tap.value]), tap.value);
  } finally {
    await session.dispose();
  }
}

function fixtureOf({ name }: FusedCase): Uint8Array {
  return fusedFixture('operators', `${name}.onnx`);
}

function feedsOf({ feeds, switch: choice }: FusedCase): Map<string, Tensor> {
  const all = new Map(Object.entries(feeds).map(([input, numbers]) => [input, single(numbers)]));
  return choice === null ? all : all.set(choice, boolVector(false));
}

function single({ dims, data }: Numbers): Tensor {
  return { type: 'float32', data: Float32Array.from(data), dims };
}
