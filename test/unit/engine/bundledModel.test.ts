import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rejection } from '../../support/failures';
import { root } from '../../support/root';
import { temporaryFolder } from '../../support/temporary';
import { bundled, context, listen } from '../../support/engine/models';

/** What `python -m headlight_train complete reference` writes. */
interface Reference {
  offsetUnit: string;
  cases: {
    prompt: string;
    ids: number[];
    /** [start, end] of each token, in Unicode code points. */
    offsets: [number, number][];
    greedy: { ids: number[]; text: string; logProbabilities: number[] };
    attention?: { layer: number; head: number; pattern: number[][] }[];
  }[];
}

const file = path.join(root, 'test/fixtures/complete/reference.json');
const reference = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as Reference)
  : undefined;

suite('engine, with the bundled model', () => {
  const { engine } = listen();

  test('opens, with its cache', async () => {
    const summary = await engine.openModel({ model: { bundled: 'complete' } }, context());
    assert.equal(summary.folder, bundled);
    assert.equal(summary.family, 'llama');
    assert.deepEqual(summary.files, ['onnx/model.onnx']);
    assert.equal(summary.keyValueCache, true);
    assert.deepEqual(Object.keys(summary.layers), ['decoder']);
    assert.ok(summary.heads > 0 && summary.context >= 256);
  });

  test('one that is missing is a failure that names its folder', async () => {
    const { engine: elsewhere, activities } = listen(temporaryFolder());
    for (const call of [
      () => elsewhere.openModel({ model: { bundled: 'translate' } }, context()),
      () => elsewhere.tokenize({ model: { bundled: 'translate' }, text: 'a' }, context()),
    ]) {
      const { kind, where } = await rejection(call);
      assert.equal(kind, 'model');
      assert.ok(where?.endsWith(path.join('models', 'headlight-translate-en-zh')));
    }
    assert.equal(activities.at(-1)?.state, 'failed');
  });

  test('goes on with a sentence', async () => {
    const answer = await engine.complete(
      {
        model: { folder: bundled },
        text: 'The function returns the number of',
        options: { maxNewTokens: 12, temperature: 0 },
      },
      context(),
    );
    assert.notEqual(answer.text.trim(), '');
    assert.ok(answer.tokens.every(({ logprob }) => logprob <= 0 && logprob > -50));
  });

  test('begins a text of its own', async () => {
    const answer = await engine.complete(
      { model: { folder: bundled }, text: '', options: { maxNewTokens: 12, temperature: 0 } },
      context(),
    );
    assert.ok(answer.tokens.length > 0);
    assert.notEqual(answer.text, '');
  });

  test('goes on with a text of any script', async () => {
    for (const text of ['Größe 🙂', '选择文字', '\n\n\t', '\u0000']) {
      const answer = await engine.complete(
        { model: { folder: bundled }, text, options: { maxNewTokens: 4, temperature: 0 } },
        context(),
      );
      assert.ok(answer.stop === 'length' || answer.stop === 'end');
    }
  });
});

suite('engine, with the bundled model, against PyTorch', () => {
  if (reference === undefined) {
    test('(skipped: test/fixtures/complete/reference.json is not there)');
    return;
  }
  const { engine } = listen();

  for (const { prompt, ids, offsets, greedy, attention } of reference.cases) {
    const title = JSON.stringify(prompt.length > 40 ? `${prompt.slice(0, 40)}…` : prompt);

    test(`${title}: tokens and their characters`, async () => {
      const { tokens } = await engine.tokenize(
        { model: { folder: bundled }, text: prompt },
        context(),
      );
      assert.equal(reference.offsetUnit, 'Unicode code point');
      const units = codePointOffsets(prompt);
      assert.deepEqual(
        tokens.map(({ id, start, end }) => [id, start, end]),
        ids.map((id, i) => [id, ...(offsets[i] ?? []).map((offset) => units[offset])]),
      );
    });

    test(`${title}: greedy tokens and their log-probabilities`, async () => {
      const { tokens, text, stop } = await engine.complete(
        {
          model: { folder: bundled },
          text: prompt,
          options: { maxNewTokens: greedy.ids.length, temperature: 0, repetitionPenalty: 1 },
        },
        context(),
      );
      const expected = stop === 'end' ? greedy.ids.slice(0, -1) : greedy.ids;
      assert.deepEqual(
        tokens.map(({ id }) => id),
        expected,
      );
      // A character that the last token leaves incomplete is left out.
      assert.equal(text, greedy.text.replace(/\ufffd+$/, ''));
      for (const [index, { logprob }] of tokens.entries()) {
        const difference = Math.abs(logprob - (greedy.logProbabilities[index] as number));
        assert.ok(difference <= 1e-4, `log-probability ${index} is off by ${difference}`);
      }
    });

    if (attention !== undefined) {
      test(`${title}: attention`, async () => {
        const { trace, sites } = await engine.trace(
          { model: { folder: bundled }, text: prompt },
          context(),
        );
        for (const { layer, head, pattern } of attention) {
          const site = sites.find((candidate) => candidate.layer === layer)?.id ?? '';
          const { values, keys } = await engine.headMap({ trace, site, head }, context());
          assert.equal(values.length, pattern.flat().length);
          for (const [query, row] of pattern.entries()) {
            for (const [key, expected] of row.entries()) {
              const difference = Math.abs((values[query * keys + key] as number) - expected);
              assert.ok(difference <= 1e-5, `${site}.${head}[${query}][${key}]: ${difference}`);
            }
          }
        }
      });
    }
  }
});

test('the head that the card names looks at the token before', async () => {
  const { engine } = listen();
  const text = 'The parser reads the configuration file and reports an error.';
  const { trace } = await engine.trace({ model: { folder: bundled }, text }, context());
  const card = readFileSync(path.join(bundled, 'MODEL_CARD.md'), 'utf8');
  const [, layer, head] =
    /looks most at the token before it is layer (\d+), head\s+(\d+)/.exec(card) ?? assert.fail();
  const params = { trace, site: `blocks.${layer}.attn`, head: Number(head) };
  const { reading } = await engine.headMap(params, context());
  assert.equal(reading?.kind, 'previousToken');
});

/** The UTF-16 offset of each code point of a text, and of its end. */
function codePointOffsets(text: string): number[] {
  const offsets = [0];
  for (const character of text) {
    offsets.push((offsets.at(-1) ?? 0) + character.length);
  }
  return offsets;
}
