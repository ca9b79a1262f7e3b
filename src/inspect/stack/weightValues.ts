import type { TensorRef } from '../../onnx/graph/model';
import type { Weight } from '../../onnx/outline/weightUses';
import type { Matrix } from '../../weights/matrix';

/** What is read of the weights of a file to tell how its stacks are built. */
export interface WeightValues {
  /** A stored tensor as a matrix whose rows can be read; undefined where that is not known. */
  matrix(tensor: TensorRef): Matrix | undefined;
  /** The elements of a small tensor; undefined where they cannot be read. */
  elements(tensor: TensorRef): Promise<ArrayLike<number> | undefined>;
  /** Whether two weights, of one file or of two of a model, are one matrix. */
  isSame(one: Weight, other: Weight): boolean;
}
