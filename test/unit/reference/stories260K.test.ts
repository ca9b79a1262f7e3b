import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteSetup, test } from 'mocha';
import { plainKernel } from '../../../src/reference/kernel/plainKernel';
import { rows } from '../../../src/reference/tensor';
import { openReference } from '../../../src/reference/transformer';
import { stateDictParameters } from '../../../src/weights/parameterStore';
import { realModel } from '../../support/skips';
import { openStateDict } from '../../support/weights/files';

/** Tokens that are decoded one by one. */
const STEPS = 12;

/** A real model that others trained. The 200 tokens are those that llama2.c publishes for it. */
suite('reference Transformer, with the real model stories260K', () => {
  let stories: string;

  suiteSetup(function () {
    stories = realModel(this, 'stories260K');
  });

  test('greedy decoding by the reference alone gives the 200 reference tokens', async () => {
    const folder = stories;
    const { ids } = json(path.join(folder, 'reference_greedy200.json')) as { ids: number[] };
    assert.equal(ids.length, 1 + 200);
    const { tensors, reader } = await openStateDict(path.join(folder, 'model.safetensors'));
    const store = stateDictParameters(tensors, reader);
    const model = openReference(json(path.join(folder, 'config.json')), store, plainKernel);
    const next = async (text: number[]): Promise<number[]> => {
      const { logits } = await model.run({ ids: [text] });
      return [...rows(logits)].map((row) => row.indexOf(row.reduce((a, b) => Math.max(a, b))));
    };

    const [begin = NaN] = ids;
    const decoded = [begin];
    while (decoded.length <= STEPS) {
      decoded.push((await next(decoded)).at(-1) ?? NaN);
    }
    assert.deepEqual(decoded, ids.slice(0, 1 + STEPS));
    // No token sees those behind it, so that one run over all of them is every step of decoding, as
    // long as each is the one that the text before it makes most likely.
    assert.deepEqual(await next(ids.slice(0, -1)), ids.slice(1));
  }).timeout(60_000);
});

function json(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
