import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { cpSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { change, tinyEncoder, tinyModel, tinySeq2seq } from '../../../support/engine/models';
import { findings, report } from '../../../support/inspect/checked';
import { root } from '../../../support/root';
import { temporaryFolder } from '../../../support/temporary';

/** A copy of the bundled model that continues texts, which lacks nothing. */
function completeModel(): string {
  const folder = temporaryFolder();
  cpSync(path.join(root, 'models/headlight-complete'), folder, { recursive: true });
  unlinkSync(path.join(folder, 'onnx/model_quantized.onnx'));
  return folder;
}

/** What a rule finds, without the file behind it. */
async function sentences(folder: string, rule: string): Promise<string[]> {
  return (await findings(folder, rule)).map((line) => line.replace(/ \([^()]*\)$/, ''));
}

suite('inspect/check: what lies beside a graph', () => {
  test('of files that are missing each is told', async () => {
    const rule = 'folder/missing-files';
    const folder = completeModel();
    assert.deepEqual(await findings(folder, rule), []);
    unlinkSync(path.join(folder, 'generation_config.json'));
    assert.match(
      (await findings(folder, rule)).join(),
      /^note: The folder has no generation_config\.json: /,
    );
    unlinkSync(path.join(folder, 'tokenizer_config.json'));
    assert.match(
      (await findings(folder, rule))[0] ?? '',
      /^note: The folder has no tokenizer_config\.json/,
    );
    unlinkSync(path.join(folder, 'tokenizer.json'));
    writeFileSync(path.join(folder, 'vocab.txt'), '');
    const { findings: found } = await report(folder);
    const tokenizer = found.find(({ severity, rule: id }) => severity === 'warning' && id === rule);
    assert.match(tokenizer?.message.text ?? '', /no tokenizer\.json/);
    assert.deepEqual(tokenizer?.remedy.args, ['vocab.txt']);
    unlinkSync(path.join(folder, 'config.json'));
    assert.match(
      (await findings(folder, rule))[0] ?? '',
      /^warning: The folder has no config\.json/,
    );
  });

  test('an encoder alone needs no settings of generate', async () => {
    const folder = tinyEncoder();
    assert.deepEqual(await findings(folder, 'folder/missing-files'), []);
  });

  test('files that nothing says to be one model are no folder of a model', async () => {
    const folder = temporaryFolder();
    for (const family of ['bert', 'gpt2']) {
      const source = path.join(
        root,
        'test/fixtures/families',
        family,
        'torchscript-eager/model.onnx',
      );
      cpSync(source, path.join(folder, `${family}.onnx`));
    }
    const { findings: found, skipped } = await report(folder);
    assert.deepEqual(
      found.filter(({ rule }) => rule === 'folder/missing-files'),
      [],
    );
    assert.ok(skipped.some(({ rule }) => rule === 'folder/missing-files'));
  });

  test('one half of an encoder–decoder model', async () => {
    const rule = 'folder/missing-files';
    const whole = tinySeq2seq('marian');
    assert.ok(
      (await sentences(whole, rule)).every((line) =>
        line.startsWith('note: The folder has no tokenizer_config'),
      ),
    );
    unlinkSync(path.join(whole, 'onnx/decoder_model_merged.onnx'));
    assert.ok(
      (await sentences(whole, rule)).includes(
        'error: The folder has an encoder, but not the decoder that belongs to it',
      ),
    );
    const decoder = tinySeq2seq('marian');
    unlinkSync(path.join(decoder, 'onnx/encoder_model.onnx'));
    assert.ok(
      (await sentences(decoder, rule)).includes(
        'error: The folder has a decoder, but not the encoder that belongs to it',
      ),
    );
  });

  test('a cache that no file reads', async () => {
    const rule = 'folder/missing-files';
    const isTold = async (folder: string): Promise<boolean> =>
      (await sentences(folder, rule)).some((line) => /^note: The decoder makes a cache/.test(line));
    assert.equal(await isTold(tinySeq2seq('marian', 'split')), false);
    assert.equal(await isTold(tinySeq2seq('marian', 'without-cache')), true);
  });

  test('files that cannot be read, each by itself', async () => {
    const rule = 'files/unreadable';
    const folder = completeModel();
    writeFileSync(path.join(folder, 'generation_config.json'), '{');
    writeFileSync(path.join(folder, 'tokenizer.json'), '{"model": 3}');
    writeFileSync(path.join(folder, 'onnx/model_fp16.onnx'), 'nothing of the kind');
    const found = await findings(folder, rule);
    assert.deepEqual(found.map((line) => /\(([^()]*)\)$/.exec(line)?.[1]).sort(), [
      'generation_config.json',
      'model_fp16.onnx',
      'tokenizer.json',
    ]);
    assert.ok(
      found.every((line) => line.startsWith('error: ')),
      found.join('\n'),
    );
    assert.deepEqual(await findings(completeModel(), rule), []);
  });

  test('numbers of tokens that disagree', async () => {
    const rule = 'tokenizer/vocabulary';
    const folder = completeModel();
    const config = path.join(folder, 'config.json');
    assert.deepEqual(await findings(folder, rule), []);
    change(config, { vocab_size: 4095 });
    const found = await findings(folder, rule);
    assert.equal(found.length, 2);
    assert.match(
      found[0] ?? '',
      /^warning: config\.json says that the model knows 4095 tokens, but the embedding “.*” has 4096 rows \(config\.json\)$/,
    );
    assert.equal(
      found[1],
      'warning: config.json says that the model knows 4095 tokens, but its logits rate 4096 (config.json)',
    );
    change(config, { vocab_size: 4096 });
    const tokenizer = path.join(folder, 'tokenizer.json');
    const { added_tokens: added } = JSON.parse(readFileSync(tokenizer, 'utf8')) as {
      added_tokens: object[];
    };
    change(tokenizer, {
      added_tokens: [...added, { id: 4096, content: '<one more>', special: true }],
    });
    const [more, ...others] = await findings(folder, rule);
    assert.match(
      more ?? '',
      /^warning: The tokenizer has 4097 tokens, but the embedding “.*” has rows for 4096 only \(model\.onnx, /,
    );
    assert.deepEqual(others, []);
  });

  test('embeddings of both stacks are found in merged decoders and with quantized weights', async () => {
    const folder = temporaryFolder();
    cpSync(path.join(root, 'models/headlight-translate-en-zh'), folder, { recursive: true });
    change(path.join(folder, 'config.json'), { vocab_size: 4000, decoder_vocab_size: 4000 });
    const found = await findings(folder, 'tokenizer/vocabulary');
    assert.equal(found.filter((line) => /but the embedding/.test(line)).length, 4);
    assert.equal(found.filter((line) => /but its logits/.test(line)).length, 1);
  });

  test('tables of positions that end early', async () => {
    const rule = 'positions/table-length';
    const folder = tinyEncoder();
    const config = path.join(folder, 'config.json');
    assert.deepEqual(await findings(folder, rule), []);
    change(config, { max_position_embeddings: 33 });
    assert.match(
      (await findings(folder, rule)).join(),
      /^warning: The table of positions “v24” ends after 32 rows, but “max_position_embeddings” of config\.json is 33 \(model\.onnx, /,
    );
    change(config, { max_position_embeddings: 32 });
    const tokenizer = path.join(folder, 'tokenizer_config.json');
    change(tokenizer, { model_max_length: 32 });
    assert.deepEqual(await findings(folder, rule), []);
    change(tokenizer, { model_max_length: 1e30 });
    assert.deepEqual(await findings(folder, rule), []);
    change(tokenizer, { model_max_length: 33 });
    assert.match(
      (await findings(folder, rule)).join(),
      /^warning: The tokenizer lets texts have 33 tokens \(model_max_length\), but the table of positions “.*” has 32 \(tokenizer_config\.json\)$/,
    );
    // RoBERTa counts from behind its padding token.
    change(tokenizer, { model_max_length: 31 });
    change(config, { model_type: 'roberta', pad_token_id: 1 });
    assert.match((await findings(folder, rule)).join(), /model_max_length.* has 30 \(/);
  });

  test('tables of rotary angles count, too', async () => {
    const rule = 'positions/table-length';
    const folder = temporaryFolder();
    cpSync(path.join(root, 'test/fixtures/families/llama/builder-gqa'), folder, {
      recursive: true,
    });
    assert.deepEqual(await findings(folder, rule), []);
    change(path.join(folder, 'config.json'), { max_position_embeddings: 64 });
    assert.match((await findings(folder, rule)).join(), /“cos_cache” ends after 32 rows/);
  });

  test('a file alone is not asked about its folder', async () => {
    const {
      findings: found,
      skipped,
      passed,
    } = await report(path.join(tinyModel('llama', 'with-cache'), 'onnx/model.onnx'));
    assert.deepEqual(found, []);
    const ofFolder = /^(folder|tokenizer|generation|positions)\//;
    assert.ok(
      passed.every((rule) => !ofFolder.test(rule)),
      passed.join(),
    );
    assert.equal(skipped.filter(({ rule }) => ofFolder.test(rule)).length, 7);
  });
});
