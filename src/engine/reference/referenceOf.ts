import path from 'node:path';
import { readJsonIfAny } from '../../library/files';
import { cachedParameters } from '../../reference/cachedParameters';
import { exportedParameters } from '../../reference/exportedParameters';
import { wasmKernel } from '../../reference/kernel/wasmKernel';
import { openReference, type ReferenceModel } from '../../reference/transformer';
import type { GraphParameters } from '../modelGraph';
import type { UnfollowedRounding } from '../../shared/verification';
import { multipliesSignedBytes } from '../../onnx/outline/quantization';
import { tracedGraphs, type OpenModel } from '../openModel';
import { quantizesPerTensor } from '../runtime/activationQuantization';
import { int8ProductsSaturate } from '../runtime/int8Products';

/** The reference Transformer with the weights of a model's own files. */
export interface Reference {
  model: ReferenceModel;
  /** Whether some of the weights are integers. */
  quantized: boolean;
  /** Whether graphs compute in half precision. */
  half: boolean;
  /** Whether graphs round activations to 8 bits in a way that the reference follows. */
  followed: boolean;
  /** How they do otherwise. */
  unfollowed: UnfollowedRounding[];
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
    half: files.some(({ products }) => products.half),
    ...roundingsIn(files, !isPadded(model) && (await quantizesPerTensor())),
    saturating: signedBytes && (await int8ProductsSaturate()),
  };
}

/**
 * How the graphs of a model round activations.
 * @param canFollow whether the reference can do what `DynamicQuantizeLinear` does here.
 */
function roundingsIn(
  files: readonly GraphParameters[],
  canFollow: boolean,
): Pick<Reference, 'followed' | 'unfollowed'> {
  const unfollowed = new Set<UnfollowedRounding>();
  let followed = false;
  for (const { products, weights } of files) {
    const bound = new Set(
      [...weights.parameters.values()].flatMap(({ tensor, copies }) => [
        tensor,
        ...copies.map((copy) => copy.tensor),
      ]),
    );
    for (const other of products.others) {
      unfollowed.add(other);
    }
    for (const [tensor, rounding] of products.roundings) {
      if (rounding !== 'dynamic') {
        unfollowed.add(rounding);
      } else if (bound.has(tensor) && canFollow) {
        followed = true;
      } else {
        unfollowed.add('other');
      }
    }
  }
  return { followed, unfollowed: [...unfollowed] };
}

/** Whether texts are padded, so that padding is among what a scale is chosen for. */
function isPadded(model: OpenModel): boolean {
  const lengths = [
    ...(model.architecture === 'decoder' ? [] : [model.encoder.interface.length]),
    ...(model.architecture === 'encoder' ? [] : [model.decoder.interface.length]),
  ];
  return lengths.some((length) => length !== undefined && length > 1);
}
