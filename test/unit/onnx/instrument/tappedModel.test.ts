import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import {
  asFloat32,
  boolVector,
  zeros,
  int64Row,
  type Tensor,
} from '../../../../src/engine/runtime/tensor';
import { findAttentionTaps } from '../../../../src/onnx/attention/findAttention';
import type {
  ByteSource,
  Graph,
  Node,
  OnnxModel,
  TensorRef,
} from '../../../../src/onnx/graph/model';
import type { AttentionTap } from '../../../../src/onnx/attention/tap';
import { tappedModel } from '../../../../src/onnx/instrument/tappedModel';
import { rejection } from '../../../support/failures';
import { MemorySource, readBytes } from '../../../support/onnx/fixtures';
import { block } from '../../../support/onnx/protobuf';
import {
  attendedPairs,
  attendedTexts,
  seq2seqFixture,
  type Seq2SeqFamily,
} from '../../../support/onnx/seq2seq';
import { agree, run } from '../../../support/onnx/tappedRun';

suite('onnx/instrument/tappedModel, models with an encoder', () => {
  for (const [family, encoder, decoder] of [
    ['marian', 'marian/onnx/encoder_model.onnx', 'marian/onnx/decoder_model.onnx'],
    ['marian', 'sdpa/marian-encoder.onnx', 'marian/onnx/decoder_model_merged.onnx'],
    ['marian', undefined, 'sdpa/marian-decoder-merged.onnx'],
    ['t5', 't5/onnx/encoder_model.onnx', 't5/onnx/decoder_model.onnx'],
    ['t5', undefined, 't5/onnx/decoder_model_merged.onnx'],
    ['t5', undefined, 'sdpa/t5-decoder.onnx'],
  ] as const satisfies [Seq2SeqFamily, string | undefined, string][]) {
    test(`gives the attention of ${encoder ?? 'encoder_model.onnx'} and ${decoder} that transformers computes`, async () => {
      for (const pair of attendedPairs(family)) {
        const start = encoder ?? `${family}/onnx/encoder_model.onnx`;
        const states = await run(seq2seqFixture(start), 'encoder', {
          input_ids: int64Row(pair.ids),
          attention_mask: int64Row(pair.ids.map(() => 1)),
        });
        agree(states, 'self', pair.encoder);
        const decoded = await run(seq2seqFixture(decoder), 'decoder', {
          input_ids: int64Row(pair.decoderIds),
          encoder_attention_mask: int64Row(pair.ids.map(() => 1)),
          encoder_hidden_states: states.outputs.get('last_hidden_state') as Tensor,
        });
        agree(decoded, 'masked', pair.decoder);
        agree(decoded, 'cross', pair.cross);
      }
    });
  }

  test('gives the attention of bert/onnx/model.onnx that transformers computes', async () => {
    for (const { ids, encoder } of attendedTexts()) {
      const found = await run(seq2seqFixture('bert/onnx/model.onnx'), 'encoder-only', {
        input_ids: int64Row(ids),
        attention_mask: int64Row(ids.map(() => 1)),
        token_type_ids: int64Row(ids.map(() => 0)),
      });
      agree(found, 'self', encoder);
    }
  });

  test('of a merged decoder, gives empty maps of the branch that goes on', async () => {
    const [pair] = attendedPairs('marian');
    assert.ok(pair);
    const source = 4;
    const past = (model: OnnxModel, length: number): Record<string, Tensor> =>
      Object.fromEntries(
        model.graph.inputs
          .filter(({ name }) => name.startsWith('past_'))
          .map(({ name }) => {
            const keys = name.includes('.encoder.') ? source : length;
            const data = new Float32Array(2 * keys * 8).fill(0.5);
            return [name, { type: 'float32', data, dims: [1, 2, keys, 8] }];
          }),
      );
    const { taps, outputs } = await run(
      seq2seqFixture('marian/onnx/decoder_model_merged.onnx'),
      'decoder',
      {
        input_ids: int64Row([5]),
        encoder_attention_mask: int64Row([1, 1, 1, 1]),
        encoder_hidden_states: zeros('float32', [1, 0, 16]),
        use_cache_branch: boolVector(true),
      },
      (model) => past(model, 3),
    );
    for (const { value } of taps) {
      assert.equal(asFloat32(outputs.get(value) as Tensor).length, 0);
    }
    assert.deepEqual(outputs.get('logits')?.dims.slice(0, 2), [1, 1]);
  });

  test('of a merged decoder, changes nothing but the node and the outputs', async () => {
    const bytes = seq2seqFixture('t5/onnx/decoder_model_merged.onnx');
    const { model, taps, tapped } = await tap(bytes);
    const extended = await readBytes(tapped);

    const values = taps.map(({ value }) => value);
    assert.deepEqual(extended.graph.outputs, [
      ...model.graph.outputs,
      ...values.map((name) => ({ name })),
    ]);
    assert.equal(extended.graph.nodes.length, model.graph.nodes.length);
    for (const [index, node] of model.graph.nodes.entries()) {
      const now = extended.graph.nodes[index];
      assert.deepEqual(now?.inputs, node.inputs);
      if (node.opType !== 'If') {
        assert.deepEqual(now, node);
        continue;
      }
      assert.deepEqual(now.outputs, [...node.outputs, ...values]);
      for (const branch of ['then_branch', 'else_branch']) {
        const before: Graph = body(node, branch);
        const after: Graph = body(now, branch);
        assert.deepEqual(
          after.nodes.slice(0, before.nodes.length).map(named),
          before.nodes.map(named),
        );
        assert.equal(after.nodes.length, before.nodes.length + taps.length);
        assert.equal(after.outputs.length, before.outputs.length + taps.length);
      }
    }
    assert.deepEqual(
      extended.graph.initializers.map((weight) => [weight.name, contents(tapped, weight)]),
      model.graph.initializers.map((weight) => [weight.name, contents(bytes, weight)]),
    );
    assert.ok(tapped.length - bytes.length < 600 * taps.length);
  });

  test('finds the node in a graph that comes in several parts', async () => {
    const bytes = seq2seqFixture('marian/onnx/decoder_model_merged.onnx');
    const alone = (await tap(bytes)).tapped;
    // Protobuf merges them; the second part has another node, and the first one is the longer.
    const idle = block(7, block(1, block(1, 'logits'), block(2, 'again'), block(4, 'Identity')));
    for (const parts of [
      [bytes, idle],
      [idle, bytes],
    ]) {
      const { taps, tapped } = await tap(Buffer.concat(parts));
      assert.equal(tapped.length, alone.length + idle.length);
      const { graph } = await readBytes(tapped);
      const node = graph.nodes.find(({ opType }) => opType === 'If');
      assert.deepEqual(
        node?.outputs.slice(-taps.length),
        taps.map(({ value }) => value),
      );
    }
  });

  test('refuses a file that has changed since it was read', async () => {
    const bytes = seq2seqFixture('marian/onnx/decoder_model_merged.onnx');
    const { model, taps } = await tap(bytes);
    const elsewhere = taps.map(({ branch, ...one }): AttentionTap => {
      assert.ok(branch);
      return { ...one, branch: { ...branch, node: 99 } };
    });
    const cutShort: ByteSource = {
      size: bytes.length,
      read: (offset, length) =>
        Promise.resolve(bytes.subarray(offset, Math.min(offset + length, bytes.length - 1))),
    };
    const another = seq2seqFixture('marian/onnx/decoder_model.onnx');
    for (const attempt of [
      () => tappedModel(new MemorySource(bytes), 'test.onnx', model, elsewhere),
      () => tappedModel(new MemorySource(another), 'test.onnx', model, taps),
      () => tappedModel(cutShort, 'test.onnx', model, taps),
      () => tappedModel(cutShort, 'test.onnx', model, []),
      () => tappedModel(new MemorySource(bytes.subarray(0, 5000)), 'test.onnx', model, taps),
    ]) {
      const { kind, where } = await rejection(attempt);
      assert.equal(kind, 'model');
      assert.equal(where, 'test.onnx');
    }
  });

  test('reads what it copies, and little more', async () => {
    const bytes = seq2seqFixture('marian/onnx/decoder_model_merged.onnx');
    const { model, taps } = await tap(bytes);
    const source = new MemorySource(bytes);
    await tappedModel(source, 'test.onnx', model, taps);
    assert.ok(source.bytesRead < 2.5 * bytes.length, `${source.bytesRead} of ${bytes.length}`);
  });
});

/** Taps all attention of a decoder. */
async function tap(bytes: Uint8Array) {
  const model = await readBytes(bytes);
  const taps = findAttentionTaps(model, 'test.onnx', 'decoder');
  return {
    model,
    taps,
    tapped: await tappedModel(new MemorySource(bytes), 'test.onnx', model, taps),
  };
}

function body(node: Node, branch: string): Graph {
  const attribute = node.attributes.get(branch);
  assert.equal(attribute?.kind, 'graph');
  return attribute.value;
}

function named({ name, opType, inputs, outputs }: Node): unknown[] {
  return [name, opType, inputs, outputs];
}

function contents(bytes: Uint8Array, { data }: TensorRef): string {
  assert.equal(data.kind, 'raw');
  const { offset, length } = data.span;
  return Buffer.from(bytes.subarray(offset, offset + length)).toString('base64');
}
