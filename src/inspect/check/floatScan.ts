import { elementCount } from '../../onnx/graph/elementCount';
import { rawBytes } from '../../onnx/graph/dtype';
import type { DType, OnnxModel, TensorRef } from '../../onnx/graph/model';
import { allTensors } from '../../onnx/graph/walk';
import { hasPieces, tensorPieces } from '../../weights/tensorPieces';
import type { TensorReader } from '../../weights/tensorReader';

/** What is found in the elements of a floating-point tensor. */
export interface FloatScan {
  tensor: TensorRef;
  elements: number;
  nan: number;
  positiveInfinite: number;
  negativeInfinite: number;
  /** Number of the first element that is not finite, in row-major order; absent if all are. */
  firstNotFinite?: number;
  /** Largest magnitude of a finite element; 0 if there is none. */
  largest: number;
}

/** Elements as unsigned integers, whose magnitudes are in the order of what they stand for. */
interface Format {
  words(bytes: Uint8Array): Uint16Array | Uint32Array;
  /** All bits but the sign. */
  magnitude: number;
  /** The bits of infinity; what is above it is NaN. */
  infinity: number;
  /** The number that such bits stand for. */
  value(bits: number): number;
}

const single = (bits: number): number =>
  new Float32Array(Uint32Array.of(bits).buffer)[0] ?? Number.NaN;

/** IEEE 754 binary32, binary16 and the upper half of binary32. */
const FORMATS: ReadonlyMap<DType, Format> = new Map<DType, Format>([
  [
    'float32',
    {
      words: (bytes) => new Uint32Array(aligned(bytes)),
      magnitude: 0x7fff_ffff,
      infinity: 0x7f80_0000,
      value: single,
    },
  ],
  [
    'float16',
    {
      words: (bytes) => new Uint16Array(aligned(bytes)),
      magnitude: 0x7fff,
      infinity: 0x7c00,
      value: (bits) =>
        bits < 0x400 ? bits * 2 ** -24 : (1 + (bits & 0x3ff) / 1024) * 2 ** ((bits >> 10) - 15),
    },
  ],
  [
    'bfloat16',
    {
      words: (bytes) => new Uint16Array(aligned(bytes)),
      magnitude: 0x7fff,
      infinity: 0x7f80,
      value: (bits) => single(bits * 2 ** 16),
    },
  ],
]);

/** The floating-point tensors of a model that are scanned, those in nodes included. */
export function scannedTensors(model: OnnxModel): TensorRef[] {
  return [...new Set(allTensors(model))].filter(
    (tensor) => elementCount(tensor.dims) > 0 && canScan(tensor),
  );
}

/** The types of floating-point tensors that are not: of 8 bits and less, and such as lie in odd ways. */
export function unscannedTypes(model: OnnxModel): string[] {
  const others = [...allTensors(model)].filter(
    (tensor) => /float|complex/.test(tensor.dtype) && !canScan(tensor),
  );
  return [...new Set(others.map(({ dtype }) => dtype))];
}

function canScan(tensor: TensorRef): boolean {
  return (FORMATS.has(tensor.dtype) || tensor.dtype === 'float64') && hasPieces(tensor);
}

/** Bytes that a scan of a model reads. */
export function scannedBytes(tensors: readonly TensorRef[]): number {
  return tensors.reduce(
    (sum, { dtype, dims }) => sum + (rawBytes(dtype, elementCount(dims)) ?? 0),
    0,
  );
}

/**
 * Looks at every element of some tensors, a few megabytes in memory at a time.
 * @param onRead hears of the bytes that were read in all, after each piece.
 * @throws Failure where they cannot be read; the signal's reason.
 */
export async function scanFloats(
  tensors: readonly TensorRef[],
  reader: TensorReader,
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): Promise<FloatScan[]> {
  const scans: FloatScan[] = [];
  let read = 0;
  for (const tensor of tensors) {
    const scan: FloatScan = {
      tensor,
      elements: elementCount(tensor.dims),
      nan: 0,
      positiveInfinite: 0,
      negativeInfinite: 0,
      largest: 0,
    };
    const format = FORMATS.get(tensor.dtype);
    for await (const { first, bytes } of tensorPieces(tensor, reader, signal)) {
      if (format === undefined) {
        scanDoubles(bytes, first, scan);
      } else {
        scanWords(bytes, format, first, scan);
      }
      read += bytes.length;
      onRead(read);
    }
    scans.push(scan);
  }
  return scans;
}

function scanWords(bytes: Uint8Array, format: Format, first: number, scan: FloatScan): void {
  const { magnitude, infinity } = format;
  const words = format.words(bytes);
  let largest = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0;
    const bits = word & magnitude;
    if (bits < infinity) {
      largest = bits > largest ? bits : largest;
    } else {
      count(scan, bits > infinity, word === bits, first + i);
    }
  }
  scan.largest = Math.max(scan.largest, format.value(largest));
}

function scanDoubles(bytes: Uint8Array, first: number, scan: FloatScan): void {
  const numbers = new Float64Array(aligned(bytes));
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] ?? 0;
    if (Number.isFinite(number)) {
      scan.largest = Math.max(scan.largest, Math.abs(number));
    } else {
      count(scan, Number.isNaN(number), number > 0, first + i);
    }
  }
}

function count(scan: FloatScan, isNaN: boolean, isPositive: boolean, index: number): void {
  scan.firstNotFinite ??= index;
  if (isNaN) {
    scan.nan += 1;
  } else if (isPositive) {
    scan.positiveInfinite += 1;
  } else {
    scan.negativeInfinite += 1;
  }
}

/** A buffer that begins with the bytes, as views of wider elements need it. */
function aligned(bytes: Uint8Array): ArrayBufferLike {
  return bytes.length === bytes.buffer.byteLength ? bytes.buffer : new Uint8Array(bytes).buffer;
}
