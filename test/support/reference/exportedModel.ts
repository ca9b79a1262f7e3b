import path from 'node:path';
import { exportedParameters } from '../../../src/reference/exportedParameters';
import { plainKernel } from '../../../src/reference/kernel/plainKernel';
import { openReference } from '../../../src/reference/transformer';
import { bindWeights } from '../../../src/weights/bindWeights';
import { openModel } from '../weights/files';
import { partOf } from '../weights/comparison';
import { configOf, examplesOf, flat, inputOf, relativeError } from './families';

/**
 * How far the logits of the reference, with the weights of ONNX files, are from those of
 * `transformers`: as a part of the largest magnitude, over all examples of the family.
 *
 * @param paths the files that together are the model.
 */
export async function logitsError(family: string, paths: readonly string[]): Promise<number> {
  const config = configOf(family);
  const files = await Promise.all(
    paths.map(async (file) => {
      const { model, reader } = await openModel(file);
      const part = partOf(path.basename(file));
      return { weights: bindWeights(model), reader, ...(part !== undefined && { part }) };
    }),
  );
  const model = openReference(config, exportedParameters(config, files), plainKernel);
  const errors = await Promise.all(
    examplesOf(family).map(async (example) => {
      const { logits } = await model.run(inputOf(example));
      return relativeError(logits.data, flat(example.logits));
    }),
  );
  return Math.max(...errors);
}
