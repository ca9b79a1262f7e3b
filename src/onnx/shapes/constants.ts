import { rawBytes } from '../graph/dtype';
import { elementCount } from '../graph/elementCount';
import type { ByteSource, DType, OnnxModel, Span, TensorRef } from '../graph/model';
import { joinedSpans, mayHold, rawLayout } from '../graph/typedData';
import { allTensors } from '../graph/walk';
import { isWhole } from './inferredValue';
import { SHAPE_LIMITS } from './limits';

/** Elements of small tensors of whole numbers, which shapes are computed with. */
export type ShapeConstants = ReadonlyMap<TensorRef, readonly number[]>;

/** Spans less than this apart are read at once. Units: bytes. */
const NEAR = 4 * 2 ** 10;
const LARGEST_READ = 256 * 2 ** 10;

/**
 * Reads the tensors of a model that shapes are computed with: of whole numbers or truth values, of
 * no more than {@link SHAPE_LIMITS} elements, in the model file itself. Of a file of any size that
 * is some kilobytes. Numbers beyond ±2^53 are rounded.
 *
 * @param source the file that `model` was read from.
 * @throws whatever the source throws.
 */
export async function readShapeConstants(
  source: ByteSource,
  model: OnnxModel,
): Promise<ShapeConstants> {
  const wanted: { tensor: TensorRef; spans: readonly Span[]; whole: Span }[] = [];
  for (const tensor of allTensors(model)) {
    const spans = isWhole(tensor.dtype) && isSmall(tensor) ? spansOf(tensor) : [];
    const whole = around(spans);
    if (whole !== undefined && wanted.length < SHAPE_LIMITS.constants) {
      wanted.push({ tensor, spans, whole });
    }
  }
  wanted.sort((a, b) => a.whole.offset - b.whole.offset);
  const result = new Map<TensorRef, readonly number[]>();
  let next = 0;
  while (next < wanted.length) {
    const first = wanted[next]?.whole ?? { offset: 0, length: 0 };
    let end = first.offset + first.length;
    let last = next;
    for (;;) {
      const following = wanted[last + 1]?.whole;
      const farther = Math.max(end, (following?.offset ?? 0) + (following?.length ?? 0));
      const isNear =
        following !== undefined &&
        following.offset - end < NEAR &&
        farther - first.offset <= LARGEST_READ;
      if (!isNear) {
        break;
      }
      end = farther;
      last += 1;
    }
    const bytes = await source.read(first.offset, end - first.offset);
    for (const { tensor, spans } of wanted.slice(next, last + 1)) {
      const elements = elementsIn(joinedSpans(bytes, first.offset, spans), tensor);
      if (elements.length === elementCount(tensor.dims)) {
        result.set(tensor, elements);
      }
    }
    next = last + 1;
  }
  return result;
}

function isSmall(tensor: TensorRef): boolean {
  return elementCount(tensor.dims) <= SHAPE_LIMITS.elements;
}

function spansOf({ data }: TensorRef): readonly Span[] {
  switch (data.kind) {
    case 'raw':
      return [data.span];
    case 'typed':
      return data.spans;
    default:
      return [];
  }
}

/** From the first byte to the last one; undefined where that is more than is read at once. */
function around(spans: readonly Span[]): Span | undefined {
  if (spans.length === 0 || spans.length > SHAPE_LIMITS.elements) {
    return undefined;
  }
  const offset = Math.min(...spans.map((span) => span.offset));
  const end = Math.max(...spans.map((span) => span.offset + span.length));
  return end - offset <= LARGEST_READ ? { offset, length: end - offset } : undefined;
}

/** None if the bytes are not those of a tensor. */
function elementsIn(bytes: Uint8Array, { dtype, dims, data }: TensorRef): number[] {
  if (data.kind !== 'typed') {
    return rawElements(bytes, dtype);
  }
  const count = elementCount(dims);
  const length = rawBytes(dtype, count);
  const raw =
    length !== undefined && mayHold(data.field, dtype)
      ? rawLayout(bytes, data.field, length, count)
      : undefined;
  return raw === undefined ? [] : rawElements(raw, dtype);
}

/** Little endian, as raw data always is. */
function rawElements(bytes: Uint8Array, dtype: DType): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = WIDTHS.get(dtype) ?? 1;
  return Array.from({ length: Math.floor(bytes.length / width) }, (_, index) => {
    const at = index * width;
    switch (dtype) {
      case 'int64':
        return Number(view.getBigInt64(at, true));
      case 'uint64':
        return Number(view.getBigUint64(at, true));
      case 'int32':
        return view.getInt32(at, true);
      case 'uint32':
        return view.getUint32(at, true);
      case 'int16':
        return view.getInt16(at, true);
      case 'uint16':
        return view.getUint16(at, true);
      case 'int8':
        return view.getInt8(at);
      default:
        return view.getUint8(at);
    }
  });
}

const WIDTHS: ReadonlyMap<DType, number> = new Map([
  ['int64', 8],
  ['uint64', 8],
  ['int32', 4],
  ['uint32', 4],
  ['int16', 2],
  ['uint16', 2],
]);
