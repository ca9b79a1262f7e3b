import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openModel } from '../../../../src/engine/openModel';
import { fillMask } from '../../../../src/engine/tasks/fillMask';
import { fillMaskModel } from '../../../../src/engine/tasks/compatibleModel';
import type { FilledBlank } from '../../../../src/shared/generation';
import { rejection } from '../../../support/failures';
import {
  context,
  encoderReference,
  listen,
  tinyEncoder,
  tinySeq2seq,
} from '../../../support/engine/models';

const MASK = '[MASK]';
/** All that the tiny vocabulary has, parts of words and special tokens among them. */
const ALL = 100;
const CONTEXT = 32;

function fill(text: string, hidden: string, count: number, folder = tinyEncoder()) {
  const start = text.indexOf(hidden);
  const blank = { start, end: start + hidden.length };
  return listen().engine.fillMask({ model: { folder }, text, blank, count }, context());
}

const words = ({ candidates }: FilledBlank): string[] => candidates.map(({ text }) => text);

suite('engine/tasks/fillMask', () => {
  for (const { text, best, probabilities } of encoderReference().masked) {
    test(`“${text}”: the probabilities of transformers`, async () => {
      const { candidates, truncation, warnings } = await fill(text, MASK, ALL);
      const byId = new Map(candidates.map(({ id, probability }) => [id, probability]));
      const shared = best.filter((id) => byId.has(id));
      assert.ok(shared.length >= 2, 'some of the best tokens are whole words');
      for (const id of shared) {
        const difference = Math.abs((byId.get(id) ?? 0) - (probabilities[best.indexOf(id)] ?? 0));
        assert.ok(difference <= 1e-5, `token ${id} is off by ${difference}`);
      }
      assert.deepEqual(
        candidates.map(({ probability }) => probability),
        candidates.map(({ probability }) => probability).sort((a, b) => b - a),
      );
      assert.equal(truncation, undefined);
      assert.deepEqual(warnings, []);
    });
  }

  test('a hidden word is not seen: it is as good as a mask', async () => {
    const masked = await fill('the cat [MASK] on the mat.', MASK, 5);
    const hidden = await fill('the cat sat on the mat.', 'sat', 5);
    assert.deepEqual(hidden, masked);
  });

  test('for a word no parts of words and no special tokens, inside of one the parts', async () => {
    const vocabulary = Object.keys(
      (
        JSON.parse(readFileSync(path.join(tinyEncoder(), 'tokenizer.json'), 'utf8')) as {
          model: { vocab: Record<string, number> };
        }
      ).model.vocab,
    );
    const whole = words(await fill('the cat sat', 'sat', ALL));
    const usual = vocabulary.filter((piece) => !/^##|^\[[A-Z]+\]$/.test(piece));
    assert.deepEqual([...whole].sort(), usual.sort());

    const parts = await fill('the cats', 's', ALL);
    const pieces = vocabulary.filter((piece) => piece.startsWith('##')).map((p) => p.slice(2));
    assert.ok(pieces.length > 0);
    assert.ok(pieces.every((piece) => words(parts).includes(piece)));
    assert.ok(!words(parts).includes('cat'));
    assert.equal((await fill('the cats', 's', 1)).candidates.length, 1);
  });

  test('of a model without capitals the place decides: sentence, name, all capitals, code', async () => {
    const [plain = ''] = words(await fill('the cat sat on it.', 'cat', 1));
    assert.equal(plain, plain.toLowerCase());
    const [upper] = words(await fill('the CAT sat on it.', 'CAT', 1));
    assert.equal(upper, plain.toUpperCase());
    const capitalized = plain.charAt(0).toUpperCase() + plain.slice(1);
    const [named] = words(await fill('the Cat sat on it.', 'Cat', 1));
    assert.equal(named, capitalized);
    for (const text of ['[MASK] cat sat', '// [MASK] cat sat', 'it is. [mask] cat sat']) {
      const [first = ''] = words(await fill(text, /\[.*\]/.exec(text)?.[0] ?? '', 1));
      assert.equal(first, first.charAt(0).toUpperCase() + first.slice(1), text);
    }
    const [code = ''] = words(await fill('open the file', 'open', 1));
    assert.equal(code, code.toLowerCase());
  });

  test('of a long text the tokens around the blank are read', async () => {
    const text = `${'the dog sang. '.repeat(20)}the cat [MASK] on the mat. ${'a dog. '.repeat(20)}`;
    const { candidates, truncation } = await fill(text, MASK, 3);
    assert.deepEqual(
      { ...truncation, total: 0 },
      { used: CONTEXT, total: 0, context: CONTEXT, kept: 'middle' },
    );
    assert.ok((truncation?.total ?? 0) > CONTEXT);
    assert.equal(candidates.length, 3);
    // The window's edges are the text's where the blank is near to one.
    for (const near of [`[MASK] ${text.slice(0, 200)}`, `${text.slice(0, 200)} [MASK]`]) {
      assert.equal((await fill(near, MASK, 3)).candidates.length, 3);
    }
  });

  test('characters that the model does not know are named', async () => {
    const { warnings } = await fill('the 猫 sat on it', 'sat', 1);
    assert.deepEqual(
      warnings.map(({ kind }) => kind),
      ['unknownCharacters'],
    );
  });

  test('a model that calls itself unreliable gets a warning', async () => {
    const model = tinyEncoder();
    writeFileSync(path.join(model, 'headlight.json'), '{"reliable":false}');
    const { warnings } = await fill('a [MASK]', MASK, 1, model);
    assert.deepEqual(warnings, [{ kind: 'unreliable' }]);
  });

  for (const [what, dims] of [
    ['a text', [1, 2]],
    ['each token', [1, 5, 2]],
  ] as const) {
    test(`a classifier of ${what} is refused, though what it returns is called logits`, async () => {
      const model = fillMaskModel(await openModel(tinyEncoder()));
      const data = new Float32Array(dims.reduce<number>((product, size) => product * size, 1));
      model.encoder.graph.session = () =>
        Promise.resolve({
          run: () => Promise.resolve(new Map([['logits', { type: 'float32', data, dims }]])),
          dispose: () => Promise.resolve(),
        });
      const blank = { start: 2, end: 8 };
      const failure = await rejection(() => fillMask(model, 'a [MASK] b', blank, 1));
      assert.equal(failure.kind, 'unsupported');
      assert.match(failure.message, /cannot fill blanks/);
    });
  }

  test('the mask token has its usual name where no file gives one', async () => {
    const model = tinyEncoder();
    rmSync(path.join(model, 'tokenizer_config.json'));
    assert.deepEqual(await fill('a [MASK]', MASK, 2, model), await fill('a [MASK]', MASK, 2));
  });

  test('a model without a mask token, or of another kind, is refused', async () => {
    const model = tinyEncoder();
    const file = path.join(model, 'tokenizer_config.json');
    writeFileSync(file, '{"mask_token":"[HIDDEN]"}');
    const unknown = await rejection(() => fill('a cat', 'cat', 1, model));
    assert.match(unknown.message, /“\[HIDDEN\]” has the number \d+, but the model knows/);
    rmSync(file);
    const tokenizer = path.join(model, 'tokenizer.json');
    writeFileSync(tokenizer, readFileSync(tokenizer, 'utf8').replaceAll('[MASK]', '[OTHER]'));
    const failure = await rejection(() => fill('a cat', 'cat', 1, model));
    assert.equal(failure.kind, 'unsupported');
    assert.match(failure.message, /no mask token/);
    const other = await rejection(() => fill('a cat', 'cat', 1, tinySeq2seq('t5')));
    assert.equal(other.kind, 'unsupported');
  });
});
