import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { exportedParameters } from '../../../src/reference/exportedParameters';
import type { ExportedFile } from '../../../src/reference/exportedParameters';
import { plainKernel } from '../../../src/reference/kernel/plainKernel';
import { openReference } from '../../../src/reference/transformer';
import { bindWeights } from '../../../src/weights/bindWeights';
import { families, openModel } from '../weights/files';
import { partOf } from '../weights/comparison';
import { configOf, examplesOf, familyNames, flat, inputOf, relativeError } from './families';

/** Both exporters, each once. */
const EXPORTS = ['torchscript-eager', 'dynamo-sdpa'];

suite('reference Transformer, with the weights of ONNX files', () => {
  for (const family of familyNames) {
    for (const exported of EXPORTS) {
      test(`${family}/${exported}: logits are those of transformers`, async () => {
        const folder = path.join(families, family, exported);
        assert.ok((await logitsError(family, await filesOf(folder, ''))) <= 1e-5);
      });
    }
  }

  test('half precision and int8, to their own precision', async () => {
    for (const family of ['bert', 'gpt2', 'bart']) {
      const folder = path.join(families, family, 'torchscript-eager');
      const [half, int8] = [await filesOf(folder, '_fp16'), await filesOf(folder, '_quantized')];
      const [halfError, int8Error] = [
        await logitsError(family, half),
        await logitsError(family, int8),
      ];
      assert.ok(halfError > 0 && halfError < 0.01, `${family}: ${halfError}`);
      assert.ok(int8Error > 0 && int8Error < 0.25, `${family}: ${int8Error}`);
    }
  });
});

async function logitsError(family: string, files: ExportedFile[]): Promise<number> {
  const config = configOf(family);
  const [example] = examplesOf(family);
  assert.ok(example);
  const model = openReference(config, exportedParameters(config, files), plainKernel);
  const { logits } = await model.run(inputOf(example));
  return relativeError(logits.data, flat(example.logits));
}

/** The files that together are the model, of one kind of number. */
async function filesOf(folder: string, suffix: string): Promise<ExportedFile[]> {
  const stems = ['model', 'encoder_model', 'decoder_model'].map((stem) => `${stem}${suffix}.onnx`);
  const names = readdirSync(folder).filter((name) => stems.includes(name));
  return Promise.all(
    names.map(async (name) => {
      const { model, reader } = await openModel(path.join(folder, name));
      const part = partOf(name);
      return { weights: bindWeights(model), reader, ...(part !== undefined && { part }) };
    }),
  );
}
