import { elementCount } from '../../onnx/graph/elementCount';
import type { TensorRef } from '../../onnx/graph/model';
import { numbersByBits } from '../../weights/bitPatterns';
import { dequantizedParts, readNumbers } from '../../weights/dequantizedParts';
import { bitsOf, type Numbers } from '../../weights/numbers';
import { storedDims, type Quantization } from '../../weights/parameters';
import type { TensorParts } from '../../weights/tensorParts';

/** The numbers of a tensor, read a stretch at a time. */
export interface TensorNumbers {
  readonly dims: readonly number[];
  readonly isDequantized: boolean;
  /** Elements `first … first + count − 1`, row-major. */
  readonly read: (first: number, count: number) => Promise<Numbers>;
  /** The same as they are stored, where that is in one or two bytes each. */
  readonly patterns?: BitPatterns;
  /** Of a quantised tensor whose scales are a tensor, too. */
  readonly scales?: TensorNumbers;
}

/** Elements that are stored in one or two bytes each, so that few numbers occur, however many they are. */
export interface BitPatterns {
  /** By the bits. */
  readonly numbers: Float32Array;
  readonly read: (first: number, count: number) => Promise<Uint8Array | Uint16Array>;
}

/** The elements of a tensor that is not quantised. */
export function plainNumbers(tensor: TensorRef, parts: TensorParts): TensorNumbers {
  const numbers = numbersByBits(tensor.dtype);
  return {
    dims: tensor.dims,
    isDequantized: false,
    read: (first, count) => readNumbers(tensor, first, count, parts),
    ...(numbers === undefined
      ? {}
      : {
          patterns: {
            numbers,
            // Elements of whole bytes: none stands before the first.
            read: async (first, count) => {
              const { bytes, before } = await parts.bytes(tensor, first, count);
              return bitsOf(bytes, tensor.dtype, before + count).subarray(before);
            },
          },
        }),
  };
}

/**
 * What the integers or codes of a quantised tensor stand for.
 * @throws Failure of kind `model` if scales or zero points do not fit it, as reading them does.
 */
export async function dequantizedNumbers(
  tensor: TensorRef,
  quantization: Quantization,
  parts: TensorParts,
): Promise<TensorNumbers> {
  const { scale } = quantization;
  return {
    dims: storedDims({ tensor, transposed: false, quantization }),
    isDequantized: true,
    read: await dequantizedParts(tensor, quantization, parts),
    scales: plainNumbers(scale, parts),
  };
}

/** How many numbers there are. */
export function countOf({ dims }: TensorNumbers): number {
  return elementCount(dims);
}
