import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ModelProfile, PassProfile } from '../../../../../src/shared/modelProfile';
import { listen, tinyModel } from '../../../../support/engine/models';
import { rejection } from '../../../../support/failures';
import { root } from '../../../../support/root';
import { context } from '../../../../support/tensors/call';

const TEXT = 'The client tries to open it again.';

function profile(model: string, runs = 3, text = TEXT): Promise<ModelProfile> {
  const target = path.resolve(root, model);
  return Promise.resolve(listen().engine.profile({ path: target, runs, text }, context()));
}

suite('engine/tasks/profile', () => {
  test('a decoder reads a text, and then a token behind its cache', async () => {
    const { passes, text } = await profile('models/headlight-complete');
    assert.equal(text, TEXT);
    assert.deepEqual(
      passes.map(({ kind, cached }) => [kind, cached > 0]),
      [
        ['read', false],
        ['step', true],
      ],
    );
    assert.equal(passes[1]?.cached, passes[0]?.tokens);
    passes.forEach((pass) => {
      assertSums(pass);
      // Six layers, each with a product of queries and keys, a Softmax and a weighted sum.
      assert.ok((pass.attention ?? 0) > 0);
      assert.equal(calls(pass, 'Softmax'), 6);
      assert.ok(moduleNames(pass).includes('self_attn'));
    });
  });

  test('an encoder reads it once', async () => {
    const { passes } = await profile('models/headlight-fill-mask');
    assert.deepEqual(
      passes.map(({ kind }) => kind),
      ['encode'],
    );
    passes.forEach(assertSums);
  });

  test('a translator has three ways, and what is in branches has its place', async () => {
    const { passes, target } = await profile('models/headlight-translate-en-zh');
    assert.ok(target);
    assert.deepEqual(
      passes.map(({ kind }) => kind),
      ['encode', 'read', 'step'],
    );
    passes.forEach((pass) => {
      assertSums(pass);
      assert.ok((pass.attention ?? 0) > 0, pass.kind);
      assert.equal(calls(pass, 'If'), 0);
    });
    const [, read] = passes;
    // Two layers, each with attention to itself and to the source.
    assert.equal(read && calls(read, 'Softmax'), 4);
  });

  test('a file is profiled with what lies around it', async () => {
    const file = 'models/headlight-complete/onnx/model_quantized.onnx';
    const { passes } = await profile(file, 1);
    assert.equal(passes[0]?.file, path.join(root, file));
    assert.ok(passes[0].operators.some(({ name }) => name.includes('MatMulInteger')));
  });

  test('as many runs as are asked for', async () => {
    const [pass] = (await profile('models/headlight-fill-mask', 4)).passes;
    assert.deepEqual([pass?.steady.runs, pass?.profiled.runs], [4, 4]);
  });

  test('nothing is left on the disk, nor when it is stopped', async () => {
    const left = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith('headlight-profile-'));
    const before = left();
    await profile('models/headlight-fill-mask', 1);
    const controller = new AbortController();
    let heard = 0;
    const stopped = listen().engine.profile(
      { path: path.join(root, 'models/headlight-fill-mask'), runs: 50 },
      {
        signal: controller.signal,
        report: ({ share }) => {
          heard += 1;
          if (share > 0.6) controller.abort(new Error('enough'));
        },
      },
    );
    await assert.rejects(Promise.resolve(stopped), /enough/);
    assert.ok(heard > 50);
    assert.deepEqual(left(), before);
  });

  test('what cannot be run says why', async () => {
    const { kind } = await rejection(() => profile('test/fixtures/diff/a.onnx'));
    assert.equal(kind, 'model');
    const none = await rejection(() => profile(tinyModel('llama', 'with-cache'), 1, ''));
    assert.equal(none.kind, 'input');
  });
});

/** What is told of parts is no more than the whole, and the parts of a list add up. */
function assertSums(pass: PassProfile): void {
  const { operators, modules, unplaced, outside, profiled, steady, attention = 0 } = pass;
  const inNodes = operators.reduce((sum, { time }) => sum + time, 0);
  const [whole] = modules;
  assert.ok(whole);
  assert.ok(Math.abs(whole.time + unplaced - inNodes) < 1e-9 * inNodes + 1e-9);
  assert.ok(inNodes + outside <= profiled.most * 1.001 + 0.001);
  assert.ok(attention <= inNodes);
  modules.forEach(({ parent, time }) => {
    assert.ok(parent === undefined || time <= (modules[parent]?.time ?? 0) + 1e-9);
  });
  assert.ok(steady.least <= steady.median && steady.median <= steady.most);
  assert.ok((pass.peakMemory ?? 0) > 0);
}

function calls({ operators }: PassProfile, operator: string): number {
  return Math.round(operators.find(({ name }) => name === operator)?.calls ?? 0);
}

function moduleNames({ modules }: PassProfile): string[] {
  return modules.map(({ name }) => name);
}
