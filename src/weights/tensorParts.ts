import { rawBytes } from '../onnx/graph/dtype';
import { elementCount } from '../onnx/graph/elementCount';
import type { TensorData, TensorRef } from '../onnx/graph/model';
import { isNumeric } from './elements';
import type { TensorReader } from './tensorReader';

/** Elements of a tensor that is rather read whole, and kept, than in parts. */
const FEW = 1024;

/** Elements of a tensor that is read whole where it cannot be read in parts. */
const MOST_WHOLE = 2 ** 16;

/** A byte has as many elements of 2 bits; no type has more. */
const MOST_IN_BYTE = 4;

/** Bytes of elements, which may begin with elements that nobody asked for: several share a byte. */
export interface ElementBytes {
  bytes: Uint8Array;
  /** Elements in front. */
  before: number;
}

/** Reads some elements of large tensors, and as few bytes as that takes. */
export class TensorParts {
  private readonly whole = new Map<TensorRef, Promise<Float32Array>>();
  private readonly wholeBytes = new Map<TensorRef, Promise<Uint8Array>>();

  constructor(private readonly reader: TensorReader) {}

  /** Whether parts of a tensor can be read: it holds numbers, and they lie raw or are few. */
  canRead(tensor: TensorRef): boolean {
    const elements = elementCount(tensor.dims);
    const isRaw = rawData(tensor)?.length === rawBytes(tensor.dtype, elements);
    return isNumeric(tensor.dtype) && (isRaw || elements <= MOST_WHOLE);
  }

  /**
   * Elements `first … first + count − 1` of a tensor in row-major order, as 32-bit floats.
   * @throws RangeError outside the tensor, Failure of kind `model` if bytes are missing, as {@link TensorReader.elements} does.
   */
  async elements(tensor: TensorRef, first: number, count: number): Promise<Float32Array> {
    const all = elementCount(tensor.dims);
    if (first + count > all) {
      throw new RangeError(`Tensor ${tensor.name} has ${all} elements, not ${first + count}`);
    }
    const raw = all <= FEW ? undefined : rawData(tensor);
    if (raw === undefined) {
      const known = this.whole.get(tensor) ?? this.reader.elements(tensor);
      this.whole.set(tensor, known);
      return (await known).slice(first, first + count);
    }
    const { part, before } = partOf(tensor, raw.data, first, count);
    return (await this.reader.elements(part)).subarray(before);
  }

  /**
   * The bytes of elements `first … first + count − 1`, laid out raw. Of a tensor whose elements are listed
   * one by one all are read, once.
   * @throws RangeError outside the tensor, Failure as {@link TensorReader.bytes} does.
   */
  async bytes(tensor: TensorRef, first: number, count: number): Promise<ElementBytes> {
    const all = elementCount(tensor.dims);
    if (first + count > all) {
      throw new RangeError(`Tensor ${tensor.name} has ${all} elements, not ${first + count}`);
    }
    const raw = rawData(tensor);
    if (raw !== undefined && raw.length === rawBytes(tensor.dtype, all)) {
      const { part, before } = partOf(tensor, raw.data, first, count);
      return { bytes: await this.reader.bytes(part), before };
    }
    const known = this.wholeBytes.get(tensor) ?? this.reader.bytes(tensor);
    this.wholeBytes.set(tensor, known);
    const before = first % MOST_IN_BYTE;
    const start = rawBytes(tensor.dtype, first - before) ?? 0;
    const length = rawBytes(tensor.dtype, before + count) ?? 0;
    return { bytes: (await known).subarray(start, start + length), before };
  }
}

/** Some elements as a tensor of their own, from the start of a byte on. */
function partOf(
  tensor: TensorRef,
  data: RawData,
  first: number,
  count: number,
): { part: TensorRef; before: number } {
  const before = first % MOST_IN_BYTE;
  const start = rawBytes(tensor.dtype, first - before) ?? 0;
  const length = rawBytes(tensor.dtype, before + count) ?? 0;
  return { part: { ...tensor, dims: [before + count], data: cut(data, start, length) }, before };
}

type RawData = TensorData & { kind: 'raw' | 'external' };

/** The data of a tensor, if it lies row-major in one piece, and its bytes. */
export function rawData({ dtype, data }: TensorRef): { data: RawData; length: number } | undefined {
  switch (data.kind) {
    case 'raw':
      return { data, length: data.span.length };
    case 'external':
      return { data, length: data.length };
    case 'typed': {
      const [span, ...more] = data.spans;
      // The one field whose numbers are as in the raw layout, of the types that matter.
      const isRaw = data.field === 'float_data' && dtype === 'float32' && more.length === 0;
      return isRaw && span !== undefined
        ? { data: { kind: 'raw', span }, length: span.length }
        : undefined;
    }
    case 'none':
      return undefined;
  }
}

/** A stretch of that data. Units: bytes. */
export function cut(data: RawData, start: number, length: number): RawData {
  return data.kind === 'raw'
    ? { kind: 'raw', span: { offset: data.span.offset + start, length } }
    : { ...data, offset: data.offset + start, length };
}
