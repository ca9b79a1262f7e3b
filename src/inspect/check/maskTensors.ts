import type { TensorRef } from '../../onnx/graph/model';
import type { Weight } from '../../onnx/outline/weightUses';
import type { ConstantKind } from '../../shared/modelOutline';
import type { FloatScan } from './floatScan';
import type { CheckedGraph } from './rule';

/** What a graph uses a tensor for; empty for what a node holds itself. */
export interface TensorUse {
  weight?: Weight;
  kind?: ConstantKind;
}

/** The uses of a graph's tensors. */
export function tensorUses({ stored }: CheckedGraph): (tensor: TensorRef) => TensorUse {
  const weights = new Map(stored.weights.map((weight) => [weight.tensor, weight]));
  return (tensor) => {
    const weight = weights.get(tensor);
    const kind = weight && stored.constants.get(weight);
    return {
      ...(weight === undefined ? {} : { weight }),
      ...(kind === undefined ? {} : { kind }),
    };
  };
}

/** Operators that put a mask over scores, or cut one to size. */
const MASKING: ReadonlySet<string> = new Set(['Add', 'Where', 'Slice', 'Sub', 'Min']);

/**
 * Whether a tensor is a constant that may hold very large or infinite numbers without harm: one
 * number, such as what masked scores are set to; zeros and −∞; what only `Where` takes; and squares
 * […, tokens, tokens] that are added to something, such as a causal mask with ALiBi's slopes in it.
 */
export function mayBeExtreme(scan: FloatScan, { weight, kind }: TensorUse): boolean {
  const { tensor, elements, largest, positiveInfinite } = scan;
  const { dims } = tensor;
  if (elements === 1 || kind === 'mask' || (largest === 0 && positiveInfinite === 0)) {
    return true;
  }
  const isSquare = dims.length >= 2 && dims.at(-1) === dims.at(-2);
  const uses = weight?.uses ?? [];
  return isSquare && uses.length > 0 && uses.every(({ node }) => MASKING.has(node.opType));
}
