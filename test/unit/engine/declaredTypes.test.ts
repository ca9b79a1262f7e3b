import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import path from 'node:path';
import type { GenerationOptions } from '../../../src/shared/generation';
import {
  context,
  encoderReference,
  generated,
  listen,
  seq2seqReference,
  tinyEncoder,
  tinyModel,
  tinySeq2seq,
} from '../../support/engine/models';
import { redeclareInputs, type Declaration } from '../../support/engine/redeclared';

const TOKENS = ['batch', 'tokens'];
const int32 = (shape: Declaration['shape'] = TOKENS): Declaration => ({ dtype: 'int32', shape });

suite('engine: graphs are fed the types that they declare', () => {
  const { engine } = listen();

  test('a decoder with ids, mask and positions of int32 writes what it writes with int64', async () => {
    const folder = tinyModel('gpt2', 'with-cache');
    redeclareInputs(path.join(folder, 'onnx/model.onnx'), {
      input_ids: int32(),
      position_ids: int32(),
      attention_mask: int32(),
    });
    const { prompt, newIds } = generated.gpt2;
    const options: GenerationOptions = { maxNewTokens: newIds.length };
    const { tokens } = await engine.complete(
      { model: { folder }, text: prompt, options },
      context(),
    );
    assert.deepEqual(
      tokens.map(({ id }) => id),
      newIds,
    );
    await engine.trace({ model: { folder }, text: prompt }, context());
  });

  for (const dtype of ['int32', 'float32', 'float16', 'bool'] as const) {
    test(`an encoder with ids of int32 and a mask of ${dtype}`, async () => {
      const folder = tinyEncoder();
      redeclareInputs(path.join(folder, 'onnx/model.onnx'), {
        input_ids: int32(),
        token_type_ids: int32(),
        attention_mask: { dtype, shape: TOKENS },
      });
      const [expected] = encoderReference().masked;
      assert.ok(expected);
      const start = expected.text.indexOf('[MASK]');
      const { candidates } = await engine.fillMask(
        { model: { folder }, text: expected.text, blank: { start, end: start + 6 }, count: 100 },
        context(),
      );
      for (const { id, probability } of candidates) {
        const place = expected.best.indexOf(id);
        const difference = place < 0 ? 0 : probability - (expected.probabilities[place] ?? NaN);
        assert.ok(Math.abs(difference) <= 1e-5, `token ${id} is off by ${difference}`);
      }
      await engine.trace({ model: { folder }, text: expected.text }, context());
    });
  }

  for (const decoders of ['merged', 'split'] as const) {
    test(`an encoder–decoder model, ${decoders}, with int32`, async () => {
      const folder = tinySeq2seq('marian', decoders);
      const onnx = (name: string): string => path.join(folder, `onnx/${name}.onnx`);
      redeclareInputs(onnx('encoder_model'), { input_ids: int32(), attention_mask: int32() });
      for (const name of decoders === 'merged'
        ? ['decoder_model_merged']
        : ['decoder_model', 'decoder_with_past_model']) {
        redeclareInputs(onnx(name), { input_ids: int32(), encoder_attention_mask: int32() });
      }
      for (const { text, decoded } of seq2seqReference('marian').greedy.slice(0, 2)) {
        const answer = await engine.translate(
          { model: { folder }, text, options: { beams: 1 } },
          context(),
        );
        assert.equal(answer.text.trim(), decoded.trim());
        await engine.trace({ model: { folder }, text }, context());
      }
    });
  }
});
