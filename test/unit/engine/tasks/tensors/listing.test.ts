import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { copyFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TensorId } from '../../../../../src/shared/tensorListing';
import { rejection } from '../../../../support/failures';
import { block, int, model as protobuf } from '../../../../support/onnx/protobuf';
import { root } from '../../../../support/root';
import { temporaryFolder } from '../../../../support/temporary';
import { context, ListedPath } from '../../../../support/tensors/call';
import { fixture } from '../../../../support/tensors/expected';
import { safetensorsFile } from '../../../../support/tensors/safetensorsFile';
import { fixture as weights, openStateDict } from '../../../../support/weights/files';

const families = path.join(root, 'test/fixtures/families');

suite('engine/tasks/tensors: what a path holds', () => {
  test('the files of an encoder–decoder model, with what the one repeats of the other', async () => {
    const folder = path.join(root, 'models/headlight-translate-en-zh');
    const { listing } = await ListedPath.open(folder);
    const file = path.join(folder, 'onnx/encoder_model.onnx');
    assert.equal(listing.tensors.length, 120);
    const query = listing.tensors.find(({ name }) => name === 'onnx::MatMul_508_half');
    assert.deepEqual(query, {
      file,
      name: 'onnx::MatMul_508_half',
      parameters: ['encoder.layers.0.self_attn.q_proj.weight'],
      isTransposed: true,
      dims: [160, 160],
      dtype: 'float16',
      elements: 25_600,
      bytes: 51_200,
      place: { kind: 'inside' },
    });
    const shared = listing.tensors.find(({ parameters }) =>
      parameters.includes('model.shared.weight'),
    );
    assert.deepEqual(shared?.copyOf, {
      file,
      name: 'embed_tokens.weight_half',
      sharesBytes: false,
    });
  });

  test('parameters have the names under which they were saved beside the graph', async () => {
    const family = path.join(families, 'marian');
    const folder = temporaryFolder();
    for (const name of ['encoder_model.onnx', 'decoder_model.onnx']) {
      copyFileSync(path.join(family, 'torchscript-eager', name), path.join(folder, name));
    }
    copyFileSync(path.join(family, 'config.json'), path.join(folder, 'config.json'));
    const namesNow = async (): Promise<Set<string>> => {
      const { listing } = await ListedPath.open(folder);
      return new Set(listing.tensors.flatMap(({ parameters }) => parameters));
    };
    const query = 'encoder.layers.0.self_attn.q_proj.weight';
    assert.ok((await namesNow()).has(query));
    const saved = path.join(family, 'model.safetensors');
    copyFileSync(saved, path.join(folder, 'model.safetensors'));
    const names = await namesNow();
    assert.ok(names.has(`model.${query}`) && !names.has(query));
    const wanted = [...(await openStateDict(saved)).tensors.keys()];
    // Zeros, which the exporter does not add.
    assert.deepEqual(
      wanted.filter((name) => !names.has(name)),
      ['final_logits_bias'],
    );
  });

  test('integers, scales and blocks are told', async () => {
    const packed = await ListedPath.open(weights('packed.onnx'));
    const { quantization, ...four } = packed.named('four_zeros_w');
    assert.deepEqual([four.dims, four.dtype, four.elements], [[5, 48], 'uint4', 240]);
    assert.deepEqual(quantization, {
      bits: 4,
      scale: 'four_zeros_scales',
      zeroPoint: 'four_zeros_zero_points',
      blockSize: 16,
    });
    assert.equal(packed.named('four_zeros_scales').constant, 'scale');
    assert.equal(packed.named('nf4_w').dtype, 'nf4');
    const blocks = await ListedPath.open(fixture('blocks.gguf'));
    const { dims, dtype, bytes, quantization: own } = blocks.named('blocks.q4_k');
    assert.deepEqual([dims, dtype, bytes], [[3, 512], 'q4_k', 864]);
    assert.deepEqual(own, { bits: 4, blockSize: 256 });
    assert.equal(blocks.named('plain.f16').dtype, 'float16');
  });

  test('several files of safetensors, by their index or by the folder', async () => {
    const index = await ListedPath.open(weights('sharded/model.safetensors.index.json'));
    const files = new Set(index.listing.tensors.map(({ file }) => path.basename(file)));
    assert.deepEqual(
      [...files],
      [1, 2].map((n) => `model-0000${n}-of-00002.safetensors`),
    );
    const folder = await ListedPath.open(weights('sharded'));
    assert.deepEqual(folder.listing, index.listing);
    const name = 'bert.embeddings.LayerNorm.weight';
    const { elements } = await folder.engine.tensorStatistics(
      { tensor: folder.id(name) },
      context(),
    );
    assert.equal(elements, 16);
  });

  test('a file without an ending is told by its beginning', async () => {
    const folder = temporaryFolder();
    for (const [from, count] of [
      [fixture('blocks.gguf'), 14],
      [weights('types.safetensors'), 12],
      [fixture('external.onnx'), 1],
    ] as const) {
      const blob = path.join(folder, 'blob');
      copyFileSync(from, blob);
      assert.equal((await ListedPath.open(blob)).listing.tensors.length, count, from);
    }
  });

  test('tensors of two branches that share a name are told apart', async () => {
    const file = path.join(temporaryFolder(), 'model.onnx');
    const branch = (name: string, value: number) => {
      const bytes = new Uint8Array(Float32Array.of(value).buffer);
      const weight = block(5, int(1, 1), int(2, 1), block(8, 'w'), block(9, bytes));
      const output = block(12, block(1, 'w'));
      return block(5, block(1, name), block(6, weight, output), int(20, 5));
    };
    const node = block(
      1,
      block(1, 'c'),
      block(2, 'y'),
      block(4, 'If'),
      branch('then_branch', 3),
      branch('else_branch', 4),
    );
    writeFileSync(file, protobuf(node, block(11, block(1, 'c')), block(12, block(1, 'y'))));
    const listed = await ListedPath.open(file);
    const { engine, listing } = listed;
    assert.deepEqual(
      listing.tensors.map(({ name, occurrence }) => [name, occurrence]),
      [
        ['w', 1],
        ['w', 2],
      ],
    );
    const means = [];
    for (const { occurrence = 0 } of listing.tensors) {
      const tensor: TensorId = { path: file, file, name: 'w', occurrence };
      means.push((await engine.tensorStatistics({ tensor }, context())).finite?.mean);
    }
    assert.deepEqual(means, [3, 4]);
  });

  test('files that cannot be read hide no others', async () => {
    const folder = temporaryFolder();
    copyFileSync(fixture('tensors.onnx'), path.join(folder, 'a.onnx'));
    writeFileSync(path.join(folder, 'b.onnx'), 'version https://git-lfs.github.com/spec/v1');
    const { listing } = await ListedPath.open(folder);
    assert.ok(listing.tensors.length > 20);
    assert.deepEqual(
      listing.unread.map(({ file }) => file),
      [path.join(folder, 'b.onnx')],
    );
  });
});

suite('engine/tasks/tensors: files that change or lack something', () => {
  test('elements in another file: missing or cut short they are listed, and the file is named', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'external.onnx');
    const data = path.join(folder, 'external.onnx_data');
    copyFileSync(fixture('external.onnx'), file);
    const listed = await ListedPath.open(file);
    assert.deepEqual(listed.named('outside').place, {
      kind: 'external',
      location: 'external.onnx_data',
      offset: 0,
    });
    const statistics = () =>
      listed.engine.tensorStatistics({ tensor: listed.id('outside') }, context());
    const missing = await rejection(statistics);
    assert.deepEqual([missing.kind, missing.where], ['model', data]);
    copyFileSync(fixture('external.onnx_data'), data);
    assert.equal((await statistics()).elements, 1500);
    truncateSync(data, 5999);
    const short = await rejection(statistics);
    assert.deepEqual([short.kind, short.where], ['model', 'external.onnx_data']);
    assert.match(short.message, /cut short/);
  });

  test('a file that is written anew is read anew', async () => {
    const file = path.join(temporaryFolder(), 'model.safetensors');
    const write = (name: string, ...values: number[]): void => {
      const bytes = new Uint8Array(Float32Array.from(values).buffer);
      const dims = [values.length];
      writeFileSync(file, safetensorsFile([{ name, dtype: 'float32', dims, bytes }]));
    };
    write('w', 1, 2, 3);
    const listed = await ListedPath.open(file);
    const mean = async () =>
      (await listed.engine.tensorStatistics({ tensor: listed.id('w') }, context())).finite?.mean;
    assert.equal(await mean(), 2);
    write('w', 1, 2, 3, 10);
    assert.equal(await mean(), 4);
    write('other', 1);
    assert.equal((await rejection(mean)).kind, 'gone');
  });
});
