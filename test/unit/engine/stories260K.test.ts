import { suite, suiteSetup, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { realModel } from '../../support/skips';
import { context, listen } from '../../support/engine/models';

/**
 * A real model that others trained. The 200 tokens are those that llama2.c publishes for it. The file
 * has no cache inputs, so that this is the path that computes every step from all tokens; that both
 * paths agree is shown by the tiny models of complete.test.ts.
 */
suite('engine, with the real model stories260K', () => {
  let stories: string;

  suiteSetup(function () {
    stories = realModel(this, 'stories260K');
  });

  test('greedy decoding gives the 200 reference tokens', async () => {
    const folder = stories;
    const model = { folder };
    const { ids, text } = JSON.parse(
      readFileSync(path.join(folder, 'reference_greedy200.json'), 'utf8'),
    ) as { ids: number[]; text: string };
    const { engine } = listen();
    const { keyValueCache } = await engine.openModel({ model }, context());
    assert.equal(keyValueCache, false);
    const { tokens } = await engine.tokenize({ model, text: '' }, context());
    assert.deepEqual(
      tokens.map(({ id }) => id),
      ids.slice(0, 1),
      'the reference starts with the begin token, which is the prompt',
    );
    const answer = await engine.complete(
      { model, text: '', options: { maxNewTokens: ids.length - 1, temperature: 0 } },
      context(),
    );
    assert.deepEqual(
      answer.tokens.map(({ id }) => id),
      ids.slice(1),
    );
    assert.equal(answer.text, text);
  }).timeout(60_000);

  test('the reference has the attention of the runtime at all five layers', async () => {
    const { engine } = listen();
    const text = 'Once upon a time, there was a little girl named Lily.';
    const { trace } = await engine.trace({ model: { folder: stories }, text }, context());
    const { sites, logits, weights } = await engine.verify({ trace }, context());
    assert.equal(sites.length, 5);
    assert.ok(sites.every(({ maxAbsDiff }) => maxAbsDiff <= 1e-5));
    assert.ok(logits && logits.maxAbsDiff <= 1e-5 * logits.scale);
    // 260,032 numbers in 47 tensors, one of which is both the embeddings and the output layer.
    assert.deepEqual(weights.kind === 'compared' && [weights.values, weights.inGraphs], [
      260_032,
      { compared: 47, weights: 47 },
    ]);
  });
});
