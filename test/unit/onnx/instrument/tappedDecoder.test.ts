import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { asFloat32, int64Row } from '../../../../src/engine/runtime/tensor';
import { findAttentionTaps } from '../../../../src/onnx/attention/findAttention';
import { tapFragment } from '../../../../src/onnx/instrument/tappedModel';
import { realModel } from '../../../support/skips';
import { fixture, folder, json, readBytes, type Expected } from '../../../support/onnx/fixtures';
import { largestDifference, openTapped, output } from '../../../support/onnx/tapped';

suite('onnx/instrument/tappedModel', () => {
  for (const [name, expected] of [
    ['llama-eager', 'llama'],
    ['llama-sdpa', 'llama'],
    ['llama-sdpa-dynamo', 'llama'],
    ['gpt2-eager', 'gpt2'],
    ['gpt2-sdpa', 'gpt2'],
    ['gpt2-eager-dynamo', 'gpt2'],
  ] as const) {
    test(`gives the attention of ${name}.onnx that transformers computes`, async () => {
      await agree(fixture(`${name}.onnx`), folder, `${expected}.json`);
    });
  }

  test('gives the attention of a real model that transformers computes', async function () {
    const real = path.join(realModel(this, 'stories260K'), 'onnx');
    const maps = await agree(readFileSync(path.join(real, 'model.onnx')), real, 'stories260K.json');
    assert.equal(maps.length, 5);
  });

  test('gives zeros and not NaN where everything is masked', async () => {
    const { run, values } = await tapped(fixture('gpt2-sdpa.onnx'), folder);
    const outputs = await run([1, 2, 3], [0, 0, 1]);
    for (const value of values) {
      const map = asFloat32(output(outputs, value)).subarray(0, 9);
      assert.deepEqual([...map], [0, 0, 0, 0, 0, 0, 0, 0, 1]);
    }
  });

  test('adds nothing but outputs, once each', async () => {
    const bytes = fixture('gpt2-eager.onnx');
    const model = await readBytes(bytes);
    const values = findAttentionTaps(model, 'test.onnx').map(({ value }) => value);
    const [first = ''] = values;
    const fragment = tapFragment(model, ['logits', ...values, first]);
    const extended = await readBytes(Buffer.concat([bytes, fragment]));

    const outputs = [...model.graph.outputs, ...values.map((name) => ({ name }))];
    assert.deepEqual(extended, { ...model, graph: { ...model.graph, outputs } });
    assert.ok(fragment.length < 100, `${fragment.length} bytes`);
    assert.equal(tapFragment(extended, values).length, 0);
    assert.equal(tapFragment(model, ['logits']).length, 0);
  });

  test('takes names that are long or not ASCII', async () => {
    const { graph, ...model } = await readBytes(fixture('gpt2-eager.onnx'));
    const names = ['größer', 'x'.repeat(200), 'y'.repeat(16384)];
    const [node] = graph.nodes;
    assert.ok(node);
    const named = { ...model, graph: { ...graph, nodes: [{ ...node, outputs: names }] } };
    const fragment = tapFragment(named, names);
    const extended = await readBytes(Buffer.concat([fixture('gpt2-eager.onnx'), fragment]));
    assert.deepEqual(
      extended.graph.outputs.slice(1),
      names.map((name) => ({ name })),
    );
  });

  test('refuses values that the graph does not compute', async () => {
    const model = await readBytes(fixture('gpt2-eager.onnx'));
    for (const name of ['nonsense', '', 'input_ids']) {
      assert.throws(() => tapFragment(model, [name]), RangeError);
    }
  });
});

/** Opens a model with all its attention tapped. */
async function tapped(bytes: Uint8Array, dataFolder: string) {
  const { taps, session } = await openTapped(bytes, dataFolder, 'test.onnx');
  const values = taps.map(({ value }) => value);
  const run = async (ids: number[], mask: number[]) => {
    const feeds = new Map([
      ['input_ids', int64Row(ids)],
      ['attention_mask', int64Row(mask)],
    ]);
    try {
      return await session.run(feeds, ['logits', ...values]);
    } finally {
      await session.dispose();
    }
  };
  return { run, values };
}

/** Runs a tapped model and holds maps and logits against the expected ones; answers the maps. */
async function agree(bytes: Uint8Array, dataFolder: string, name: string): Promise<Float32Array[]> {
  const { ids, heads, attentions, logits } = json(name) as Expected;
  const { run, values } = await tapped(bytes, dataFolder);
  const outputs = await run(
    ids,
    ids.map(() => 1),
  );
  assert.equal(values.length, attentions.length);
  const maps = values.map((value, layer) => {
    const map = output(outputs, value);
    assert.deepEqual([...map.dims], [1, heads, ids.length, ids.length]);
    close(asFloat32(map), attentions[layer] ?? [], 1e-5);
    return asFloat32(map);
  });
  for (const map of maps) {
    for (let row = 0; row < map.length; row += ids.length) {
      const sum = map.subarray(row, row + ids.length).reduce((total, p) => total + p, 0);
      assert.ok(Math.abs(sum - 1) < 1e-5, `a row sums to ${sum}`);
    }
  }
  close(asFloat32(output(outputs, 'logits')), logits, 1e-4);
  return maps;
}

function close(actual: Float32Array, expected: readonly number[], tolerance: number): void {
  const largest = largestDifference(actual, expected);
  assert.ok(largest <= tolerance, `the largest difference is ${largest}`);
}
