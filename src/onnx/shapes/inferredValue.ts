import type { DType, TensorRef, ValueInfo } from '../graph/model';
import { sameSize, sizeOf, type Size } from './size';

/** Sizes of a tensor's dimensions; null for those that are unknown. */
export type Shape = readonly (Size | null)[];

/** What is known of a value. Empty where that is nothing. */
export interface InferredValue {
  dtype?: DType;
  shape?: Shape;
  /**
   * Elements in row-major order, of small tensors of whole numbers and truth values (0 and 1),
   * which shapes are computed with. Comes with a shape of numbers alone.
   */
  elements?: readonly (Size | null)[];
}

/** An inferred value, without the properties that are undefined. */
export function fact(
  dtype: DType | undefined,
  shape: Shape | undefined,
  elements?: readonly (Size | null)[],
): InferredValue {
  return {
    ...(dtype === undefined ? {} : { dtype }),
    ...(shape === undefined ? {} : { shape }),
    ...(elements === undefined || shape === undefined ? {} : { elements }),
  };
}

export function factOfTensor(tensor: TensorRef, elements?: readonly number[]): InferredValue {
  return fact(tensor.dtype, tensor.dims, elements);
}

/** What the file says of a value. */
export function factOfValue({ type }: ValueInfo): InferredValue {
  return type?.kind === 'tensor' ? fact(type.dtype, type.shape?.map(sizeOf)) : {};
}

/**
 * What two sources say of one value: fixed sizes count before varying ones, else the first source
 * before the second. Where they disagree on the number of dimensions, the first one counts.
 */
export function meet(first: InferredValue, second: InferredValue): InferredValue {
  const { shape, elements } = first;
  const other = second.shape;
  const merged =
    shape !== undefined && shape.length === other?.length
      ? shape.map((size, axis) => moreExact(size, other[axis] ?? null))
      : (shape ?? other);
  return fact(first.dtype ?? second.dtype, merged, elements);
}

function moreExact(first: Size | null, second: Size | null): Size | null {
  return typeof first !== 'number' && typeof second === 'number' ? second : (first ?? second);
}

/** What holds of a value that is one of two. */
export function either(one: InferredValue, other: InferredValue): InferredValue {
  const shape =
    one.shape?.length === other.shape?.length
      ? one.shape?.map((size, axis) => (sameSize(size, other.shape?.[axis] ?? null) ? size : null))
      : undefined;
  return fact(one.dtype === other.dtype ? one.dtype : undefined, shape);
}

/** Element types whose elements are followed. */
export function isWhole(dtype: DType | undefined): boolean {
  return dtype !== undefined && /^(u?int(8|16|32|64)|bool)$/.test(dtype);
}
