import assert from 'node:assert/strict';
import { chmodSync, readFileSync, symlinkSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { TOKENIZER_JSON } from '../../../src/shared/limits';
import { readModelFolder } from '../../../src/library/modelFolder';
import type { Saturates, Weights } from '../../../src/library/weights';
import { root } from '../../support/root';
import { needsLinks, needsPermissions } from '../../support/skips';
import { failsWith } from '../../support/library/failures';
import { writtenFolder } from '../../support/library/writtenFolder';

const fixture = (name: string) =>
  readFileSync(path.join(root, 'test/fixtures/library', name), 'utf8');

const gpt2 = JSON.parse(fixture('gpt2.config.json')) as Record<string, unknown>;
/** What a generation_config.json that demands nothing gives. */
const noRules = { suppressedTokens: [], suppressedAtBegin: [], badWords: [] };
const whole = { 'config.json': gpt2, 'tokenizer.json': {}, 'onnx/model.onnx': 'graph' };

suite('library: model folders', () => {
  test('of GPT-2: its own names for numbers, end of text from config.json', async () => {
    const folder = writtenFolder(whole);
    assert.deepEqual(await readModelFolder(folder), {
      architecture: 'decoder',
      folder,
      name: 'gpt2',
      config: {
        family: 'gpt2',
        layers: { decoder: 12 },
        heads: 12,
        keyValueHeads: 12,
        hiddenSize: 768,
        headSize: 64,
        vocabulary: 50257,
        context: 1024,
      },
      generation: { endTokens: [50256], beginToken: 50256, sample: false, ...noRules },
      taskGeneration: new Map(),
      purpose: { prefixes: { translate: '', summarize: '' } },
      tokenizer: { json: {}, config: undefined, modelConfig: gpt2 },
      weights: {
        file: path.join(folder, 'onnx', 'model.onnx'),
        relative: 'onnx/model.onnx',
      },
    });
  });

  test('of Qwen2: grouped-query attention, generation settings, several ends', async () => {
    const folder = writtenFolder({
      'config.json': fixture('qwen2.config.json'),
      'generation_config.json': fixture('qwen2.generation_config.json'),
      'tokenizer.json': { model: {} },
      'tokenizer_config.json': { eos_token: '<|im_end|>' },
      'model.onnx': 'graph',
    });
    const model = await readModelFolder(folder);
    assert.equal(model.name, path.basename(folder), 'a path on another machine is no name');
    assert.deepEqual(model.config, {
      family: 'qwen2',
      layers: { decoder: 24 },
      heads: 14,
      keyValueHeads: 2,
      hiddenSize: 896,
      headSize: 64,
      vocabulary: 151936,
      context: 131072,
    });
    assert.deepEqual(model.generation, {
      endTokens: [151645, 151643],
      beginToken: 151643,
      padToken: 151643,
      sample: true,
      temperature: 0.7,
      topK: 20,
      topP: 0.8,
      repetitionPenalty: 1.1,
      maxNewTokens: 2048,
      ...noRules,
    });
    assert.deepEqual(model.tokenizer, {
      json: { model: {} },
      config: { eos_token: '<|im_end|>' },
      modelConfig: JSON.parse(fixture('qwen2.config.json')) as unknown,
    });
    assert.ok(model.architecture === 'decoder');
    assert.equal(model.weights.relative, 'model.onnx');
  });

  test('with a head size of its own, nulls, and a byte order mark', async () => {
    const config = { ...gpt2, _name_or_path: 'org/tiny', head_dim: 128, num_key_value_heads: null };
    const model = await readModelFolder(
      writtenFolder({ ...whole, 'config.json': `\ufeff${JSON.stringify(config)}` }),
    );
    assert.equal(model.config.headSize, 128);
    assert.equal(model.config.keyValueHeads, 12);
    assert.equal(model.name, 'org/tiny');
  });

  test('given relative to the working directory come back absolute', async () => {
    const folder = writtenFolder(whole);
    const model = await readModelFolder(path.relative(process.cwd(), folder));
    assert.equal(model.folder, folder);
  });
});

suite('library: bad model folders', () => {
  test('a folder that does not exist', async () => {
    const folder = path.join(writtenFolder(), 'missing');
    await failsWith(readModelFolder(folder), 'model', folder, /does not exist/);
  });

  test('a file', async () => {
    const file = path.join(writtenFolder({ 'model.onnx': '' }), 'model.onnx');
    await failsWith(readModelFolder(file), 'model', file, /a file.*a model is a folder/);
    const below = path.join(file, 'onnx');
    await failsWith(readModelFolder(below), 'model', below, /does not exist/);
  });

  test('a folder of ONNX Runtime’s model builder, which leaves out config.json', async () => {
    const rest = Object.entries(whole).filter(([file]) => file !== 'config.json');
    const folder = writtenFolder({ ...Object.fromEntries(rest), 'genai_config.json': {} });
    await failsWith(
      readModelFolder(folder),
      'model',
      folder,
      /has no config\.json.*copy config\.json/s,
    );
  });

  for (const name of ['config.json', 'tokenizer.json']) {
    test(`no ${name}, or an empty one`, async () => {
      const folder = writtenFolder({ ...whole, [name]: '' });
      const file = path.join(folder, name);
      await failsWith(readModelFolder(folder), 'model', file, /is empty/);
      const rest = Object.entries(whole).filter(([file]) => file !== name);
      const lacking = writtenFolder(Object.fromEntries(rest));
      await failsWith(readModelFolder(lacking), 'model', lacking, new RegExp(`has no ${name}`));
    });
  }

  const garbage: [title: string, content: string, says: RegExp][] = [
    ['cut short', fixture('gpt2.config.json').slice(0, 200), /damaged or cut short/],
    ['garbage', '\u0000\u0001\ufffd{{{', /damaged or cut short/],
    ['a pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n', /git lfs pull/],
    ['a web page', '\n<!doctype html><html>', /web page/],
    ['nested without end', '['.repeat(1_000_000), /64 deep in each other/],
    ['a list', '[1, 2]', /a JSON object/],
    ['null', 'null', /a JSON object/],
  ];
  for (const name of [
    'config.json',
    'generation_config.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ]) {
    for (const [title, content, says] of garbage) {
      test(`${name}: ${title}`, async () => {
        const folder = writtenFolder({ ...whole, [name]: content });
        await failsWith(readModelFolder(folder), 'model', path.join(folder, name), says);
      });
    }
  }

  const configs: [title: string, change: Record<string, unknown>, says: RegExp][] = [
    ['without model_type', { model_type: undefined }, /lacks “model_type”/],
    ['without layers', { n_layer: undefined }, /lacks “num_hidden_layers”/],
    ['with no layers', { n_layer: 0 }, /“n_layer” is 0, .* from 1 to 10000/],
    ['with absurdly many layers', { n_layer: 1e12 }, /“n_layer” is 1000000000000/],
    ['with a fraction of heads', { n_head: 2.5 }, /“n_head” is 2.5/],
    ['with a text for a number', { vocab_size: 'many' }, /“vocab_size” is "many"/],
    ['with a negative context', { n_positions: -1 }, /“n_positions” is -1/],
    ['with heads that do not divide the width', { n_head: 7 }, /768.*7/],
    ['with heads that share no keys', { num_key_value_heads: 5 }, /12.*5/],
  ];
  for (const [title, change, says] of configs) {
    test(`config.json ${title}`, async () => {
      const folder = writtenFolder({ ...whole, 'config.json': { ...gpt2, ...change } });
      await failsWith(readModelFolder(folder), 'model', path.join(folder, 'config.json'), says);
    });
  }

  const settings: Record<string, unknown>[] = [
    { temperature: -1 },
    { top_p: -0.5 },
    { top_k: 'all' },
    { repetition_penalty: 0 },
    { do_sample: 'yes' },
    { eos_token_id: ['end'] },
    { bad_words_ids: [[]] },
    { bad_words_ids: [3] },
    { no_repeat_ngram_size: -1 },
    { forced_bos_token_id: 'zh' },
    { suppress_tokens: 7 },
  ];
  for (const setting of settings) {
    test(`generation_config.json with ${JSON.stringify(setting)}: it is left out and named`, async () => {
      const folder = writtenFolder({ ...whole, 'generation_config.json': setting });
      const { generation } = await readModelFolder(folder);
      const [name, value] = Object.entries(setting)[0] ?? [];
      const { unmet, ...others } = generation;
      assert.deepEqual(
        unmet?.map((one) => [one.name, one.value, one.because]),
        [[name, JSON.stringify(value), 'invalid']],
      );
      const usual = name === 'eos_token_id' ? { endTokens: [] } : { endTokens: [50256] };
      assert.deepEqual(others, { ...usual, beginToken: 50256, sample: false, ...noRules });
    });
  }

  test('a file beyond the bound, without reading it', async () => {
    const folder = writtenFolder(whole);
    const file = path.join(folder, 'tokenizer.json');
    truncateSync(file, TOKENIZER_JSON.bytes + 1);
    await failsWith(readModelFolder(folder), 'model', file, /65 MB.*64 MB/);
  });

  test('a folder in the place of a file', async () => {
    const folder = writtenFolder({ ...whole, 'generation_config.json/x': '' });
    const file = path.join(folder, 'generation_config.json');
    await failsWith(readModelFolder(folder), 'model', file, /other than a file/);
  });

  test('a link that leads in a circle', async function () {
    needsLinks(this);
    const folder = writtenFolder({ 'tokenizer.json': {}, 'onnx/model.onnx': '' });
    const file = path.join(folder, 'config.json');
    symlinkSync(file, file);
    await failsWith(readModelFolder(folder), 'model', file, /cannot be read.*you may read it/);
  });

  test('a file that may not be read', async function () {
    const folder = writtenFolder(whole);
    const file = path.join(folder, 'config.json');
    chmodSync(file, 0o000);
    needsPermissions(this);
    await failsWith(readModelFolder(folder), 'model', file, /cannot be read/);
  });
});

suite('library: weights', () => {
  const choices: [files: string[], chosen: string][] = [
    [['onnx/model_quantized.onnx', 'onnx/model.onnx', 'model.onnx'], 'onnx/model.onnx'],
    [['onnx/model_quantized.onnx', 'model.onnx'], 'onnx/model_quantized.onnx'],
    [['onnx/model_q4.onnx', 'onnx/model_fp16.onnx'], 'onnx/model_fp16.onnx'],
    [['onnx/model_int8.onnx', 'onnx/model_fp16.onnx'], 'onnx/model_int8.onnx'],
    [['onnx/model_q4f16.onnx', 'onnx/model_q4.onnx'], 'onnx/model_q4.onnx'],
    [['onnx/decoder_model_merged.onnx', 'model_uint8.onnx'], 'model_uint8.onnx'],
    [['onnx/decoder_model_merged.onnx', 'onnx/decoder_model.onnx'], 'onnx/decoder_model.onnx'],
    [['llama-tiny.onnx'], 'llama-tiny.onnx'],
  ];
  for (const [files, chosen] of choices) {
    test(`of ${files.join(', ')}: ${chosen}`, async () => {
      const graphs = Object.fromEntries(files.map((file) => [file, '']));
      const folder = writtenFolder({ 'config.json': gpt2, 'tokenizer.json': {}, ...graphs });
      const weights = await singleWeights(folder);
      assert.equal(weights.relative, chosen);
      assert.equal(weights.file, path.join(folder, chosen));
    });
  }

  for (const [files, chosen] of [
    [['model_quantized', 'model_q4'], 'model_q4'],
    [['model_int8', 'model_uint8', 'model_fp16'], 'model_uint8'],
    [['model_quantized', 'model'], 'model'],
    [['model_quantized'], 'model_quantized'],
  ] satisfies [string[], string][]) {
    test(`of ${files.join(', ')} where 8-bit products are cut off: ${chosen}`, async () => {
      const graphs = Object.fromEntries(files.map((file) => [`onnx/${file}.onnx`, '']));
      const folder = writtenFolder({ 'config.json': gpt2, 'tokenizer.json': {}, ...graphs });
      const weights = await singleWeights(folder, () => Promise.resolve(true));
      assert.equal(weights.relative, `onnx/${chosen}.onnx`);
    });
  }

  test('missing', async () => {
    const folder = writtenFolder({ 'config.json': gpt2, 'tokenizer.json': {} });
    await failsWith(readModelFolder(folder), 'model', folder, /has no ONNX file/);
  });

  test('several without a known name', async () => {
    const folder = writtenFolder({ 'config.json': gpt2, 'a.onnx': '', 'b.onnx': '' });
    await failsWith(readModelFolder(folder), 'model', folder, /several ONNX files/);
  });
});

/** The weights of a model of one graph. */
async function singleWeights(folder: string, saturates?: Saturates): Promise<Weights> {
  const model = await readModelFolder(folder, saturates);
  assert.ok(model.architecture !== 'encoder-decoder');
  return model.weights;
}
