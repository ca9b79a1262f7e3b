import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { boolVector, int64Row, type Tensor } from '../../../../src/engine/runtime/tensor';
import { root } from '../../../support/root';
import { fusedCases, fusedFixture } from '../../../support/onnx/fused';
import { compare, open, type Sizes } from '../../../support/engine/reducedRun';

const FIXTURES = path.join(root, 'test/fixtures');

/** Tokens of the text, and of what an encoder read before. */
const LENGTH = 13;
const ENCODED = 7;
/** Of the states that the fixtures' encoders return. */
const WIDTH = 16;

/** Maps of each kind, by what a model is. */
const SIZES = {
  encoder: { self: [LENGTH, LENGTH] },
  decoder: { masked: [LENGTH, LENGTH] },
  both: { masked: [LENGTH, LENGTH], cross: [LENGTH, ENCODED] },
} as const satisfies Record<string, Sizes>;

suite('engine/tracing/graphRun, models of many kinds', () => {
  for (const [file, size] of [
    ['families/bert/torchscript-eager/model.onnx', 'encoder'],
    ['families/bert/dynamo-sdpa/model.onnx', 'encoder'],
    ['families/bert/dynamo-sdpa/model_fp16.onnx', 'encoder'],
    ['families/bert/torchscript-eager/model_quantized.onnx', 'encoder'],
    ['families/albert/torchscript-sdpa/model.onnx', 'encoder'],
    ['families/bart/torchscript-eager/encoder_model_fp16.onnx', 'encoder'],
    ['families/gpt2/torchscript-eager/model_fp16.onnx', 'decoder'],
    ['families/gpt2/dynamo-sdpa-cache/model.onnx', 'decoder'],
    ['families/qwen2/dynamo-eager/model.onnx', 'decoder'],
    ['families/bart/dynamo-eager/decoder_model.onnx', 'both'],
    ['families/bart/dynamo-sdpa/decoder_model_merged.onnx', 'both'],
    ['families/bart/torchscript-eager/decoder_model_merged_fp16.onnx', 'both'],
    ['families/bart/torchscript-eager/decoder_model_merged_quantized.onnx', 'both'],
    ['fused/models/bert-attention.onnx', 'encoder'],
    ['fused/models/bert-quantized-attention.onnx', 'encoder'],
    ['fused/models/gpt2-attention.onnx', 'decoder'],
    ['fused/models/llama-standard.onnx', 'decoder'],
    ['fused/models/marian-decoder-multi-head.onnx', 'both'],
    ['fused/models/t5-decoder-multi-head.onnx', 'both'],
  ] as const) {
    test(`${file}: what the graph computes of its maps is what they give`, async () => {
      await compare(
        await open(readFileSync(path.join(FIXTURES, file)), feeds(), SIZES[size]),
        LENGTH,
      );
    });
  }

  for (const { name, feeds, switch: chooses, map } of fusedCases()) {
    const [batch, , queries = 0, keys = 0] = map.dims;
    if (batch === 1) {
      test(`fused/operators/${name}.onnx: the same`, async () => {
        const given = Object.entries(feeds).map(([input, { dims, data }]): [string, Tensor] => [
          input,
          { type: 'float32', data: Float32Array.from(data), dims },
        ]);
        const all = Object.fromEntries(given);
        if (chooses !== null) {
          all[chooses] = boolVector(false);
        }
        const size = [queries, keys] as const;
        const bytes = fusedFixture('operators', `${name}.onnx`);
        await compare(await open(bytes, all, { self: size, masked: size, cross: size }), queries);
      });
    }
  }
});

/** What any of the models may take. */
function feeds(): Record<string, Tensor> {
  const ids = int64Row(Array.from({ length: LENGTH }, (_, i) => 3 + ((i * 7) % 23)));
  const ones = (length: number): Tensor => int64Row(Array.from({ length }, () => 1));
  const states = Float32Array.from({ length: ENCODED * WIDTH }, (_, i) => Math.sin(i));
  return {
    input_ids: ids,
    attention_mask: ones(LENGTH),
    token_type_ids: int64Row(Array.from({ length: LENGTH }, () => 0)),
    position_ids: int64Row(Array.from({ length: LENGTH }, (_, i) => i)),
    encoder_attention_mask: ones(ENCODED),
    encoder_hidden_states: { type: 'float32', data: states, dims: [1, ENCODED, WIDTH] },
  };
}
