import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { architectureOf } from '../../../src/library/architecture';
import { maskToken } from '../../../src/library/maskToken';
import { readModelConfig } from '../../../src/library/modelConfig';
import { readModelFolder } from '../../../src/library/modelFolder';
import { failsWith } from '../../support/library/failures';
import { writtenFolder } from '../../support/library/writtenFolder';

/** As published models have them, shortened. */
const marian = {
  model_type: 'marian',
  is_encoder_decoder: true,
  vocab_size: 65001,
  d_model: 512,
  encoder_layers: 6,
  decoder_layers: 4,
  num_hidden_layers: 6,
  encoder_attention_heads: 8,
  decoder_attention_heads: 8,
  max_position_embeddings: 512,
};
const t5 = {
  model_type: 't5',
  is_encoder_decoder: true,
  vocab_size: 32128,
  d_model: 512,
  d_kv: 64,
  num_heads: 6,
  num_layers: 8,
  num_decoder_layers: 3,
  n_positions: 512,
};
const roberta = {
  model_type: 'roberta',
  architectures: ['RobertaForMaskedLM'],
  vocab_size: 50265,
  hidden_size: 768,
  num_attention_heads: 12,
  num_hidden_layers: 12,
  max_position_embeddings: 514,
  pad_token_id: 1,
};
const distilbert = {
  model_type: 'distilbert',
  vocab_size: 30522,
  dim: 768,
  n_heads: 12,
  n_layers: 6,
  max_position_embeddings: 512,
};

suite('library: architectures', () => {
  const cases: [title: string, config: Record<string, unknown>, architecture: string][] = [
    ['Marian', marian, 'encoder-decoder'],
    ['RoBERTa', roberta, 'encoder'],
    ['DistilBERT, by its family', distilbert, 'encoder'],
    [
      'BERT that goes on with texts',
      { model_type: 'bert', architectures: ['BertLMHeadModel'] },
      'decoder',
    ],
    ['an unknown family of a masked model', { architectures: ['NewForMaskedLM'] }, 'encoder'],
    ['GPT-2', { model_type: 'gpt2', architectures: ['GPT2LMHeadModel'] }, 'decoder'],
    ['an unknown family', { model_type: 'new', architectures: [7] }, 'decoder'],
  ];
  for (const [title, config, architecture] of cases) {
    test(title, () => assert.equal(architectureOf(config), architecture));
  }

  test('of Marian: both stacks, and the smaller of two limits', () => {
    const config = readModelConfig(marian, 'encoder-decoder', 256, 'config.json');
    assert.deepEqual(config.layers, { encoder: 6, decoder: 4 });
    assert.deepEqual([config.heads, config.headSize, config.context], [8, 64, 256]);
  });

  test('of T5: heads of their own width, and the tokenizer’s limit alone', () => {
    const read = (limit: unknown, config: object = t5) =>
      readModelConfig(config as typeof t5, 'encoder-decoder', limit, 'config.json');
    assert.deepEqual(read(512).layers, { encoder: 8, decoder: 3 });
    assert.equal(read(512).headSize, 64);
    assert.equal(read(1024).context, 1024, 'no table of positions ends it');
    assert.equal(read(1e30).context, 512, 'a tokenizer that knows no limit');
    assert.equal(read(undefined, { ...t5, n_positions: undefined }).context, 512);
    assert.deepEqual(read(1, { ...t5, num_decoder_layers: null }).layers, {
      encoder: 8,
      decoder: 8,
    });
  });

  test('of encoders: positions that count from the padding, names of DistilBERT', () => {
    const { context } = readModelConfig(roberta, 'encoder', undefined, 'config.json');
    assert.equal(context, 512);
    const config = readModelConfig(distilbert, 'encoder', undefined, 'config.json');
    assert.deepEqual(config.layers, { encoder: 6 });
    assert.deepEqual([config.hiddenSize, config.heads, config.context], [768, 12, 512]);
  });
});

suite('library: graphs of encoder–decoder models', () => {
  const choices: [files: string[], encoder: string, decoder: string, withPast?: string][] = [
    [
      ['encoder_model', 'decoder_model', 'decoder_with_past_model', 'decoder_model_merged'],
      'onnx/encoder_model.onnx',
      'onnx/decoder_model_merged.onnx',
    ],
    [
      ['encoder_model', 'decoder_model', 'decoder_with_past_model'],
      'onnx/encoder_model.onnx',
      'onnx/decoder_model.onnx',
      'onnx/decoder_with_past_model.onnx',
    ],
    [['encoder_model', 'decoder_model'], 'onnx/encoder_model.onnx', 'onnx/decoder_model.onnx'],
    // One suffix for all comes before the better suffix of one.
    [
      ['encoder_model', 'encoder_model_quantized', 'decoder_model_merged_quantized'],
      'onnx/encoder_model_quantized.onnx',
      'onnx/decoder_model_merged_quantized.onnx',
    ],
    [
      ['encoder_model', 'decoder_model_quantized', 'decoder_with_past_model_q4'],
      'onnx/encoder_model.onnx',
      'onnx/decoder_model_quantized.onnx',
    ],
  ];
  for (const [files, encoder, decoder, withPast] of choices) {
    test(`of ${files.join(', ')}`, async () => {
      const model = await readModelFolder(folderWith(files));
      assert.ok(model.architecture === 'encoder-decoder');
      const { weights } = model;
      assert.deepEqual(
        [weights.encoder.relative, weights.decoder.relative, weights.decoderWithPast?.relative],
        [encoder, decoder, withPast],
      );
    });
  }

  test('without an encoder or a decoder', async () => {
    const decoder = folderWith(['decoder_model']);
    await failsWith(readModelFolder(decoder), 'model', decoder, /no onnx\/encoder_model\.onnx/);
    const encoder = folderWith(['encoder_model', 'decoder_with_past_model']);
    await failsWith(readModelFolder(encoder), 'model', encoder, /no onnx\/decoder_model_merged/);
  });
});

suite('library: generation settings of encoder–decoder models', () => {
  test('come from generation_config.json, else from config.json', async () => {
    const files = ['encoder_model', 'decoder_model_merged'];
    const own = {
      decoder_start_token_id: 3,
      forced_bos_token_id: 4,
      forced_eos_token_id: [5, 6],
      suppress_tokens: [7],
      begin_suppress_tokens: [8],
      bad_words_ids: [[9], [10, 11]],
      no_repeat_ngram_size: 3,
      min_length: 2,
      max_length: 20,
    };
    const { generation } = await readModelFolder(folderWith(files, { generation: own }));
    assert.deepEqual(generation, {
      endTokens: [],
      sample: false,
      decoderStartToken: 3,
      forcedBeginToken: 4,
      forcedEndTokens: [5, 6],
      suppressedTokens: [7],
      suppressedAtBegin: [8],
      badWords: [[9], [10, 11]],
      noRepeatNgramSize: 3,
      minLength: 2,
      maxLength: 20,
    });
    const config = { decoder_start_token_id: 12, bad_words_ids: [[12]], forced_eos_token_id: 0 };
    const fallback = await readModelFolder(folderWith(files, { config }));
    assert.equal(fallback.generation.decoderStartToken, 12);
    assert.deepEqual(fallback.generation.forcedEndTokens, [0]);
    assert.deepEqual(fallback.generation.badWords, [[12]]);
  });
});

suite('library: what a model is for', () => {
  const files = ['encoder_model', 'decoder_model_merged'];
  const none = { translate: '', summarize: '' };

  test('headlight.json', async () => {
    const domain = { name: 'software English', minimumLogprob: -0.9, minimumCharactersPerToken: 2 };
    const languages = { source: 'en', target: 'zh' };
    const manifest = { task: 'translate', languages, prefix: 'to Chinese: ', domain };
    const { purpose } = await readModelFolder(folderWith(files, { manifest }));
    const prefixes = { translate: 'to Chinese: ', summarize: 'to Chinese: ' };
    assert.deepEqual(purpose, { task: 'translate', languages, prefixes, domain });
    const { purpose: empty } = await readModelFolder(folderWith(files, { manifest: {} }));
    assert.deepEqual(empty, { prefixes: none });
  });

  const bad: [manifest: unknown, says: RegExp][] = [
    [{ task: 'sing' }, /“task”/],
    [{ languages: { source: 'en' } }, /“languages\.target”/],
    [{ languages: { source: 'English', target: 'zh' } }, /“languages\.source”/],
    [{ languages: { source: 'en', target: 'zh-' } }, /“languages\.target”/],
    [{ domain: { name: 'x', minimumLogprob: 1 } }, /“domain\.minimumLogprob”/],
    [{ prefix: 3 }, /“prefix”/],
    [[], /JSON object/],
  ];
  for (const [manifest, says] of bad) {
    test(`headlight.json with ${JSON.stringify(manifest)}`, async () => {
      const folder = folderWith(files, { manifest });
      await failsWith(readModelFolder(folder), 'model', path.join(folder, 'headlight.json'), says);
    });
  }

  test('T5’s own tasks, and the names of Marian models', async () => {
    const config = {
      task_specific_params: {
        summarization: { prefix: 'summarize: ', num_beams: 4 },
        translation_en_to_de: { prefix: 'translate English to German: ' },
        translation_en_to_fr: { prefix: 'translate English to French: ' },
      },
    };
    const { purpose } = await readModelFolder(folderWith(files, { config }));
    assert.deepEqual(purpose, {
      prefixes: { translate: 'translate English to German: ', summarize: 'summarize: ' },
      languages: { source: 'en', target: 'de' },
      translations: [
        {
          source: 'en',
          target: 'de',
          prefix: 'translate English to German: ',
          task: 'translation_en_to_de',
        },
        {
          source: 'en',
          target: 'fr',
          prefix: 'translate English to French: ',
          task: 'translation_en_to_fr',
        },
      ],
    });
    const named = { _name_or_path: 'Helsinki-NLP/opus-mt-en-zh' };
    const opus = await readModelFolder(folderWith(files, { config: named }));
    assert.deepEqual(opus.purpose, { prefixes: none, languages: { source: 'en', target: 'zh' } });
    const odd = { task_specific_params: 7 };
    assert.deepEqual((await readModelFolder(folderWith(files, { config: odd }))).purpose, {
      prefixes: none,
    });
  });
});

suite('library: mask tokens', () => {
  const cases: [json: object, config: object | undefined, token: string | undefined][] = [
    [{}, { mask_token: '[M]' }, '[M]'],
    [{}, { mask_token: { content: '<mask>', lstrip: true } }, '<mask>'],
    [{ added_tokens: [{ content: '<s>' }, { content: '[MASK]' }] }, undefined, '[MASK]'],
    [{ added_tokens: [{ content: '<mask>' }] }, { mask_token: null }, '<mask>'],
    [{ added_tokens: [{ content: '<s>' }] }, {}, undefined],
    [{}, undefined, undefined],
  ];
  for (const [json, config, token] of cases) {
    test(`of ${JSON.stringify([json, config])}: ${token ?? 'none'}`, () => {
      const files = { json, config } as Parameters<typeof maskToken>[0];
      assert.equal(maskToken(files), token);
    });
  }
});

/** A Marian model's folder with such graphs. */
function folderWith(
  graphs: readonly string[],
  files: { config?: object; generation?: object; manifest?: unknown } = {},
): string {
  const { config = {}, generation, manifest } = files;
  return writtenFolder({
    'config.json': { ...marian, ...config },
    'tokenizer.json': {},
    ...(generation === undefined ? {} : { 'generation_config.json': generation }),
    ...(manifest === undefined ? {} : { 'headlight.json': JSON.stringify(manifest) }),
    ...Object.fromEntries(graphs.map((name) => [`onnx/${name}.onnx`, ''])),
  });
}
