import path from 'node:path';
import { readJsonIfAny } from '../../library/files';
import { cachedParameters } from '../../reference/cachedParameters';
import { exportedParameters } from '../../reference/exportedParameters';
import { wasmKernel } from '../../reference/kernel/wasmKernel';
import { openReference, type ReferenceModel } from '../../reference/transformer';
import { multipliesSignedBytes } from '../../onnx/outline/quantization';
import { tracedGraphs, type OpenModel } from '../openModel';
import { saturates } from '../runtime/byteProducts';

/** The reference Transformer with the weights of a model's own files. */
export interface Reference {
  model: ReferenceModel;
  /** Whether some of the weights are integers. */
  quantized: boolean;
  /** Whether this processor cuts off sums of products of the model's 8-bit integers. */
  saturating: boolean;
}

/**
 * Bytes of weights that stay in memory between runs, as float32: those of a model like GPT-2 small
 * (500 MB) whole, so that a run for each head that is looked at does not read them each time.
 */
export const KEPT_BYTES = 640 * 2 ** 20;

const references = new WeakMap<OpenModel, Promise<Reference>>();

/**
 * The reference Transformer of a model, made once. It reads weights of the ONNX files when it runs.
 * @throws Failure `unsupported` for a family that the reference does not know, `model` when the
 *   files lack parameters.
 */
export function referenceOf(model: OpenModel): Promise<Reference> {
  let opening = references.get(model);
  if (opening === undefined) {
    opening = open(model);
    references.set(model, opening);
    opening.catch(() => references.delete(model));
  }
  return opening;
}

async function open(model: OpenModel): Promise<Reference> {
  const config = await readJsonIfAny(path.join(model.folder.folder, 'config.json'));
  const files = await Promise.all(tracedGraphs(model).map((graph) => graph.parameters()));
  const store = exportedParameters(config, files);
  const signedBytes = tracedGraphs(model).some(({ onnx }) => multipliesSignedBytes(onnx));
  return {
    model: openReference(config, cachedParameters(store, KEPT_BYTES), await wasmKernel()),
    quantized: files.some(({ weights }) =>
      [...weights.parameters.values()].some(({ quantization }) => quantization !== undefined),
    ),
    saturating: signedBytes && (await saturates()),
  };
}
