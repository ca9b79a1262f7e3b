import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { unlinkSync } from 'node:fs';
import path from 'node:path';
import type { CheckReport } from '../../../src/shared/modelCheck';
import { runCommand } from '../../support/cli';
import { change, tinyEncoder, tinyModel, tinySeq2seq } from '../../support/engine/models';
import { rejection } from '../../support/failures';

suite('cli/check', () => {
  test('severity, message, remedy, rule and place of each finding', async () => {
    const folder = tinyEncoder();
    change(path.join(folder, 'config.json'), { vocab_size: 63 });
    const { status, written, notes } = await runCommand(['check', folder]);
    const file = path.join(folder, 'onnx/model.onnx');
    const lines = written.split('\n');
    assert.deepEqual(lines.slice(0, 5), [
      file,
      '',
      'warning  config.json says that the model knows 63 tokens, but the embedding “v0” has 62 rows.',
      '         Take the config.json that belongs to the model, or export it again.',
      '         tokenizer/vocabulary · config.json',
    ]);
    assert.match(lines.at(-2) ?? '', /^\d+ findings? · \d+ rules passed$/);
    assert.equal(status, 3);
    assert.deepEqual(notes, []);
  });

  test('nothing found, and notes only, are no failure', async () => {
    const none = await runCommand(['check', tinyModel('llama', 'with-cache')]);
    assert.match(none.written, /\n\nno findings · 19 rules passed\n$/);
    assert.equal(none.status, 0);
    const notes = await runCommand(['check', tinySeq2seq('marian')]);
    assert.match(notes.written, /^note /m);
    assert.equal(notes.status, 0);
  });

  test('an error is one', async () => {
    const folder = tinySeq2seq('marian');
    unlinkSync(path.join(folder, 'onnx/encoder_model.onnx'));
    const { status, written } = await runCommand(['check', folder]);
    assert.match(
      written,
      /^error {4}The folder has a decoder, but not the encoder that belongs to it\.$/m,
    );
    assert.equal(status, 3);
  });

  test('what was not asked is told, with the reason', async () => {
    const file = path.join(tinyModel('llama', 'with-cache'), 'onnx/model.onnx');
    const { written } = await runCommand(['check', file]);
    assert.match(
      written,
      /^not asked: This is about a whole folder, and a file alone was given \(folder\/missing-files, .*, generation\/end-token, .*\)$/m,
    );
  });

  test('--json has the same in one line, with the same status', async () => {
    const folder = tinyEncoder();
    change(path.join(folder, 'config.json'), { vocab_size: 63 });
    const { status, written } = await runCommand(['check', folder, '--json']);
    assert.equal(written.trimEnd().split('\n').length, 1);
    const found = JSON.parse(written) as CheckReport;
    assert.equal(found.findings[0]?.rule, 'tokenizer/vocabulary');
    assert.deepEqual(Object.keys(found).sort(), ['files', 'findings', 'passed', 'skipped']);
    assert.equal(status, 3);
  });

  test('a path with no model fails, and Ctrl+C stops', async () => {
    assert.equal(
      (await rejection(() => runCommand(['check', '/no/such/model.onnx']))).kind,
      'model',
    );
    const stopped = await runCommand(['check', tinyEncoder()], '', undefined, AbortSignal.abort());
    assert.equal(stopped.status, 130);
    assert.deepEqual(stopped.notes, ['stopped before all was looked at']);
  });
});
