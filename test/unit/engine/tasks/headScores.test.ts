import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { openModel } from '../../../../src/engine/openModel';
import { headScores } from '../../../../src/engine/tasks/headScores';
import { repeatedTokens } from '../../../../src/engine/tasks/repeatedTokens';
import { scoredKind } from '../../../../src/trace/headScores';
import { root } from '../../../support/root';
import { realModel } from '../../../support/skips';
import { tinyModel } from '../../../support/engine/models';

/** What `test/fixtures/trace/headScores.py` writes of a model; scores are [layer][head]. */
interface Expected {
  /** Of each sequence, those of one copy. */
  ids: number[][];
  chance: number;
  induction: number[][];
  duplicateToken: number[][];
  previousToken: number[][];
}

const byModel = JSON.parse(
  readFileSync(path.join(root, 'test/fixtures/trace/headScores.json'), 'utf8'),
) as Record<string, Expected>;

const { signal } = new AbortController();

suite('engine: heads on repeated random tokens', () => {
  test('the bundled model’s scores equal those of transformers', () =>
    compare('headlight-complete', path.join(root, 'models/headlight-complete')));

  test('the scores of a real model equal those of transformers', function () {
    return compare('stories260K', realModel(this, 'stories260K'));
  });

  test('a model is measured once', async () => {
    const model = await openModel(tinyModel('gpt2', 'without-cache'));
    const first = headScores(model, signal);
    assert.equal(headScores(model, signal), first);
    await first;
  });

  test('what was stopped is measured again', async () => {
    const model = await openModel(tinyModel('gpt2', 'without-cache'));
    await assert.rejects(headScores(model, AbortSignal.abort()), { name: 'AbortError' });
    assert.ok((await headScores(model, signal)).length > 0);
  });

  test('an encoder is measured between its special tokens, an encoder–decoder model not at all', async () => {
    const encoder = await openModel(path.join(root, 'models/headlight-fill-mask'));
    const { tokens, start, length } = repeatedTokens(encoder.tokenizer, {
      vocabulary: 4096,
      context: 128,
      wanted: 50,
      seed: 1,
    });
    assert.deepEqual(
      tokens.map(({ special }) => special),
      [true, ...new Array<boolean>(2 * length).fill(false), true],
    );
    assert.deepEqual([start, length], [1, 50]);
    const [site] = await headScores(encoder, signal);
    assert.ok(Math.abs((site?.heads[0]?.chance ?? 0) - 1 / 102) < 1e-9);
    const both = await openModel(path.join(root, 'models/headlight-summarize'));
    assert.deepEqual(await headScores(both, signal), []);
  });

  test('the tokens are different words, twice in one order, and fit the model', async () => {
    const { tokenizer } = await openModel(path.join(root, 'models/headlight-complete'));
    const drawing = { vocabulary: 4096, context: 33, wanted: 50, seed: 3 };
    const { tokens, start, length } = repeatedTokens(tokenizer, drawing);
    assert.ok(tokens.length <= 33 && start + 2 * length === tokens.length);
    const ids = tokens.map(({ id }) => id);
    const copy = ids.slice(start, start + length);
    assert.deepEqual(ids.slice(start + length), copy);
    assert.equal(new Set(copy).size, length);
    assert.ok(copy.every((id) => /[\p{L}\p{N}]/u.test(tokenizer.decode([id]))));
    assert.deepEqual(repeatedTokens(tokenizer, drawing).tokens, tokens);
    const others = repeatedTokens(tokenizer, { ...drawing, seed: 4 }).tokens;
    assert.notDeepEqual(others, tokens);
  });
});

async function compare(name: string, folder: string): Promise<void> {
  const expected = byModel[name] as Expected;
  const model = await openModel(folder);
  for (const [index, ids] of expected.ids.entries()) {
    const { tokens, start, length } = repeatedTokens(model.tokenizer, {
      vocabulary: model.summary.vocabulary,
      context: model.limits.context,
      wanted: 50,
      seed: index + 1,
    });
    assert.deepEqual(
      tokens.slice(start, start + length).map(({ id }) => id),
      ids,
    );
  }
  const sites = await headScores(model, signal);
  assert.equal(sites.length, expected.induction.length);
  for (const [layer, { heads }] of sites.entries()) {
    assert.equal(heads.length, expected.induction[layer]?.length);
    for (const [head, { chance, kind, limit: _, ...scores }] of heads.entries()) {
      assert.ok(Math.abs(chance - expected.chance) < 1e-5);
      assert.equal(kind, scoredKind(scores));
      for (const [score, value] of Object.entries(scores)) {
        const known = expected[score as keyof typeof scores][layer]?.[head] ?? NaN;
        assert.ok(
          Math.abs(value - known) < 1e-4,
          `${score} of ${layer}.${head}: ${value}, ${known}`,
        );
      }
    }
  }
}
