import { rawBytes } from '../onnx/graph/dtype';
import { elementCount } from '../onnx/graph/elementCount';
import type { TensorRef } from '../onnx/graph/model';
import { cut, rawData } from './tensorParts';
import type { TensorReader } from './tensorReader';

/** Bytes of a piece: enough for the disk's speed, and read in some milliseconds. */
const PIECE_BYTES = 4 * 2 ** 20;

/** Elements of a tensor that cannot be read in pieces and is read whole nevertheless. */
const MOST_WHOLE = 2 ** 26;

/** A stretch of a tensor. */
export interface TensorPiece {
  /** Number of its first element, in row-major order. */
  first: number;
  count: number;
  /** Its elements laid out raw, little endian. */
  bytes: Uint8Array;
}

/** Whether {@link tensorPieces} can read a tensor. */
export function hasPieces(tensor: TensorRef): boolean {
  const elements = elementCount(tensor.dims);
  const length = rawBytes(tensor.dtype, elements);
  return length !== undefined && (isRaw(tensor, length) || elements <= MOST_WHOLE);
}

/**
 * The elements of a tensor of any size, one piece after the other, of some megabytes each.
 * @param signal looked at before each piece.
 * @throws Failure as {@link TensorReader.bytes} does; the signal's reason.
 */
export async function* tensorPieces(
  tensor: TensorRef,
  reader: TensorReader,
  signal: AbortSignal,
): AsyncGenerator<TensorPiece> {
  const elements = elementCount(tensor.dims);
  const length = rawBytes(tensor.dtype, elements) ?? 0;
  const raw = rawData(tensor);
  signal.throwIfAborted();
  if (raw === undefined || !isRaw(tensor, length) || length <= PIECE_BYTES) {
    yield { first: 0, count: elements, bytes: await reader.bytes(tensor) };
    return;
  }
  // A power of two of elements takes whole bytes, whatever the type.
  const step = 2 ** Math.floor(Math.log2((PIECE_BYTES * elements) / length));
  for (let first = 0; first < elements; first += step) {
    signal.throwIfAborted();
    const count = Math.min(step, elements - first);
    const start = rawBytes(tensor.dtype, first) ?? 0;
    const data = cut(raw.data, start, rawBytes(tensor.dtype, count) ?? 0);
    yield { first, count, bytes: await reader.bytes({ ...tensor, dims: [count], data }) };
  }
}

/** Whether all bytes of a tensor lie in one piece. One that lacks some is left to its reader to refuse. */
function isRaw(tensor: TensorRef, length: number): boolean {
  return rawData(tensor)?.length === length;
}
