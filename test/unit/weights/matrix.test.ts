import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { bindWeights } from '../../../src/weights/bindWeights';
import { matrixOf } from '../../../src/weights/matrix';
import { storedDims, type StoredParameter } from '../../../src/weights/parameters';
import { readParameter } from '../../../src/weights/readParameter';
import { TensorParts } from '../../../src/weights/tensorParts';
import { families, fixture, openModel } from '../../support/weights/files';

/** Files with weights of every type, and how many matrices each has. */
const FILES = [
  [fixture('packed.onnx'), 14],
  [path.join(families, 'gpt2/torchscript-eager/model.onnx'), 11],
  [path.join(families, 'gpt2/torchscript-eager/model_fp16.onnx'), 11],
  [path.join(families, 'gpt2/torchscript-eager/model_quantized.onnx'), 11],
  [path.join(families, 'gpt2/torchscript-eager-external/model.onnx'), 11],
  [path.join(families, 'bert/torchscript-eager/model_uint8.onnx'), 17],
  [path.join(families, 'bert/torchscript-eager/model_qdq.onnx'), 17],
  [path.join(families, 'llama/torchscript-eager-bnb4/model_bnb4.onnx'), 16],
  [path.join(families, 'qwen2/builder-gqa-q4/model_q4.onnx'), 12],
] as const;

suite('weights/matrix', () => {
  for (const [file, count] of FILES) {
    test(`parts of ${path.basename(path.dirname(file))}/${path.basename(file)} are those of the whole`, async () => {
      const { model, reader } = await openModel(file);
      const parts = new TensorParts(reader);
      const { parameters, unbound } = bindWeights(model);
      const stored = new Map(
        [...parameters.values(), ...unbound].map((each) => [each.tensor, each] as const),
      );
      let matrices = 0;
      for (const { tensor, quantization } of stored.values()) {
        const whole: StoredParameter = {
          tensor,
          transposed: false,
          ...(quantization === undefined ? {} : { quantization }),
        };
        const matrix = matrixOf(tensor, quantization, parts);
        if (storedDims(whole).length < 2) {
          assert.equal(matrix, undefined);
          continue;
        }
        assert.ok(matrix, tensor.name);
        const elements = await readParameter(whole, reader);
        assert.equal(matrix.rows * matrix.columns, elements.length);
        // Beginning at odd places, too, where a byte holds several elements.
        for (const start of [0, 1, Math.floor(matrix.columns / 3)]) {
          for (let row = 0; row < matrix.rows; row++) {
            const { values, errors } = await matrix.read(row, start, matrix.columns - start);
            const from: number = row * matrix.columns;
            assert.deepEqual(values, elements.slice(from + start, from + matrix.columns));
            assert.ok(errors.every((error) => error >= 0) && errors.length === values.length);
          }
        }
        matrices += 1;
      }
      assert.equal(matrices, count);
    });
  }
});
