import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import path from 'node:path';
import type { Task } from '../../../src/shared/modelSummary';
import { inEnglish } from '../../../src/shared/failure';
import { agrees } from '../../../src/shared/verification';
import { rejection } from '../../support/failures';
import { temporaryFolder } from '../../support/temporary';
import {
  bundled,
  change,
  context,
  listen,
  tinyEncoder,
  tinySeq2seq,
} from '../../support/engine/models';
import { renameOutput } from '../../support/engine/redeclared';

const TEXT = 'the cat sat on the mat';

/** What each bundled model is asked about. */
const BUNDLED: [Task, string][] = [
  ['complete', 'The parser reads the configuration file.'],
  ['translate', 'Cannot open the file.'],
  ['summarize', 'The server creates a session. It keeps the settings of the client.'],
  ['fillMask', 'The [MASK] is empty.'],
];

suite('engine: the reference Transformer on a trace', () => {
  const { engine } = listen();
  const traced = async (folder: string, text = TEXT) =>
    engine.trace({ model: { folder }, text }, context());

  for (const [name, folder] of [
    ['bert', tinyEncoder()],
    ['marian, merged', tinySeq2seq('marian')],
    ['t5, split', tinySeq2seq('t5', 'split')],
  ] as const) {
    test(`${name}: attention and logits of the runtime are the reference's`, async () => {
      const { trace, sites } = await traced(folder);
      const found = await engine.verify({ trace }, context());
      assert.deepEqual(
        found.sites.map(({ id }) => id),
        sites.map(({ id }) => id),
      );
      for (const { id, maxAbsDiff } of found.sites) {
        assert.ok(maxAbsDiff <= 1e-5, `${id}: ${maxAbsDiff}`);
      }
      assert.ok(found.logits);
      const { maxAbsDiff, scale } = found.logits;
      assert.ok(scale > 0 && maxAbsDiff <= 1e-5 * Math.max(1, scale), `logits: ${maxAbsDiff}`);
      assert.equal(found.quantized, false);
    });
  }

  for (const [task, text] of BUNDLED) {
    test(`the bundled model for ${task} is verified`, async () => {
      const { trace } = await engine.trace({ model: { bundled: task }, text }, context());
      const found = await engine.verify({ trace }, context());
      assert.ok(agrees(found), JSON.stringify(found));
    });
  }

  test('a text whose maps are not kept is verified and rolled out, too', async () => {
    const { trace, sites } = await traced(bundled, `${BUNDLED[0]?.[1]} `.repeat(80));
    const [first] = sites;
    assert.ok(first && sites.length * first.heads * first.queries ** 2 * 4 > 32 * 2 ** 20);
    assert.ok(agrees(await engine.verify({ trace }, context())));
    const [rollout] = await engine.rollout({ trace }, context());
    assert.equal(rollout?.tokens, first.queries);
    const last = rollout.values.slice(-rollout.tokens);
    assert.ok(Math.abs(last.reduce((sum, share) => sum + share, 0) - 1) <= 1e-4);
  });

  test('other numbers are found out', async () => {
    const folder = copyOf('onnx/model.onnx');
    change(path.join(folder, 'config.json'), { rms_norm_eps: 0.5 });
    const { trace } = await traced(folder);
    assert.ok(!agrees(await engine.verify({ trace }, context())));
  });

  test('a model without an output layer is verified by its attention alone', async () => {
    const folder = copyOf('onnx/model.onnx');
    renameOutput(path.join(folder, 'onnx/model.onnx'), 'logits', 'last_hidden_state');
    const { trace } = await traced(folder);
    const found = await engine.verify({ trace }, context());
    assert.equal(found.logits, undefined);
    assert.ok(found.sites.length > 0 && agrees(found));
  });

  test('int8: the reference rounds activations as the graph does', async () => {
    const folder = copyOf('onnx/model_quantized.onnx');
    const { trace } = await traced(folder);
    const found = await engine.verify({ trace }, context());
    const { quantized, followed, half, unfollowed } = found;
    assert.deepEqual(
      { quantized, followed, half, unfollowed },
      { quantized: true, followed: true, half: false, unfollowed: [] },
    );
    assert.ok(agrees(found), JSON.stringify(found));
  });

  test('layers are reported, and a run that was cancelled ends between two of them', async () => {
    const { trace } = await traced(bundled);
    const reported: unknown[] = [];
    await engine.verify({ trace }, context(undefined, reported));
    assert.deepEqual(reported.at(0), { done: 0, total: 12 });
    assert.deepEqual(reported.at(-1), { done: 12, total: 12 });

    const cancelling = new AbortController();
    const verifying = engine.verify(
      { trace },
      {
        signal: cancelling.signal,
        report: ({ done }) => {
          if (done === 1) {
            cancelling.abort();
          }
        },
      },
    );
    await assert.rejects(async () => verifying, { name: 'AbortError' });
  });

  test('recorded patterns are the maps of the trace', async () => {
    const { trace } = await traced(bundled);
    const site = 'blocks.1.attn';
    const [pattern] = await engine.record({ trace, points: [`${site}.hook_pattern`] }, context());
    assert.ok(pattern);
    const [, heads = 0, queries = 0, keys = 0] = pattern.dims;
    assert.ok(heads > 1);
    for (let head = 0; head < heads; head++) {
      const { values } = await engine.headMap({ trace, site, head }, context());
      const own = pattern.values.subarray(head * queries * keys, (head + 1) * queries * keys);
      assert.ok(values.every((value, i) => Math.abs(value - (own[i] ?? NaN)) <= 1e-5));
    }
    const names = (await engine.hookPoints({ trace }, context())).map(({ name }) => name);
    assert.ok(names.includes(pattern.name));
    const unknown = await rejection(async () =>
      engine.record({ trace, points: ['blocks.9.hook_z'] }, context()),
    );
    assert.equal(unknown.kind, 'input');
  });

  test('without a head, tokens have other probabilities; before, those of the trace', async () => {
    const { trace, sequences } = await traced(bundled);
    const effect = await engine.ablate({ trace, site: 'blocks.1.attn', head: 2 }, context());
    const rated = sequences.decoder?.flatMap(({ prediction }) => prediction ?? []) ?? [];
    assert.equal(effect.tokens.length, rated.length);
    for (const [index, { before, after }] of effect.tokens.entries()) {
      assert.ok(Math.abs(before - (rated[index]?.probability ?? NaN)) <= 1e-6);
      assert.notEqual(before, after);
    }
    const logs = effect.tokens.map(({ before, after }) => Math.log(after / before));
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    assert.ok(Math.abs((effect.meanLogChange ?? NaN) - mean) <= 1e-6);
    assert.ok(effect.divergence > 0);
    // The place of the largest divergence; effect.test.ts holds it against transformers.
    assert.ok(effect.position >= 0 && effect.position < (sequences.decoder?.length ?? 0));
  });

  test('a family that the reference does not know is named', async () => {
    const folder = copyOf('onnx/model.onnx');
    change(path.join(folder, 'config.json'), { model_type: 'gpt_mystery' });
    const { trace } = await traced(folder);
    const { kind, what } = await rejection(async () => engine.verify({ trace }, context()));
    assert.equal(kind, 'unsupported');
    assert.match(inEnglish(what), /gpt_mystery/);
  });
});

/** A copy of the bundled model that completes, with one of its graphs. */
function copyOf(graph: string): string {
  const folder = temporaryFolder();
  cpSync(bundled, folder, { recursive: true, filter: (file) => !file.endsWith('.onnx') });
  cpSync(path.join(bundled, graph), path.join(folder, 'onnx/model.onnx'));
  return folder;
}
