import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { describe } from '../../../../src/engine/tasks/describe';
import { root } from '../../../support/root';
import { temporaryFolder } from '../../../support/temporary';

const translator = path.join(root, 'models/headlight-translate-en-zh');

suite('engine: what the files around a model say', () => {
  test('family, task, languages, vocabulary, tokenizer, licence and card', async () => {
    const expected = {
      folder: translator,
      name: 'headlight-translate-en-zh',
      family: 'marian',
      className: 'MarianMTModel',
      vocabulary: 4096,
      context: 128,
      task: 'translate',
      languages: { source: 'en', target: 'zh' },
      tokenizer: { algorithm: 'BPE', tokens: 4096 },
      card: path.join(translator, 'MODEL_CARD.md'),
      licence: 'MIT',
    };
    assert.deepEqual(await describe(translator), expected);
    // A file of the folder is of the same model.
    assert.deepEqual(await describe(path.join(translator, 'onnx/encoder_model.onnx')), expected);
  });

  test('what is not there or cannot be read says nothing', async () => {
    const folder = mkdtempSync(path.join(temporaryFolder(), 'bare-'));
    const file = path.join(folder, 'model.onnx');
    writeFileSync(file, '');
    // Nothing says that the file is of a model, so that it goes by its own name.
    const name = 'model.onnx';
    assert.deepEqual(await describe(file), { folder, name });
    writeFileSync(path.join(folder, 'config.json'), '{"model_type": "llama", "broken"');
    writeFileSync(path.join(folder, 'tokenizer.json'), '{"model": 7}');
    assert.deepEqual(await describe(file), { folder, name });
    writeFileSync(path.join(folder, 'config.json'), '{"model_type": "llama"}');
    assert.deepEqual(await describe(file), {
      folder,
      name: path.basename(folder),
      family: 'llama',
    });
  });
});
