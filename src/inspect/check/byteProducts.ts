import type { TensorRef } from '../../onnx/graph/model';
import { multipliedBytes } from '../../onnx/outline/quantization';
import { phrase } from '../../shared/failure';
import { hasPieces, tensorPieces } from '../../weights/tensorPieces';
import type { CheckedGraph, CheckRule, CheckWork, Found } from './rule';
import { areWeightsThere } from './scannedGraphs';

/**
 * Magnitude of a signed 8-bit weight up to which two products with the largest activation, 255, fit into
 * the 16 bits that such processors add them in: 2 × 64 × 255 = 32,640. Quantisers call that a reduced
 * range.
 */
const MOST_EXACT = 64;

/** 8-bit weights whose products with activations this machine cuts off. */
export const byteProducts: CheckRule = {
  id: 'quantization/saturation',
  async check(model, work) {
    const found: Found[] = [];
    const graphs = model.graphs.filter(({ stored }) => multipliedBytes(stored.weights).length > 0);
    const products = graphs.length === 0 ? undefined : await model.byteProducts();
    if (graphs.length > 0 && products === undefined) {
      work.skip(phrase('The runtime does not say what becomes of 8-bit products here'));
    }
    for (const graph of products === 'saturating' ? graphs : []) {
      if (areWeightsThere(graph, work)) {
        found.push(...(await saturatingIn(graph, work)));
      }
    }
    return found;
  },
};

async function saturatingIn(graph: CheckedGraph, work: CheckWork): Promise<Found[]> {
  const { file, stored } = graph;
  const weights = multipliedBytes(stored.weights)
    .filter(({ tensor }) => hasPieces(tensor))
    .sort((a, b) => b.bytes - a.bytes);
  const wide = [];
  for (const weight of weights) {
    if (await isWide(weight.tensor, graph, work)) {
      wide.push(weight);
    }
  }
  const [largest] = wide;
  return largest === undefined
    ? []
    : [
        {
          severity: 'warning',
          message: phrase(
            'This processor has no VNNI instructions and cuts off sums of 8-bit products: activations can saturate at {0} of {1} such weights, the largest of them “{2}”',
            wide.length,
            weights.length,
            largest.tensor.name,
          ),
          remedy: phrase(
            'use files of another precision here, or quantize again with a reduced range (7 bits) or unsigned weights',
          ),
          place: { file, tensor: largest.tensor.name },
        },
      ];
}

async function isWide(
  tensor: TensorRef,
  { reader }: CheckedGraph,
  { signal }: CheckWork,
): Promise<boolean> {
  for await (const { bytes } of tensorPieces(tensor, reader, signal)) {
    const numbers = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (numbers.some((number) => number > MOST_EXACT || number < -MOST_EXACT)) {
      return true;
    }
  }
  return false;
}
