import type { DType, TensorRef } from '../../onnx/graph/model';
import { rawBytes } from '../../onnx/graph/dtype';

/** How NumPy calls element types that it has, little endian. */
const DESCRIPTIONS: ReadonlyMap<DType, string> = new Map<DType, string>([
  ['float32', '<f4'],
  ['float64', '<f8'],
  ['float16', '<f2'],
  ['int8', '|i1'],
  ['int16', '<i2'],
  ['int32', '<i4'],
  ['int64', '<i8'],
  ['uint8', '|u1'],
  ['uint16', '<u2'],
  ['uint32', '<u4'],
  ['uint64', '<u8'],
  ['bool', '|b1'],
  ['complex64', '<c8'],
  ['complex128', '<c16'],
]);

/** Types of less than a byte, and what holds them in NumPy. */
const WIDENED: ReadonlyMap<DType, string> = new Map<DType, string>([
  ['int4', '|i1'],
  ['int2', '|i1'],
  ['uint4', '|u1'],
  ['uint2', '|u1'],
]);

/** How the elements of a tensor are written. */
export interface NpyType {
  /** As NumPy calls it. */
  descr: string;
  /** Whether bytes are written as they are stored. */
  isStored: boolean;
  bytesEach: number;
}

/**
 * How a tensor's elements are written: as they are where NumPy has their type; what it lacks (bfloat16 and
 * small floats) as float32, as what is dequantised is; integers of less than a byte in one each.
 */
export function npyType({ dtype }: Pick<TensorRef, 'dtype'>, isDequantized: boolean): NpyType {
  const own = isDequantized ? undefined : DESCRIPTIONS.get(dtype);
  if (own !== undefined) {
    return { descr: own, isStored: true, bytesEach: rawBytes(dtype, 1) ?? 0 };
  }
  const wider = isDequantized ? undefined : WIDENED.get(dtype);
  return wider === undefined
    ? { descr: '<f4', isStored: false, bytesEach: 4 }
    : { descr: wider, isStored: false, bytesEach: 1 };
}

/** Numbers laid out as the type has them, if it does not take stored bytes as they are. */
export function npyBytes(values: ArrayLike<number>, { descr }: NpyType): Uint8Array {
  switch (descr) {
    case '|i1':
      return new Uint8Array(Int8Array.from(values).buffer);
    case '|u1':
      return Uint8Array.from(values);
    default:
      return new Uint8Array(Float32Array.from(values).buffer);
  }
}

/** NumPy leaves so many digits of room for the size that an array can grow by in its file. */
const ROOM = 21;

/** What the header ends at a multiple of. */
const ALIGNMENT = 64;

/** Magic string, version 1.0, and the length of what follows. */
const PREFIX = 10;

/**
 * The header of an `.npy` file of version 1.0, byte for byte as `numpy.save` writes it (NEP 1,
 * `numpy.lib.format`).
 * @param isByColumns whether the elements follow column by column ("Fortran order").
 */
export function npyHeader(
  { descr }: NpyType,
  dims: readonly number[],
  isByColumns: boolean,
): Uint8Array {
  const [first] = dims;
  const growing = dims.at(isByColumns ? -1 : 0);
  const shape = dims.length === 1 ? `(${String(first)},)` : `(${dims.join(', ')})`;
  const about = `{'descr': '${descr}', 'fortran_order': ${isByColumns ? 'True' : 'False'}, 'shape': ${shape}, }`;
  const room = growing === undefined ? '' : ' '.repeat(Math.max(0, ROOM - String(growing).length));
  const end = PREFIX + about.length + room.length + 1;
  // NumPy fills up by 64 where there is nothing to fill up.
  const filling = ' '.repeat(ALIGNMENT - (end % ALIGNMENT));
  const text = `${about}${room}${filling}\n`;
  const header = new Uint8Array(PREFIX + text.length);
  header.set([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    1,
    0,
    text.length & 0xff,
    text.length >> 8,
  ]);
  header.set(new TextEncoder().encode(text), PREFIX);
  return header;
}
