import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import path from 'node:path';
import { inEnglish } from '../../../src/shared/failure';
import { rejection } from '../../support/failures';
import { context, listen, tinyModel } from '../../support/engine/models';
import { renameOutput } from '../../support/engine/redeclared';

const TEXT = 'the cat sat on the mat';

suite('engine: a decoder without an output layer', () => {
  const { engine } = listen();
  const folder = tinyModel('llama', 'without-cache');
  renameOutput(path.join(folder, 'onnx/model.onnx'), 'logits', 'last_hidden_state');
  const model = { folder };

  test('is traced: its maps are those of the decoder with one, its tokens are not rated', async () => {
    const found = await engine.trace({ model, text: TEXT }, context());
    const whole = { folder: tinyModel('llama', 'without-cache') };
    const expected = await engine.trace({ model: whole, text: TEXT }, context());
    assert.deepEqual(found.sites, expected.sites);
    for (const { id: site, heads } of found.sites) {
      for (let head = 0; head < heads; head++) {
        assert.deepEqual(
          await engine.headMap({ trace: found.trace, site, head }, context()),
          await engine.headMap({ trace: expected.trace, site, head }, context()),
        );
      }
    }
    const tokens = found.sequences.decoder ?? [];
    assert.ok(tokens.length > 0 && tokens.every(({ prediction }) => prediction === undefined));
  });

  test('writes nothing: a message says what comes in place of logits', async () => {
    const { instead } = await engine.openModel({ model }, context());
    assert.equal(instead, 'last_hidden_state');
    const { kind, what, remedy } = await rejection(async () =>
      engine.complete({ model, text: TEXT, options: { maxNewTokens: 1 } }, context()),
    );
    assert.equal(kind, 'unsupported');
    assert.match(inEnglish(what), /“last_hidden_state” and no “logits”/);
    assert.match(inEnglish(remedy), /text-generation model/);
  });
});
