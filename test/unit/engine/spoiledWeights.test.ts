import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isFullPrecision } from '../../../src/onnx/graph/precision';
import { rejection } from '../../support/failures';
import { families, openModel } from '../../support/weights/files';
import { context, generated, listen, tinyEncoder, tinyModel } from '../../support/engine/models';

const DOWNLOAD = 'check the model’s weights, or download its file again';

suite('engine: weights that are no numbers', () => {
  for (const beams of [1, 2]) {
    test(`in float32 no file with float32 weights is advised, with ${beams} beams`, async () => {
      const folder = tinyModel('llama', 'without-cache');
      await spoil(folder);
      const failure = await rejection(() =>
        listen().engine.complete(
          {
            model: { folder },
            text: generated.llama.prompt,
            options: { maxNewTokens: 2, beams },
          },
          context(),
        ),
      );
      assert.equal(
        failure.message,
        `The model computes no finite numbers, so no next token can be chosen (logits): ${DOWNLOAD}`,
      );
    });
  }

  test('nor where a blank is to be filled', async () => {
    const folder = tinyEncoder();
    await spoil(folder);
    const { message } = await rejection(() =>
      listen().engine.fillMask(
        { model: { folder }, text: 'the cat', blank: { start: 0, end: 3 }, count: 1 },
        context(),
      ),
    );
    assert.equal(
      message,
      `The model computes no finite numbers, so the blank cannot be filled (logits): ${DOWNLOAD}`,
    );
  });

  for (const [file, expected] of [
    ['gpt2/torchscript-eager/model.onnx', true],
    ['gpt2/torchscript-eager-merged/decoder_model_merged.onnx', true],
    ['gpt2/torchscript-eager-external/model.onnx', true],
    ['gpt2/torchscript-eager/model_fp16.onnx', false],
    ['gpt2/torchscript-eager/model_quantized.onnx', false],
    ['llama/builder-gqa-q4/model_q4.onnx', false],
  ] as const) {
    test(`${file}: ${expected ? 'nothing is' : 'weights are'} rounded`, async () => {
      const { model } = await openModel(path.join(families, file));
      assert.equal(isFullPrecision(model), expected);
    });
  }
});

/** Makes every float32 weight of a model NaN. */
async function spoil(folder: string): Promise<void> {
  const file = path.join(folder, 'onnx/model.onnx');
  const { model } = await openModel(file);
  const bytes = readFileSync(file);
  for (const { dtype, data } of model.graph.initializers) {
    if (dtype === 'float32' && data.kind === 'raw') {
      for (let at = 0; at < data.span.length; at += 4) {
        bytes.writeFloatLE(NaN, data.span.offset + at);
      }
    }
  }
  writeFileSync(file, bytes);
}
