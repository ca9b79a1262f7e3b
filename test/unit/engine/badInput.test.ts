import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Engine } from '../../../src/engine/engine';
import { MOST_LOADED_NODES } from '../../../src/onnx/file/limits';
import { inEnglish, type FailureKind } from '../../../src/shared/failure';
import { rejection } from '../../support/failures';
import { root } from '../../support/root';
import { temporaryFolder } from '../../support/temporary';
import { block, int } from '../../support/onnx/protobuf';
import {
  change,
  context,
  generated,
  inspectOne,
  listen,
  tinyEncoder,
  tinyModel,
  tinySeq2seq,
} from '../../support/engine/models';

interface BadModel {
  title: string;
  /** Spoils a good model folder. */
  spoil?(folder: string): void;
  /** What to open instead of the folder. */
  instead?(folder: string): string;
  kind: FailureKind;
  /** Part of the place that the failure names. */
  where: string;
  /** Part of what it says. */
  says?: string;
}

const onnx = (folder: string): string => path.join(folder, 'onnx/model.onnx');

/** Spoils one file in the two usual ways. */
function damaged(file: string, where: string): BadModel[] {
  return [
    {
      title: `${file} is cut short`,
      spoil: (folder) => {
        const target = path.join(folder, file);
        truncateSync(target, Math.floor(readFileSync(target).length / 2));
      },
      kind: 'model',
      where,
    },
    {
      title: `${file} is garbage`,
      spoil: (folder) =>
        writeFileSync(path.join(folder, file), Buffer.from('\x8b\x00garbage\xff'.repeat(99))),
      kind: 'model',
      where,
    },
    {
      title: `${file} is empty`,
      spoil: (folder) => writeFileSync(path.join(folder, file), ''),
      kind: 'model',
      where,
    },
  ];
}

const badModels: BadModel[] = [
  {
    title: 'there is no such folder',
    instead: (folder) => path.join(folder, 'nowhere'),
    kind: 'model',
    where: 'nowhere',
  },
  {
    title: 'the folder is empty',
    instead: () => temporaryFolder(),
    kind: 'model',
    where: 'headlight-test-',
  },
  {
    title: 'the folder is a file',
    instead: (folder) => path.join(folder, 'config.json'),
    kind: 'model',
    where: 'config.json',
  },
  {
    title: 'the folder has no graph',
    spoil: (folder) => rmSync(path.join(folder, 'onnx'), { recursive: true }),
    kind: 'model',
    where: 'headlight-test-',
  },
  {
    title: 'tokenizer.json is missing',
    spoil: (folder) => rmSync(path.join(folder, 'tokenizer.json')),
    kind: 'model',
    where: 'headlight-test-',
    says: 'tokenizer.json',
  },
  ...damaged('onnx/model.onnx', 'model.onnx'),
  ...damaged('tokenizer.json', 'tokenizer.json'),
  ...damaged('config.json', 'config.json'),
  {
    title: 'tokenizer.json is about something else',
    spoil: (folder) => writeFileSync(path.join(folder, 'tokenizer.json'), '{"version":"1.0"}'),
    kind: 'model',
    where: 'tokenizer.json',
  },
  {
    title: 'config.json gives nonsense',
    spoil: (folder) => change(path.join(folder, 'config.json'), { num_hidden_layers: -2 }),
    kind: 'model',
    where: 'config.json',
    says: 'num_hidden_layers',
  },
  {
    title: 'the graph is a decoder, but config.json says encoder–decoder',
    spoil: (folder) => change(path.join(folder, 'config.json'), { is_encoder_decoder: true }),
    kind: 'model',
    where: 'headlight-test-',
    says: 'encoder_model.onnx',
  },
  {
    title: 'the graph wants an input that nobody knows',
    spoil: (folder) => appendFileSync(onnx(folder), moreGraph(INPUT, field(1, 'pixel_values'))),
    kind: 'unsupported',
    where: 'model.onnx',
    says: 'pixel_values',
  },
  ...['/etc/hostname', '../../secret', 'weights/../../../secret', 'C:\\secret'].map(
    (location): BadModel => ({
      title: `the weights are said to lie at ${location}`,
      spoil: (folder) => appendFileSync(onnx(folder), moreGraph(INITIALIZER, external(location))),
      kind: 'model',
      where: location,
      says: 'outside',
    }),
  ),
  {
    title: 'the weights are a link that leads out of the folder',
    spoil: (folder) => {
      const secret = path.join(temporaryFolder(), 'secret');
      writeFileSync(secret, 'not for models');
      symlinkSync(secret, path.join(folder, 'onnx/model.onnx_data'));
      appendFileSync(onnx(folder), moreGraph(INITIALIZER, external('model.onnx_data')));
    },
    kind: 'model',
    where: 'model.onnx_data',
    says: 'outside',
  },
  {
    title: 'the weights lie in a file that is missing',
    spoil: (folder) =>
      appendFileSync(onnx(folder), moreGraph(INITIALIZER, external('model.onnx_data'))),
    kind: 'model',
    where: 'model.onnx_data',
  },
  {
    title: 'the weights lie in a file that is cut short',
    spoil: (folder) => {
      writeFileSync(path.join(folder, 'onnx/model.onnx_data'), 'abc');
      appendFileSync(onnx(folder), moreGraph(INITIALIZER, external('model.onnx_data')));
    },
    kind: 'model',
    where: 'model.onnx_data',
    says: 'cut short',
  },
  {
    title: 'the graph has more operations than the runtime can load in reasonable time',
    spoil: (folder) =>
      appendFileSync(
        onnx(folder),
        block(7, ...new Array<Uint8Array>(MOST_LOADED_NODES).fill(block(1, block(4, 'Relu')))),
      ),
    kind: 'unsupported',
    where: 'model.onnx',
    says: `at most ${MOST_LOADED_NODES}`,
  },
];

/** Has a graph return the first logits of each token alone, without telling how many. */
function narrowLogits(file: string, width: number): void {
  const all = Buffer.from(
    readFileSync(file).toString('latin1').replaceAll('logits', 'logitz'),
    'latin1',
  );
  const integer = (name: string, value: number) =>
    block(
      5,
      int(1, 1),
      int(2, 7),
      block(8, name),
      block(9, Uint8Array.of(value, ...new Array<number>(7).fill(0))),
    );
  const inputs = ['logitz', 'narrow.from', 'narrow.to', 'narrow.axis'];
  const slice = block(
    1,
    ...inputs.map((name) => block(1, name)),
    block(2, 'logits'),
    block(4, 'Slice'),
  );
  const numbers = [
    integer('narrow.from', 0),
    integer('narrow.to', width),
    integer('narrow.axis', 2),
  ];
  const graph = block(7, slice, ...numbers, block(12, block(1, 'logits')));
  writeFileSync(file, Buffer.concat([all, graph]));
}

suite('engine, given bad models', () => {
  const { engine, activities } = listen();
  const good = tinyModel('llama', 'with-cache');

  for (const { title, spoil, instead, kind, where, says = '' } of badModels) {
    test(title, async () => {
      const folder = tinyModel('llama', 'with-cache');
      spoil?.(folder);
      const model = instead?.(folder) ?? folder;
      const text = generated.llama.prompt;
      const calls = [
        () => engine.openModel({ model: { folder: model } }, context()),
        () =>
          engine.complete(
            { model: { folder: model }, text, options: { maxNewTokens: 2 } },
            context(),
          ),
        () => engine.trace({ model: { folder: model }, text }, context()),
      ];
      for (const call of calls) {
        const failure = await rejection(call);
        assert.equal(failure.kind, kind, failure.message);
        assert.ok(failure.where?.includes(where), failure.message);
        assert.ok(inEnglish(failure.what).includes(says), failure.message);
        const latest = activities.at(-1);
        assert.equal(latest?.state, 'failed');
        assert.deepEqual(latest.failure, failure.data);
      }
      await worksWith(engine, good);
      assert.equal(activities.at(-1)?.state, 'ready');
    });
  }

  test('tokenizing needs a tokenizer and no model', async () => {
    const model = tinyModel('llama', 'with-cache');
    const text = generated.llama.prompt;
    const { tokens } = await engine.tokenize({ model: { folder: model }, text }, context());
    for (const name of ['config.json', 'onnx']) {
      rmSync(path.join(model, name), { recursive: true });
    }
    assert.deepEqual(
      await listen().engine.tokenize({ model: { folder: model }, text }, context()),
      {
        tokens,
      },
    );
  });

  for (const { title, spoil, where } of damaged('tokenizer.json', 'tokenizer.json')) {
    test(`tokenizing: ${title}`, async () => {
      const model = tinyModel('llama', 'with-cache');
      spoil?.(model);
      const failure = await rejection(() =>
        engine.tokenize({ model: { folder: model }, text: 'a' }, context()),
      );
      assert.equal(failure.kind, 'model');
      assert.ok(failure.where?.includes(where), failure.message);
    });
  }

  test('a folder that was mended opens without a restart', async () => {
    const model = tinyModel('gpt2', 'with-cache');
    const config = path.join(model, 'config.json');
    const whole = readFileSync(config);
    writeFileSync(config, '{');
    await rejection(() => engine.openModel({ model: { folder: model } }, context()));
    writeFileSync(config, whole);
    await engine.openModel({ model: { folder: model } }, context());
    assert.equal(activities.at(-1)?.state, 'ready');
  });

  for (const [title, node] of [
    ['of an operator that does not exist', stray('logits', 'NoSuchOperator')],
    ['that takes a weight that is not there', stray('no.such.weight', 'Identity')],
  ] as const) {
    test(`a node ${title} is a failure, and so again`, async () => {
      const model = tinyModel('gpt2', 'with-cache');
      // All that Headlight reads is in order; ONNX Runtime refuses it.
      appendFileSync(onnx(model), moreGraph(NODE, node));
      const params = { model: { folder: model }, text: 'the cat', options: { maxNewTokens: 2 } };
      await engine.openModel({ model: { folder: model } }, context());
      for (const call of [
        () => engine.complete(params, context()),
        () => engine.complete(params, context()),
        () => engine.trace(params, context()),
      ]) {
        const failure = await rejection(call);
        assert.equal(failure.kind, 'runtime');
        assert.equal(failure.where, 'onnx/model.onnx');
        assert.ok(!failure.message.includes('\n'), failure.message);
        assert.equal(activities.at(-1)?.state, 'failed');
      }
    });
  }

  test('a graph that knows fewer tokens than config.json says fails when it runs, and the next one works', async () => {
    const model = tinyModel('llama', 'with-cache');
    // The tokenizer has words that the embedding lacks.
    const file = path.join(model, 'tokenizer.json');
    const tokenizer = JSON.parse(readFileSync(file, 'utf8')) as {
      added_tokens: { id: number; content: string }[];
    };
    const [begin] = tokenizer.added_tokens;
    assert.ok(begin);
    tokenizer.added_tokens.push({ ...begin, id: 5000, content: '<extra>' });
    change(path.join(model, 'config.json'), { vocab_size: 6000 });
    writeFileSync(file, JSON.stringify(tokenizer));
    const failure = await rejection(() =>
      engine.complete(
        { model: { folder: model }, text: '<extra>', options: { maxNewTokens: 2 } },
        context(),
      ),
    );
    assert.equal(failure.kind, 'runtime');
    await worksWith(engine, tinyModel('llama', 'with-cache'));
  });

  test('a graph that rates other tokens than config.json has is told with both numbers', async () => {
    const text = 'the cat';
    for (const [width, spoil] of [
      [48, () => undefined],
      // So narrow that the text's own tokens have no logit, which the file does not tell.
      [4, narrowLogits],
    ] as const) {
      const folder = tinyModel('llama', 'with-cache');
      change(path.join(folder, 'config.json'), { vocab_size: 60 });
      spoil(onnx(folder), width);
      for (const ask of [
        () => engine.complete({ model: { folder }, text, options: { maxNewTokens: 2 } }, context()),
        () => engine.trace({ model: { folder }, text }, context()),
      ]) {
        const { kind, message } = await rejection(ask);
        assert.equal(kind, 'model', message);
        const numbers = `graph rates ${width} tokens, but its config.json says that there are 60`;
        assert.ok(message.includes(numbers), message);
      }
    }
  });

  test('a model without attention that can be tapped completes and does not trace', async () => {
    const model = tinyModel('llama', 'without-cache');
    cpSync(path.join(root, 'test/fixtures/engine/noAttention.onnx'), onnx(model));
    const { tokens } = await engine.complete(
      { model: { folder: model }, text: 'the', options: { maxNewTokens: 2 } },
      context(),
    );
    assert.equal(tokens.length, 2);
    const failure = await rejection(() =>
      engine.trace({ model: { folder: model }, text: 'the' }, context()),
    );
    assert.equal(failure.kind, 'unsupported');
    const { attention } = await inspectOne(engine, model);
    assert.deepEqual(attention, []);
  });

  test('every announcement of loading was followed by how it ended', () => {
    const states = activities.map(({ state }) => state);
    assert.ok(states.length > 100);
    for (const [index, state] of states.entries()) {
      assert.equal(state === 'loading', index % 2 === 0);
    }
  });
});

suite('engine, given bad encoder–decoder models', () => {
  const graph = (folder: string, name: string): string => path.join(folder, `onnx/${name}.onnx`);
  const bad: Required<Pick<BadModel, 'title' | 'spoil' | 'kind' | 'where' | 'says'>>[] = [
    {
      title: 'there is an encoder and no decoder',
      spoil: (folder) => rmSync(graph(folder, 'decoder_model_merged')),
      kind: 'model',
      where: 'headlight-test-',
      says: 'decoder_model_merged.onnx',
    },
    {
      title: 'there is a decoder and no encoder',
      spoil: (folder) => rmSync(graph(folder, 'encoder_model')),
      kind: 'model',
      where: 'headlight-test-',
      says: 'encoder_model.onnx',
    },
    {
      title: 'the decoder for later steps is named as if it were merged',
      spoil: (folder) =>
        cpSync(
          path.join(root, 'test/fixtures/seq2seq/marian/onnx/decoder_with_past_model.onnx'),
          graph(folder, 'decoder_model_merged'),
        ),
      kind: 'unsupported',
      where: 'decoder_model_merged.onnx',
      says: 'earlier step',
    },
    {
      title: 'the decoder takes what a wider encoder gives',
      spoil: (folder) => {
        const file = graph(folder, 'encoder_model');
        const bytes = readFileSync(file);
        // The last size of the output, 16, as a `Dimension` with a `dim_value`.
        const width = bytes.indexOf(
          Buffer.from([0x0a, 2, 8, 16]),
          bytes.lastIndexOf('last_hidden_state'),
        );
        bytes[width + 3] = 24;
        writeFileSync(file, bytes);
      },
      kind: 'model',
      where: 'decoder_model_merged.onnx',
      says: 'different models',
    },
    {
      title: 'headlight.json gives nonsense',
      spoil: (folder) => writeFileSync(path.join(folder, 'headlight.json'), '{"languages":"en"}'),
      kind: 'model',
      where: 'headlight.json',
      says: 'languages',
    },
  ];
  for (const { title, spoil, kind, where, says } of bad) {
    test(title, async () => {
      const folder = tinySeq2seq('marian');
      spoil(folder);
      const failure = await rejection(() =>
        listen().engine.openModel({ model: { folder } }, context()),
      );
      assert.equal(failure.kind, kind, failure.message);
      assert.ok(failure.where?.includes(where), failure.message);
      assert.ok(inEnglish(failure.what).includes(says), failure.message);
    });
  }

  test('ids beyond the vocabulary and lengths of zero in generation_config.json do no harm', async () => {
    const folder = tinySeq2seq('t5');
    change(path.join(folder, 'generation_config.json'), {
      bad_words_ids: [[9_999_999], [1, 9_999_999]],
      suppress_tokens: [9_999_999],
      max_length: 0,
      min_length: 1_000_000,
    });
    const { parts, stop } = await listen().engine.translate(
      { model: { folder }, text: 'the cat', options: {} },
      context(),
    );
    assert.deepEqual([parts[0]?.tokens.length, stop], [1, 'length']);
  });
});

suite('engine, inspecting', () => {
  const { engine, activities } = listen();

  test('a file and its folder are described alike, without loading', async () => {
    const model = tinyModel('llama', 'with-cache');
    const outline = await inspectOne(engine, model);
    assert.deepEqual(outline, await inspectOne(engine, onnx(model)));
    assert.equal(outline.file, onnx(model));
    assert.deepEqual(outline.opsets, [{ domain: 'ai.onnx', version: 14 }]);
    assert.deepEqual(
      outline.inputs.find(({ name }) => name === 'past_key_values.1.value'),
      {
        name: 'past_key_values.1.value',
        dtype: 'float32',
        shape: ['batch_size', 2, 'past_sequence_length', 4],
      },
    );
    assert.equal(outline.outputs[0]?.name, 'logits');
    assert.deepEqual(
      outline.attention.map(({ id }) => id),
      ['blocks.0.attn', 'blocks.1.attn'],
    );
    const counts = outline.operators.map(({ count }) => count);
    assert.deepEqual(
      counts,
      [...counts].sort((a, b) => b - a),
    );
    assert.equal(outline.operators.find(({ name }) => name === 'Softmax')?.count, 2);
    assert.ok(outline.parameters > 3000 && outline.parameters < 10_000);
    assert.deepEqual(activities, [], 'inspecting loads nothing');
  });

  test('a file is what its folder says, whatever its graph looks like', async () => {
    const model = tinyModel('llama', 'with-cache');
    const config = path.join(model, 'config.json');
    const kinds = async (target: string) =>
      (await inspectOne(engine, target)).attention.map(({ kind }) => kind);
    const quantized = path.join(model, 'onnx/model_quantized.onnx');
    writeFileSync(quantized, readFileSync(onnx(model)));
    assert.deepEqual(await kinds(quantized), ['masked', 'masked']);
    // As a masked language model has it, whose graph would tell something else.
    change(config, { model_type: 'bert', architectures: ['BertForMaskedLM'] });
    assert.deepEqual(await kinds(model), await kinds(onnx(model)));
    assert.deepEqual(await kinds(quantized), ['self', 'self']);
  });

  test('a folder of several files is described as one model, and file by file', async () => {
    const model = tinySeq2seq('marian', 'split');
    const { parts = [], ...whole } = await inspectOne(engine, model);
    assert.equal(whole.file, model);
    assert.deepEqual(
      parts.map(({ file }) => path.basename(file)),
      ['encoder_model.onnx', 'decoder_model.onnx', 'decoder_with_past_model.onnx'],
    );
    const [encoder, decoder] = parts;
    assert.ok(encoder && decoder);
    assert.deepEqual(whole.inputs, encoder.inputs);
    assert.deepEqual(whole.outputs, decoder.outputs);
    const shared = whole.repeated.filter(({ places }) =>
      places.some(({ file }) => file === encoder.file),
    );
    assert.deepEqual(
      shared.map(({ isTable, places }) => [isTable, places.map(({ file }) => path.basename(file))]),
      [[true, parts.map(({ file }) => path.basename(file))]],
    );
    assert.equal(
      whole.parameters,
      encoder.parameters + decoder.parameters - (shared[0]?.parameters ?? NaN),
    );
    const softmaxes = (of: typeof whole) => of.operators.find(({ name }) => name === 'Softmax');
    assert.equal(softmaxes(whole)?.count, 6, 'two layers of each of three kinds');
    assert.deepEqual(
      whole.attention.map(({ component, kind, layer }) => [component, kind, layer]),
      [
        ['encoder', 'self', 0],
        ['encoder', 'self', 1],
        ['decoder', 'masked', 0],
        ['decoder', 'masked', 1],
        ['decoder', 'cross', 0],
        ['decoder', 'cross', 1],
      ],
    );
    for (const part of parts) {
      assert.deepEqual(part, await inspectOne(engine, part.file));
    }
    const { parts: single } = await inspectOne(engine, tinyEncoder());
    assert.equal(single, undefined);
  });

  const bad: [title: string, make: () => string][] = [
    ['nothing there', () => path.join(temporaryFolder(), 'model.onnx')],
    ['an empty folder', () => temporaryFolder()],
    [
      'a text',
      () => {
        const file = path.join(temporaryFolder(), 'model.onnx');
        writeFileSync(file, 'once upon a time');
        return file;
      },
    ],
    [
      'a folder named like a file',
      () => {
        const folder = path.join(temporaryFolder(), 'model.onnx');
        mkdirSync(folder);
        return folder;
      },
    ],
  ];
  for (const [title, make] of bad) {
    test(`${title} is a failure that names the path`, async () => {
      const target = make();
      const { kind, where } = await rejection(() => inspectOne(engine, target));
      assert.equal(kind, 'model');
      assert.ok(where?.includes(target));
    });
  }
});

/** The engine goes on working after a failure. */
async function worksWith(engine: Engine, model: string): Promise<void> {
  const { prompt, newIds } = generated.llama;
  const { tokens } = await engine.complete(
    { model: { folder: model }, text: prompt, options: { maxNewTokens: 3 } },
    context(),
  );
  assert.deepEqual(
    tokens.map(({ id }) => id),
    newIds.slice(0, 3),
  );
}

// Fields of GraphProto.
const NODE = 1;
const INITIALIZER = 5;
const INPUT = 11;

/** Bytes that give a model's graph one element more, since protobuf merges what is appended. */
function moreGraph(element: number, content: Buffer): Buffer {
  return field(7, field(element, content));
}

/** A TensorProto [1] of float32 whose bytes are said to lie elsewhere. */
function external(location: string): Buffer {
  const entry = (key: string, value: string): Buffer =>
    field(13, Buffer.concat([field(1, key), field(2, value)]));
  return Buffer.concat([
    Buffer.from([0x08, 1, 0x10, 1]),
    field(8, 'stray'),
    entry('location', location),
    entry('offset', '0'),
    entry('length', '4'),
    Buffer.from([0x70, 1]),
  ]);
}

/** A NodeProto that nothing depends on. */
function stray(input: string, operator: string): Buffer {
  return Buffer.concat([field(1, input), field(2, 'stray'), field(4, operator)]);
}

/** A field of wire type 2, with a length below 2^14. */
function field(number: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length =
    bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes]);
}
