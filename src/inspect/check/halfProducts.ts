import { phrase } from '../../shared/failure';
import { hasPieces } from '../../weights/tensorPieces';
import { LARGEST_HALF } from './halfOverflow';
import { normedProducts, type NormedProduct } from './normedProducts';
import { productBound } from './productBound';
import type { CheckedGraph, CheckRule, CheckWork, Found } from './rule';
import { areWeightsThere } from './scannedGraphs';

/**
 * Products that can become larger than float16 holds: those of what a norm makes, whose size is bounded
 * whatever the text. Of other products the weights alone tell nothing, since nothing bounds what comes in.
 */
export const halfProducts: CheckRule = {
  id: 'weights/half-products',
  async check({ graphs }, work) {
    const found: Found[] = [];
    for (const graph of graphs) {
      const products = normedProducts(graph.onnx).filter(isBoundable);
      if (products.length > 0 && areWeightsThere(graph, work)) {
        found.push(...(await overflowing(graph, products, work)));
      }
    }
    return found;
  },
};

/** Outputs of a product that are followed. The largest vocabularies have some 260,000 tokens. */
const MOST_OUTPUTS = 2 ** 22;

function isBoundable({ matrix, turned }: NormedProduct): boolean {
  const outputs = (turned ? matrix.dims[0] : matrix.dims[1]) ?? 0;
  return /^b?float(16|32)$/.test(matrix.dtype) && hasPieces(matrix) && outputs <= MOST_OUTPUTS;
}

async function overflowing(
  { file, reader }: CheckedGraph,
  products: readonly NormedProduct[],
  { signal }: CheckWork,
): Promise<Found[]> {
  let count = 0;
  let worst: { product: NormedProduct; bound: number } | undefined;
  for (const product of products) {
    const bound = await productBound(product, reader, signal);
    if (bound > LARGEST_HALF) {
      count += 1;
      worst = worst === undefined || bound > worst.bound ? { product, bound } : worst;
    }
  }
  return worst === undefined
    ? []
    : [
        {
          severity: 'note',
          message: phrase(
            'Products that come after a norm can exceed ±{2}, the largest of float16 ({1} of {0}): that with “{3}” can reach {4}',
            products.length,
            count,
            LARGEST_HALF,
            worst.product.matrix.name,
            Number(worst.bound.toPrecision(4)),
          ),
          remedy: phrase(
            'compute these in single precision where the others are converted, or use bfloat16',
          ),
          place: {
            file,
            tensor: worst.product.matrix.name,
            node: worst.product.node.name || worst.product.node.opType,
          },
        },
      ];
}
