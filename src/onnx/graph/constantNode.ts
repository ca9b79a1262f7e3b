import type { DType, Node, TensorRef } from './model';

/** What a `Constant` holds, which may be written in other ways than as a tensor. */
export interface HeldConstant {
  /** Absent where the file gives it in a way that is not read. */
  dtype?: DType;
  dims?: readonly number[];
  /** If it is written as a dense tensor. */
  tensor?: TensorRef;
  /** If it is written as whole numbers. */
  integers?: readonly number[];
}

export function isConstantNode({ domain, opType }: Node): boolean {
  return domain === '' && opType === 'Constant';
}

/** What a node holds; undefined if it is no `Constant` (onnx.ai, "Operators", "Constant"). */
export function heldBy(node: Node): HeldConstant | undefined {
  if (!isConstantNode(node)) {
    return undefined;
  }
  const [attribute] = node.attributes.values();
  switch (attribute?.kind) {
    case 'tensor':
      return { dtype: attribute.value.dtype, dims: attribute.value.dims, tensor: attribute.value };
    case 'sparse':
      return { dtype: attribute.value.values.dtype, dims: attribute.value.dims };
    case 'int':
      return { dtype: 'int64', dims: [], integers: [attribute.value] };
    case 'ints':
      return { dtype: 'int64', dims: [attribute.value.length], integers: attribute.value };
    case 'float':
      return { dtype: 'float32', dims: [] };
    case 'floats':
      return { dtype: 'float32', dims: [attribute.value.length] };
    case 'string':
      return { dtype: 'string', dims: [] };
    case 'strings':
      return { dtype: 'string', dims: [attribute.value.length] };
    default:
      return {};
  }
}
