import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { wholeModel } from '../../../src/onnx/file/writeModel';
import { inEnglish } from '../../../src/shared/failure';
import { rejection } from '../../support/failures';
import { root } from '../../support/root';
import { temporaryFolder } from '../../support/temporary';
import {
  change,
  context,
  inspectOne,
  listen,
  tinyModel,
  tinySeq2seq,
} from '../../support/engine/models';

/** A folder as one for speech looks: its configuration is complete, but has nothing of text. */
function speech(): string {
  const folder = temporaryFolder();
  const source = path.join(root, 'test/fixtures/families/wav2vec2');
  cpSync(path.join(source, 'torchscript-eager/model.onnx'), path.join(folder, 'model.onnx'));
  cpSync(path.join(source, 'config.json'), path.join(folder, 'config.json'));
  return folder;
}

/** A graph with the inputs and outputs that the exporter of `transformers` gives a T5. */
function encoderAndDecoder(): Uint8Array {
  const ids = ['input_ids', 'attention_mask', 'decoder_input_ids'];
  return wholeModel(
    {
      nodes: [{ opType: 'Gather', inputs: ['table', 'decoder_input_ids'], outputs: ['logits'] }],
      initializers: [
        { name: 'table', dtype: 'float32', dims: [56, 56], bytes: new Uint8Array(4 * 56 * 56) },
      ],
      inputs: ids.map((name) => ({ name, dtype: 'int64', shape: ['batch', `length of ${name}`] })),
      outputs: [{ name: 'logits', dtype: 'float32', shape: ['batch', 'length', 56] }],
    },
    { irVersion: 8, opset: 17 },
  );
}

suite('engine: folders of other kinds', () => {
  const { engine } = listen();

  test('a speech model is inspected, and what else is asked of it says that it reads no text', async () => {
    const folder = speech();
    const outline = await inspectOne(engine, folder);
    assert.equal(outline.file, path.join(folder, 'model.onnx'));
    assert.deepEqual(
      new Set(outline.attention.map(({ kind, component }) => `${component} ${kind}`)),
      new Set(['encoder self']),
    );
    const model = { folder };
    for (const ask of [
      async () => engine.openModel({ model }, context()),
      async () => engine.trace({ model, text: 'x' }, context()),
      async () => engine.complete({ model, text: 'x', options: { maxNewTokens: 1 } }, context()),
    ]) {
      const { kind, what, where } = await rejection(ask);
      assert.equal(kind, 'unsupported');
      assert.equal(
        inEnglish(what),
        'The model reads sound and no text: its input is “input_values”',
      );
      assert.equal(where, 'model.onnx');
    }
  });

  test('encoder and decoder in one graph: that is said, and which export is accepted', async () => {
    const folders = [
      { folder: tinySeq2seq('t5'), file: 'onnx/model.onnx' },
      // Under the names of other graphs, and where config.json says nothing of an encoder.
      { folder: tinySeq2seq('marian'), file: 'onnx/encoder_model.onnx' },
      { folder: tinyModel('gpt2', 'with-cache'), file: 'onnx/model.onnx' },
    ];
    for (const { folder, file } of folders) {
      if (file.endsWith('/model.onnx')) {
        rmSync(path.join(folder, 'onnx'), { recursive: true });
        mkdirSync(path.join(folder, 'onnx'));
      }
      writeFileSync(path.join(folder, file), encoderAndDecoder());
      const model = { folder };
      for (const ask of [
        async () => engine.openModel({ model }, context()),
        async () => engine.translate({ model, text: 'the cat', options: {} }, context()),
        async () => engine.trace({ model, text: 'the cat' }, context()),
      ]) {
        const { kind, message, where } = await rejection(ask);
        assert.deepEqual([kind, where], ['unsupported', file]);
        assert.match(message, /^One graph holds encoder and decoder together/);
        assert.match(
          message,
          /as encoder_model\.onnx and decoder_model_merged\.onnx, with Optimum/,
        );
      }
    }
    const [t5] = folders;
    const { inputs } = await inspectOne(engine, t5?.folder ?? '');
    assert.ok(inputs.some(({ name }) => name === 'decoder_input_ids'));
  });

  test('graphs are inspected without a tokenizer and without a configuration', async () => {
    const folder = tinyModel('llama', 'with-cache');
    const whole = await inspectOne(engine, folder);
    rmSync(path.join(folder, 'tokenizer.json'));
    assert.deepEqual(await inspectOne(engine, folder), whole);
    rmSync(path.join(folder, 'config.json'));
    const { operators, file } = await inspectOne(engine, folder);
    assert.deepEqual([operators, file], [whole.operators, whole.file]);
  });

  test('of several graphs without a configuration, each is a model of its own', async () => {
    const folder = tinyModel('llama', 'with-cache');
    const onnx = (name: string): string => path.join(folder, 'onnx', name);
    rmSync(path.join(folder, 'config.json'));
    renameSync(onnx('model.onnx'), onnx('text_model.onnx'));
    cpSync(onnx('text_model.onnx'), onnx('text_model_quantized.onnx'));
    cpSync(onnx('text_model.onnx'), onnx('vision_model_fp16.onnx'));
    const { outlines } = await engine.inspect({ path: folder }, context());
    const files = ['text_model.onnx', 'vision_model_fp16.onnx'];
    assert.deepEqual(
      outlines.map(({ file, parts }) => [path.basename(file), parts]),
      files.map((file) => [file, undefined]),
    );
    for (const outline of outlines) {
      assert.deepEqual(outline, await inspectOne(engine, outline.file));
    }
    // With a configuration of whatever they are, they are parts of one.
    writeFileSync(path.join(folder, 'config.json'), '{"model_type": "of_tomorrow"}');
    const { parts, parameters, repeated } = await inspectOne(engine, folder);
    assert.deepEqual(parts, outlines);
    // What is a matrix in one is the same matrix in the other, which has the same elements.
    const matrices = repeated.reduce((sum, each) => sum + each.parameters, 0);
    assert.ok(matrices > 3000);
    assert.equal(parameters, 2 * (outlines[0]?.parameters ?? 0) - matrices);
  });

  test('a model is found through the hub’s cache and by its graph, in quotation marks, too', async () => {
    const cache = temporaryFolder();
    const repository = path.join(cache, 'models--org--tiny');
    mkdirSync(path.join(repository, 'refs'), { recursive: true });
    writeFileSync(path.join(repository, 'refs/main'), 'abc');
    const snapshot = path.join(repository, 'snapshots/abc');
    cpSync(tinyModel('llama', 'with-cache'), snapshot, { recursive: true });
    for (const folder of [
      cache,
      repository,
      `"${snapshot}/" `,
      path.join(snapshot, 'onnx/model.onnx'),
    ]) {
      const { name } = await engine.openModel({ model: { folder } }, context());
      assert.equal(name, 'org/tiny');
      const { tokens } = await engine.tokenize({ model: { folder }, text: 'the' }, context());
      assert.equal(tokens.at(-1)?.text, 'the');
    }
    assert.equal((await inspectOne(engine, cache)).file, path.join(snapshot, 'onnx/model.onnx'));
    const other = path.join(snapshot, 'onnx/model_q4.onnx');
    cpSync(path.join(snapshot, 'onnx/model.onnx'), other);
    const { kind, what } = await rejection(async () =>
      engine.openModel({ model: { folder: other } }, context()),
    );
    assert.equal(kind, 'input');
    assert.match(inEnglish(what), /onnx\/model\.onnx is used/);
  });

  test('what a genuine file lacks is not to be downloaded again', async () => {
    const folder = tinyModel('gpt2', 'with-cache');
    change(path.join(folder, 'config.json'), { n_positions: undefined });
    const { what, remedy } = await rejection(async () =>
      engine.openModel({ model: { folder } }, context()),
    );
    assert.match(inEnglish(what), /lacks “max_position_embeddings”/);
    assert.match(inEnglish(remedy), /^add it to the file/);
  });
});
