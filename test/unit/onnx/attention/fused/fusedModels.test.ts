import { suite, test } from 'mocha';
import { int64Row, type Tensor } from '../../../../../src/engine/runtime/tensor';
import { json, type Expected } from '../../../../support/onnx/fixtures';
import { fusedFixture } from '../../../../support/onnx/fused';
import {
  attendedPairs,
  attendedTexts,
  seq2seqFixture,
  type Maps,
  type Seq2SeqFamily,
} from '../../../../support/onnx/seq2seq';
import { agree, run } from '../../../../support/onnx/tappedRun';

/** What 8-bit weights and activations of so small a model are off by. */
const QUANTIZED_TOLERANCE = 0.1;

suite('onnx/attention/fused, models of transformers', () => {
  for (const [file, tolerance] of [
    ['bert-attention', undefined],
    ['bert-quantized-attention', QUANTIZED_TOLERANCE],
  ] as const) {
    test(`gives the attention of ${file}.onnx that transformers computes`, async () => {
      for (const { ids, encoder } of attendedTexts()) {
        const found = await run(fusedModel(file), 'encoder-only', {
          input_ids: int64Row(ids),
          attention_mask: int64Row(ids.map(() => 1)),
          token_type_ids: int64Row(ids.map(() => 0)),
        });
        agree(found, 'self', encoder, tolerance);
      }
    });
  }

  for (const [file, expected] of [
    ['gpt2-attention', 'gpt2.json'],
    ['llama-standard', 'llama.json'],
  ] as const) {
    test(`gives the attention of ${file}.onnx that transformers computes`, async () => {
      const { ids, heads, attentions } = json(expected) as Expected;
      const found = await run(fusedModel(file), 'decoder-only', {
        input_ids: int64Row(ids),
        attention_mask: int64Row(ids.map(() => 1)),
      });
      agree(found, 'masked', nested(attentions, heads, ids.length));
    });
  }

  for (const [family, encoder, decoder] of [
    ['marian', fusedModel('marian-encoder-multi-head'), fusedModel('marian-decoder-multi-head')],
    ['t5', seq2seqFixture('t5/onnx/encoder_model.onnx'), fusedModel('t5-decoder-multi-head')],
  ] as const satisfies [Seq2SeqFamily, Uint8Array, Uint8Array][]) {
    test(`gives the attention of a fused ${family} that transformers computes`, async () => {
      for (const pair of attendedPairs(family)) {
        const mask = int64Row(pair.ids.map(() => 1));
        const states = await run(encoder, 'encoder', {
          input_ids: int64Row(pair.ids),
          attention_mask: mask,
        });
        agree(states, 'self', pair.encoder);
        const decoded = await run(decoder, 'decoder', {
          input_ids: int64Row(pair.decoderIds),
          encoder_attention_mask: mask,
          encoder_hidden_states: states.outputs.get('last_hidden_state') as Tensor,
        });
        agree(decoded, 'masked', pair.decoder);
        agree(decoded, 'cross', pair.cross);
      }
    });
  }
});

function fusedModel(name: string): Uint8Array {
  return fusedFixture('models', `${name}.onnx`);
}

/** Maps of as many queries as keys, [layer][head][query][key]. */
function nested(layers: readonly number[][], heads: number, tokens: number): Maps {
  return layers.map((layer) =>
    Array.from({ length: heads }, (_, head) =>
      Array.from({ length: tokens }, (_, query) => {
        const start = (head * tokens + query) * tokens;
        return layer.slice(start, start + tokens);
      }),
    ),
  );
}
