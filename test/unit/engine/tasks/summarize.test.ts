import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TextToTextProgress } from '../../../../src/shared/textToText';
import { rejection } from '../../../support/failures';
import { context, listen, seq2seqReference, tinySeq2seq } from '../../../support/engine/models';

suite('engine/tasks/summarize', () => {
  test('a text that fits is read at once, with what the tokens of transformers say', async () => {
    const { engine } = listen();
    const model = { folder: tinySeq2seq('t5') };
    const [reference] = seq2seqReference('t5').greedy;
    assert.ok(reference);
    const reported: unknown[] = [];
    const answer = await engine.summarize(
      { model, text: reference.text, options: {} },
      context(undefined, reported),
    );
    assert.equal(answer.text, reference.decoded);
    assert.deepEqual(answer.parts[0]?.source, { start: 0, end: reference.text.length });
    const steps = reported as TextToTextProgress[];
    assert.equal(steps.map(({ delta }) => delta).join(''), answer.text);
    assert.deepEqual(answer.warnings, []);
  });

  test('marks of comments are left out, and wrapped lines are joined', async () => {
    const { engine } = listen();
    const model = { folder: tinySeq2seq('t5') };
    const text = ' * the cat sat\n * on the mat.\n';
    const wrapped = await engine.summarize({ model, text, options: {} }, context());
    const plain = await engine.summarize(
      { model, text: 'the cat sat on the mat.', options: {} },
      context(),
    );
    assert.deepEqual(wrapped.parts[0]?.tokens, plain.parts[0]?.tokens);
    const { start, end } = wrapped.parts[0]?.source ?? assert.fail();
    assert.equal(text.slice(start, end), 'the cat sat\n * on the mat.');
  });

  test('a model that calls itself unreliable gets a warning', async () => {
    const folder = tinySeq2seq('t5');
    writeFileSync(path.join(folder, 'headlight.json'), '{"reliable":false}');
    const params = { model: { folder }, text: 'The cat sat on the mat.', options: {} };
    const { warnings } = await listen().engine.summarize(params, context());
    assert.ok(warnings.some(({ kind }) => kind === 'unreliable'));
  });

  test('a long text is split at sentences, and nothing is left out', async () => {
    const sentence = 'The cat sat on the mat. ';
    const text = `${sentence.repeat(9).trim()}\n\n${sentence.repeat(2).trim()}`;
    const answer = await listen().engine.summarize(
      { model: { folder: tinySeq2seq('t5') }, text, options: {} },
      context(),
    );
    assert.ok(answer.parts.length > 2);
    const read = answer.parts.map(({ source }) => text.slice(source.start, source.end));
    assert.ok(read.every((part) => part.startsWith('The cat') && part.endsWith('mat.')));
    assert.equal(read.join(' ').replace(/\s+/g, ' '), text.replace(/\s+/g, ' '));
    assert.equal(answer.truncation, undefined);
    assert.ok(answer.text.includes(answer.parts.at(-1)?.text ?? '?'));
  });

  test('no summary has more tokens than its source; one that is not shorter gets a warning', async () => {
    const model = tinySeq2seq('t5');
    const { engine } = listen();
    for (const { text, ids } of seq2seqReference('t5').greedy) {
      const answer = await engine.summarize(
        { model: { folder: model }, text, options: { maxNewTokens: 30 } },
        context(),
      );
      // The source's last token ends it.
      const most = Math.max(1, ids.length - 2);
      assert.ok(answer.parts.every(({ tokens }) => tokens.length <= most));
      const heldShort = most < 30 && answer.parts.some(({ tokens }) => tokens.length === most);
      assert.ok(!heldShort || answer.stop === 'end', 'not cut off by a limit of the model');
      const letters = (of: string): number => (of.match(/[\p{L}\p{N}]/gu) ?? []).length;
      const shorter = letters(answer.text) < letters(text);
      const kinds = answer.warnings.map(({ kind }) => kind);
      assert.equal(kinds.includes('notShorter'), !shorter, text);
      assert.equal(kinds.includes('heldShort'), shorter && heldShort, text);
    }
    const word = await engine.summarize(
      { model: { folder: model }, text: 'a', options: {} },
      context(),
    );
    assert.ok(word.warnings.some(({ kind }) => kind === 'notShorter'));
  });

  test('headlight.json’s prefix is read by the model', async () => {
    const model = tinySeq2seq('t5');
    writeFileSync(
      path.join(model, 'headlight.json'),
      JSON.stringify({ task: 'summarize', prefix: 'open ' }),
    );
    const { engine } = listen();
    const params = { text: 'the file, then close it.', options: { maxNewTokens: 4 } };
    const prefixed = await engine.summarize({ model: { folder: model }, ...params }, context());
    const written = await engine.summarize(
      { model: { folder: tinySeq2seq('t5') }, ...params, text: `open ${params.text}` },
      context(),
    );
    assert.deepEqual(prefixed.parts[0]?.tokens, written.parts[0]?.tokens);
  });

  test('a text without words is a failure', async () => {
    const params = { model: { folder: tinySeq2seq('t5') }, text: ' \n1 + 1\n', options: {} };
    const { kind } = await rejection(() => listen().engine.summarize(params, context()));
    assert.equal(kind, 'input');
  });
});
