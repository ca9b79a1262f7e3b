import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { readJsonIfAny } from '../../../src/library/files';
import { checkJsonBounds } from '../../../src/library/jsonBounds';
import { readModelFolder, readTokenizerFiles } from '../../../src/library/modelFolder';
import { CONFIGURATION_JSON, TOKENIZER_JSON } from '../../../src/shared/limits';
import { failsWith } from '../../support/library/failures';
import { writtenFolder } from '../../support/library/writtenFolder';

const limits = { bytes: 1000, values: 6, keys: 3, depth: 2 };
const check = (text: string) => checkJsonBounds(new TextEncoder().encode(text), limits, 'x.json');

suite('library: bounds of JSON files', () => {
  test('values and brackets are counted, and not what is written in strings', () => {
    check('{"a": [1, 2], "b": 3}');
    check(JSON.stringify({ text: '[[[[,,,,,,{{{{\\"[[[\\\\' }));
    check('"\\"[[[[["');
    check('"[[[[ without an end');
    assert.throws(() => check('[1, 2, 3, 4, 5, 6, 7]'), /more than 6 values \(x\.json\)/);
    check('{"a": {"b": ":::::"}, ":": 1}');
    assert.throws(() => check('{"a":{"b":1},"c":1,"d":1}'), /more than 3 keys \(x\.json\)/);
    assert.throws(() => check('[[[1]]]'), /more than 2 deep/);
    check('[[1],[2]]');
  });

  test('millions of forbidden words are refused before they are parsed', async () => {
    const words = `{"bad_words_ids": [${'[1],'.repeat(1_900_000)}[1]]}`;
    const folder = writtenFolder({
      'config.json': {
        model_type: 'gpt2',
        n_layer: 1,
        n_head: 1,
        n_embd: 8,
        vocab_size: 9,
        n_positions: 9,
      },
      'tokenizer.json': {},
      'onnx/model.onnx': 'graph',
      'generation_config.json': words,
    });
    const file = path.join(folder, 'generation_config.json');
    await failsWith(readModelFolder(folder), 'model', file, /more than 500000 values/);
  });

  test('a vocabulary of millions is refused before it is parsed', async () => {
    const keys = Array.from({ length: TOKENIZER_JSON.keys }, (_, index) => `"${index}":1`);
    const folder = writtenFolder({ 'tokenizer.json': `{"vocab":{${keys.join(',')}}}` });
    const file = path.join(folder, 'tokenizer.json');
    await failsWith(readTokenizerFiles(folder), 'model', file, /more than 750000 keys/);
  });

  test('steps that are nested thousands deep are refused before they are parsed', async () => {
    const depth = 5000;
    const folder = writtenFolder({
      'tokenizer.json': `${'{"normalizer":['.repeat(depth)}${']}'.repeat(depth)}`,
    });
    const file = path.join(folder, 'tokenizer.json');
    await failsWith(readTokenizerFiles(folder), 'model', file, /64 deep/);
  });

  for (const [name, most] of Object.entries({ TOKENIZER_JSON, CONFIGURATION_JSON })) {
    test(`${name}: as many values and keys and as deep as allowed, and not one more`, () => {
      const checkBytes = (text: string) => checkJsonBounds(Buffer.from(text), most, 'x.json');
      // The whole file and its list are values too.
      const list = `[${'1,'.repeat(most.values - 2)}1]`;
      checkBytes(list);
      assert.throws(() => checkBytes(`[1,${list.slice(1)}`), / values \(x\.json\)/);
      const keys = '"":'.repeat(most.keys);
      checkBytes(keys);
      assert.throws(() => checkBytes(`${keys}"":`), / keys \(x\.json\)/);
      const deep = '['.repeat(most.depth);
      checkBytes(deep);
      assert.throws(() => checkBytes(`${deep}[`), / deep in each other/);
    });

    test(`${name}: as many bytes as allowed, and not one more`, async () => {
      const file = path.join(writtenFolder({ 'a.json': '' }), 'a.json');
      writeFileSync(file, `{}${' '.repeat(most.bytes - 2)}`);
      assert.deepEqual(await readJsonIfAny(file, most), {});
      appendFileSync(file, ' ');
      await failsWith(readJsonIfAny(file, most), 'model', file, /MB/);
    });
  }

  test('a text of megabytes with few values is read', async () => {
    const folder = writtenFolder({ 'a.json': { template: '[{,'.repeat(1_000_000) } });
    assert.ok(await readJsonIfAny(path.join(folder, 'a.json'), CONFIGURATION_JSON));
  });
});
