import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { alignColumns } from '../../../src/cli/columns';
import { costFigures, type CostFigures } from '../../../src/shared/costAt';
import type { ModelCost } from '../../../src/shared/modelCost';
import type { ModelOutline } from '../../../src/shared/modelOutline';
import { MOST_LOADED_NODES } from '../../../src/onnx/file/limits';
import { runCommand, type CommandResult } from '../../support/cli';
import { rejection } from '../../support/failures';
import { root } from '../../support/root';
import { temporaryFolder } from '../../support/temporary';
import { block, int, model as protobuf } from '../../support/onnx/protobuf';

const fixtures = path.join(root, 'test/fixtures');
const families = path.join(fixtures, 'families');

suite('cli/inspect', () => {
  test('every line of a small model', async () => {
    const file = path.join(families, 'bert/torchscript-eager-optimized/model.onnx');
    assert.deepEqual(await lines(file), [
      file,
      '  producer    onnxruntime.transformers 1.30.0, IR 7',
      '  operators   ai.onnx 14',
      '  parameters  5,480',
      '              float32  5,480 in 34 tensors, 21.9 kB',
      '  copies      the embedding of 640 is stored twice in model.onnx: 2.6 kB more',
      `  size        ${(statSync(file).size / 1000).toFixed(1)} kB on disk; at least 24.5 kB in memory`,
      '  weights     not quantized',
      '  runtime     ONNX Runtime 1.30.0 can run it',
      '  shapes      known for all 24 values',
      '  stack       encoder of width 16; embedding of 40 × 16, layer norm behind it; 32 learned positions',
      '              × 2: self-attention, heads: 4 × 4; feed-forward 16 → 24 → 16, GELU; each with layer norm after the sum',
      '              40 scores from the matrix of the embedding',
      '  inputs',
      '    input_ids       int64  [batch_size, sequence_length]',
      '    attention_mask  int64  [batch_size, sequence_length]',
      '    token_type_ids  int64  [batch_size, sequence_length]',
      '  outputs',
      '    logits  float32  [batch_size, sequence_length, 40]',
      '  modules',
      '                                parameters     size  nodes',
      '    bert                             3,504  14.0 kB      6',
      '      encoder                        2,288   9.2 kB      6',
      '        layer.0 … layer.1  × 2       1,144   4.6 kB      3',
      '          attention                    304   1.2 kB      1',
      '          intermediate                 408   1.6 kB      1',
      '          output                       432   1.7 kB      1',
      '    cls                                984   3.9 kB      3',
      '      predictions                      984   3.9 kB      3',
      '        transform                      304   1.2 kB      1',
      '          dense                        272   1.1 kB      1',
      '        decoder                        680   2.7 kB      2',
      '  nodes',
      '        8 × MatMul',
      '        4 × com.microsoft.SkipLayerNormalization',
      '        3 × Cast',
      '        3 × com.microsoft.BiasGelu',
      '        2 × com.microsoft.Attention',
      '        1 × Add',
      '        1 × LayerNormalization',
      '        1 × com.microsoft.EmbedLayerNormalization',
      '  attention layers  2',
      '    blocks.0.attn  self',
      '    blocks.1.attn  self',
    ]);
  });

  test('quantized weights, one line for each scheme', async () => {
    const found = await lines(path.join(families, 'gpt2/torchscript-eager/model_quantized.onnx'));
    const at = found.findIndex((line) => line.startsWith('  weights'));
    assert.deepEqual(found.slice(at, at + 2), [
      '  weights     9 of 11 weights in 8 bits, multiplied as integers (dynamic quantization)',
      '              2 of 11 weights in 8 bits, converted back for each calculation (weight-only quantization)',
    ]);
  });

  test('what files of a model share counts once, and is named', async () => {
    const found = await lines(path.join(root, 'models/headlight-translate-en-zh'));
    const at = found.findIndex((line) => line.startsWith('  parameters'));
    assert.equal(found[at], '  parameters  2,512,192');
    assert.ok(
      found.includes(
        '  copies      the embedding of 655,360 is stored in encoder_model.onnx and in decoder_model_merged.onnx: 1.3 MB more',
      ),
      found.slice(at, at + 6).join('\n'),
    );
  });

  test('a line for each run of equal blocks of each stack', async () => {
    const found = await lines(path.join(root, 'models/headlight-translate-en-zh'));
    const at = found.findIndex((line) => line.startsWith('  stack'));
    assert.deepEqual(found.slice(at, at + 5), [
      '  stack       encoder of width 160; embedding of 4,096 × 160, times 12.65; 128 sinusoidal positions',
      '              × 4: self-attention, heads: 5 × 32; feed-forward 160 → 512 → 160, GELU; each with layer norm after the sum',
      '              decoder of width 160; embedding of 4,096 × 160, times 12.65, the same matrix; 128 sinusoidal positions',
      '              × 2: masked self-attention, heads: 5 × 32; cross-attention, heads: 5 × 32; feed-forward 160 → 512 → 160, GELU; each with layer norm after the sum',
      '              4,096 scores from the matrix of the embedding',
    ]);
  });

  test('what is no parameter is told apart', async () => {
    const found = await lines(path.join(families, 'gpt2/torchscript-eager/model_quantized.onnx'));
    assert.ok(found.includes('  parameters  5,104'));
    assert.match(
      found.find((line) => line.startsWith('  constants')) ?? '',
      /^ {2}constants {3}scales and zero points {2}22 in 22 tensors, [\d.]+ bytes$/,
    );
  });

  test('what a model takes to run, in a line each', async () => {
    const file = path.join(families, 'gpt2/torchscript-eager-cache/model.onnx');
    const { status, written, notes } = await inspected(file, '--cost', '--context', '12');
    assert.deepEqual([status, notes], [0, []]);
    assert.deepEqual(written.trimEnd().split('\n'), [
      file,
      '  a text of 12 tokens',
      '  prefill    119.8 kFLOP  15.4% of it for attention maps',
      '  per token  10.0 kFLOP   the last one, given all before it',
      '  cache      3.1 kB       keys and values behind the text',
      '  maps       1.2 kB       the largest map of a layer, all heads',
      '  weights    23.0 kB      5,104 parameters, as they are stored',
    ]);
  });

  test('what a model takes to run, as functions', async () => {
    const file = path.join(families, 'gpt2/torchscript-eager-cache/model.onnx');
    const { written } = await inspected(file, '--cost', '--batch', '3', '--json');
    const { figures, ...model } = JSON.parse(written) as ModelCost & { figures: CostFigures };
    assert.deepEqual(model.graphs[0]?.attentionOperations, [
      { coefficient: 128, powers: { batch: 1, tokens: 2 } },
      { coefficient: 128, powers: { batch: 1, tokens: 1, past: 1 } },
    ]);
    const setting = { context: 32, batch: 3 };
    assert.deepEqual(figures, { ...setting, ...costFigures(model, setting) });
  });

  test('a text that is longer than a model can see is told, and files that are none are', async () => {
    const folder = path.join(root, 'models/headlight-fill-mask');
    const longer = await inspected(folder, '--cost', '--context', '129');
    assert.equal(longer.status, 0);
    assert.deepEqual(longer.notes, [
      `${folder} can see 128 tokens at once; the figures are of more`,
    ]);
    const mixed = temporaryFolder();
    copyFileSync(path.join(families, 'bert/dynamo-sdpa/model.onnx'), path.join(mixed, 'a.onnx'));
    writeFileSync(path.join(mixed, 'b.onnx'), 'nonsense');
    const { status, written, notes } = await inspected(mixed, '--cost');
    assert.equal(status, 1);
    assert.match(written, /a\.onnx\n {2}a text of 512 tokens\n/);
    assert.match(notes.join(), /b\.onnx/);
  });

  test('layers that two files have, in one line', async () => {
    const folder = temporaryFolder();
    const source = path.join(families, 'bart/torchscript-eager');
    copyFileSync(path.join(families, 'bart/config.json'), path.join(folder, 'config.json'));
    const files = ['encoder_model', 'decoder_model', 'decoder_with_past_model'];
    for (const name of files) {
      copyFileSync(path.join(source, `${name}.onnx`), path.join(folder, `${name}.onnx`));
    }
    const copies = (await lines(folder)).filter((line) => /stored/.test(line));
    assert.match(
      copies.find((line) => /matrices/.test(line)) ?? '',
      /\d+ matrices of [\d,]+ are stored in decoder_model\.onnx and in decoder_with_past_model\.onnx: [\d.]+ kB more$/,
    );
  });

  test('a model of more operations than Headlight runs is described, and that is told', async () => {
    const file = path.join(temporaryFolder(), 'model.onnx');
    const nodes = Array.from({ length: MOST_LOADED_NODES + 1 }, (_, i) =>
      block(1, block(1, `v${i}`), block(2, `v${i + 1}`), block(4, 'Relu')),
    );
    const ends = [11, 12].map((field) =>
      block(field, block(1, field === 11 ? 'v0' : `v${nodes.length}`)),
    );
    writeFileSync(file, protobuf(...nodes, block(2, 'long'), ...ends));
    const found = await lines(file);
    const at = found.findIndex((line) => line.startsWith('  runtime'));
    const numbers = `has ${MOST_LOADED_NODES + 1} operations, and Headlight runs models of at most ${MOST_LOADED_NODES}`;
    assert.equal(found[at], '  runtime     Headlight does not run it');
    assert.ok(found[at + 1]?.includes(numbers), found[at + 1]);
    assert.ok(found.some((line) => line.includes(`${nodes.length} × Relu`)));
  });

  test('layers are listed by their numbers, in whatever order the file has their weights', async () => {
    const file = path.join(temporaryFolder(), 'model.onnx');
    const names = Array.from({ length: 12 }, (_, i) => `h.${i}.mlp.weight`).sort();
    assert.match(names[2] ?? '', /10/);
    const tensors = names.map((name) =>
      block(5, int(1, 1), int(2, 1), block(8, name), block(9, new Uint8Array(4))),
    );
    writeFileSync(file, protobuf(...tensors));
    const layers = (await lines(file)).find((line) => line.includes('h.0'));
    assert.match(layers ?? '', /^ +h\.0 … h\.11 {2}× 12 /);
    const outline = JSON.parse(await inspect(file, '--json')) as ModelOutline;
    assert.deepEqual(
      outline.modules.modules[0]?.modules.map(({ name }) => name),
      names.map((_, i) => String(i)),
    );
  });

  test('weights in another file are counted in its size', async () => {
    const file = path.join(families, 'gpt2/torchscript-eager-external/model.onnx');
    const size = statSync(file).size + statSync(`${file}_data`).size;
    assert.ok(
      (await lines(file)).includes(
        `  size        ${(size / 1000).toFixed(1)} kB on disk, 21.5 kB of it in other files; at least 23.0 kB in memory`,
      ),
    );
  });

  test('why there is no attention, and what to do', async () => {
    const found = await lines(path.join(fixtures, 'weights/packed.onnx'));
    assert.deepEqual(found.slice(-3), [
      '  attention layers  0',
      '    The graph has no attention layer: no Softmax weighs its tokens',
      '    choose a model with softmax attention, as in the original Transformer',
    ]);
  });

  test('the maps of a merged decoder have shapes with the names of the inputs', async () => {
    const file = 'gpt2/torchscript-eager-merged/decoder_model_merged.onnx';
    const found = await lines(path.join(families, file));
    assert.deepEqual(found.slice(-3), [
      '  attention layers  2',
      '    blocks.0.attn  masked  [batch_size, 2, sequence_length, sequence_length]',
      '    blocks.1.attn  masked  [batch_size, 2, sequence_length, sequence_length]',
    ]);
  });

  test('--json holds all of it', async () => {
    const file = path.join(families, 'bert/torchscript-eager/model_fp16.onnx');
    const outline = JSON.parse(await inspect(file, '--json')) as ModelOutline;
    assert.equal(outline.quantization.scheme, 'float16');
    assert.deepEqual(outline.compatibility.problems, []);
    assert.equal(outline.size.file, statSync(file).size);
    assert.equal(outline.modules.parameters, outline.parameters);
    assert.deepEqual(outline.attention[1]?.shape, [
      'batch_size',
      4,
      'sequence_length',
      'sequence_length',
    ]);
  });

  test('files that nothing says to be of one model are told one by one', async () => {
    const folder = temporaryFolder();
    const files = ['a.onnx', 'b.onnx'].map((name) => path.join(folder, name));
    for (const file of files) {
      copyFileSync(path.join(families, 'bert/torchscript-eager-optimized/model.onnx'), file);
    }
    const [a = [], b = []] = await Promise.all(files.map(lines));
    assert.deepEqual(await lines(folder), [...a, '', ...b]);
    assert.deepEqual(JSON.parse(await inspect(folder, '--json')), {
      models: await Promise.all(
        files.map(async (file) => JSON.parse(await inspect(file, '--json')) as unknown),
      ),
    });
  });

  test('of such files, one that cannot be read hides no other', async () => {
    const folder = temporaryFolder();
    const file = (name: string): string => path.join(folder, name);
    copyFileSync(
      path.join(families, 'bert/torchscript-eager-optimized/model.onnx'),
      file('good.onnx'),
    );
    writeFileSync(
      file('pointer.onnx'),
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 200758\n`,
    );
    writeFileSync(file('random.onnx'), Buffer.from([0xff, 0x13, 0x9c, 0x00, 0xd1, 0x77]));
    const good = await inspect(file('good.onnx'));
    const { status, written, notes } = await inspected(folder);
    assert.deepEqual([status, written], [1, good]);
    assert.equal(notes.length, 2);
    assert.ok(
      notes[0]?.includes(`Git LFS leaves in the place of the file (${file('pointer.onnx')})`),
    );
    assert.ok(notes[1]?.includes(`not an ONNX file (${file('random.onnx')})`));
    const json = await inspected(folder, '--json');
    assert.equal(json.status, 1);
    const { models } = JSON.parse(json.written) as {
      models: (ModelOutline | { file: string; failure: { kind: string } })[];
    };
    assert.deepEqual(
      models.map((one) => [one.file, 'failure' in one ? one.failure.kind : 'read']),
      [
        [file('good.onnx'), 'read'],
        [file('pointer.onnx'), 'model'],
        [file('random.onnx'), 'model'],
      ],
    );
    // With a configuration they are parts of one model, which lacks these.
    writeFileSync(file('config.json'), '{"model_type": "of_tomorrow"}');
    await rejection(() => inspect(folder));
  });

  test('a configuration that cannot be read hides no graph, and is told beside it', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'model.onnx');
    copyFileSync(path.join(families, 'bert/torchscript-eager-optimized/model.onnx'), file);
    const good = await inspect(file);
    const cost = await inspect(file, '--cost', '--context', '8');
    writeFileSync(path.join(folder, 'config.json'), '{"model_type": "bert", "vocab_si');
    for (const target of [folder, file]) {
      const { status, written, notes } = await inspected(target);
      assert.deepEqual([status, written], [1, good]);
      assert.match(notes.join(), /^The file is damaged or cut short: .*config\.json/);
      const costs = await inspected(target, '--cost', '--context', '8');
      assert.deepEqual([costs.status, costs.notes], [1, notes]);
      assert.deepEqual(costs.written.split('\n').slice(1), cost.split('\n').slice(1));
      const tensors = await runCommand(['tensors', target]);
      assert.equal(tensors.status, 1);
      assert.match(tensors.written, /bert\.encoder\.layer\.1/);
      assert.match(tensors.notes.join(), /config\.json/);
    }
    const { models } = JSON.parse((await inspected(folder, '--json')).written) as {
      models: { file: string }[];
    };
    assert.deepEqual(
      models.map((one) => one.file),
      [file, path.join(folder, 'config.json')],
    );
  });

  test('a file that is cut off is a failure that names it and the byte', async () => {
    const file = path.join(temporaryFolder(), 'model.onnx');
    const whole = readFileSync(path.join(families, 'bert/torchscript-eager/model.onnx'));
    writeFileSync(file, whole.subarray(0, 3000));
    const failure = await rejection(() => inspect(file));
    assert.equal(failure.kind, 'model');
    assert.equal(failure.where, file);
    assert.ok(failure.what.args.includes(3000), 'where the file ends');
  });

  test('a model without its weights is described, and what it lacks is told', async () => {
    const external = path.join(families, 'gpt2/torchscript-eager-external/model.onnx');
    const folder = temporaryFolder();
    const file = path.join(folder, 'model.onnx');
    copyFileSync(external, file);
    const found = await lines(file);
    const at = found.indexOf('  runtime     ONNX Runtime 1.30.0 cannot run it');
    assert.equal(
      found[at + 1]?.trim(),
      `A file with the model’s weights is missing (${path.join(folder, 'model.onnx_data')}): put it beside the .onnx file that refers to it`,
    );
    writeFileSync(path.join(folder, 'model.onnx_data'), '12345');
    assert.match((await lines(file))[at + 1] ?? '', /is cut short: it has 5 of \d+ bytes/);
  });

  test('a model whose weights lie outside its folder is refused', async () => {
    const tensor = block(
      5,
      ...[int(1, 1), int(2, 1), block(8, 'w'), int(14, 1)],
      block(13, block(1, 'location'), block(2, '../../secret')),
    );
    const file = path.join(temporaryFolder(), 'model.onnx');
    writeFileSync(file, protobuf(tensor));
    const failure = await rejection(() => inspect(file));
    assert.equal(failure.where, `${file} → ../../secret`);
    assert.match(failure.message, /outside its own folder/);
  });

  test('names that would drive the terminal are written out', async () => {
    const file = path.join(temporaryFolder(), 'model.onnx');
    writeFileSync(file, protobuf(block(11, block(1, 'a\u001b[2J\nruntime  fine \u202e'))));
    const written = await inspect(file);
    assert.doesNotMatch(written, /[^\P{Cc}\n]|\p{Bidi_Control}/u);
    assert.match(written, /a\\u001b\[2J\\u000aruntime/);
  });

  test('columns are as wide as their widest cells, numbers on the right', () => {
    assert.deepEqual(alignColumns([]), []);
    assert.deepEqual(
      alignColumns(
        [
          ['name', 'count'],
          ['x', '1'],
          ['longer', ''],
        ],
        1,
      ),
      ['name    count', 'x           1', 'longer'],
    );
  });
});

/** What `headlight inspect` writes where nothing is wrong. */
async function inspect(...args: string[]): Promise<string> {
  const { status, written, notes } = await inspected(...args);
  assert.deepEqual([status, notes], [0, []]);
  return written;
}

/** All that comes of `headlight inspect`. */
function inspected(...args: string[]): Promise<CommandResult> {
  return runCommand(['inspect', ...args]);
}

async function lines(file: string): Promise<string[]> {
  return (await inspect(file)).trimEnd().split('\n');
}
