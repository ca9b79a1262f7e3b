import type { DType, TensorRef } from '../../onnx/graph/model';
import type { TensorParts } from '../../weights/tensorParts';
import type { ListedTensor } from './listedTensor';
import type { PrintedKind } from './numpyNumbers';
import type { PrintedElements } from './numpyText';
import type { TensorNumbers } from './tensorNumbers';
import { isTurned, turnedRead } from './turned';

/** How the elements of a tensor are printed: those that NumPy has no type for as float32. */
export function printedElements(
  { about, values }: ListedTensor,
  numbers: TensorNumbers,
  parts: TensorParts,
): PrintedElements {
  const tensor = numbers.isDequantized || values.kind === 'blocks' ? undefined : values.tensor;
  const read: PrintedElements['read'] =
    tensor?.dtype === 'int64' || tensor?.dtype === 'uint64'
      ? (first, count) => longs(tensor, first, count, parts)
      : async (first, count) => Array.from(await numbers.read(first, count));
  return {
    name: about.name,
    dims: about.dims,
    kind: kindOf(tensor?.dtype),
    read: isTurned(about) ? turnedRead<number | bigint>(read, numbers.dims) : read,
  };
}

function kindOf(dtype: DType | undefined): PrintedKind {
  switch (dtype) {
    case 'float16':
    case 'float64':
    case 'bool':
      return dtype;
    default:
      return dtype !== undefined && /^u?int/.test(dtype) ? 'integer' : 'float32';
  }
}

/** Integers of 64 bits, which numbers would round. */
async function longs(
  tensor: TensorRef,
  first: number,
  count: number,
  parts: TensorParts,
): Promise<bigint[]> {
  const { bytes, before } = await parts.bytes(tensor, first, count);
  const { buffer } = Uint8Array.from(bytes);
  const all = tensor.dtype === 'int64' ? new BigInt64Array(buffer) : new BigUint64Array(buffer);
  return Array.from(all.subarray(before));
}
