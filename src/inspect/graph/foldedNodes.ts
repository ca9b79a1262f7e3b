import { isConstantNode } from '../../onnx/graph/constantNode';
import type { FlatGraph } from './flatGraph';

/** Inputs of operators that say how large something is or where it begins, and hold none of its numbers. */
const SHAPE_INPUTS: Readonly<Record<string, readonly number[]>> = {
  ...{ Reshape: [1], Expand: [1], Tile: [1], Pad: [1, 3], Slice: [1, 2, 3, 4] },
  ...{ Squeeze: [1], Unsqueeze: [1], Split: [1], TopK: [1], Resize: [1, 2, 3] },
  ...{ ConstantOfShape: [0], Range: [0, 1, 2], CumSum: [1], Trilu: [1], OneHot: [1] },
  ...{ ReduceSum: [1], ReduceMean: [1], ReduceMax: [1], ReduceMin: [1], ReduceProd: [1] },
  ...{ ReduceL2: [1], ReduceLogSumExp: [1], ReduceSumSquare: [1], EyeLike: [0], Shape: [0] },
  ...{ Size: [0], RandomNormalLike: [0], RandomUniformLike: [0] },
};

/**
 * Nodes that a reader of the computation need not see, index by index: constants, what makes one constant of
 * others, such as a transposed weight, and what only computes shapes.
 */
export function foldedNodes({ nodes, values, outputs }: FlatGraph): boolean[] {
  const isFixed = values.map(({ tensor }) => tensor !== undefined);
  const results = new Set(outputs);
  const folded = nodes.map(({ node, inputs, outputs: made }) => {
    const isMadeOfConstants =
      inputs.length > 0 && inputs.every((value) => value === null || isFixed[value]);
    const fixes = isConstantNode(node) || isMadeOfConstants;
    const own = made.filter((value) => value !== null);
    own.forEach((value) => (isFixed[value] ||= fixes));
    return fixes && !own.some((value) => results.has(value));
  });
  /** Whether all that read a value so far only ask for a shape by it. */
  const isShape = values.map(() => true);
  const isRead = values.map(() => false);
  for (let index = nodes.length - 1; index >= 0; index--) {
    const flat = nodes[index];
    if (flat === undefined) {
      continue;
    }
    const { node, inputs, outputs: made } = flat;
    const own = made.filter((value) => value !== null);
    folded[index] ||=
      own.some((value) => isRead[value]) &&
      own.every((value) => isShape[value] === true && !results.has(value));
    const shapes = node.domain === '' ? SHAPE_INPUTS[node.opType] : undefined;
    inputs.forEach((value, input) => {
      if (value !== null) {
        isRead[value] = true;
        isShape[value] &&= folded[index] === true || shapes?.includes(input) === true;
      }
    });
  }
  return folded;
}
