import type { DType } from './model';

/** Element types by their number in ONNX's `TensorProto.DataType`. */
const DTYPES: readonly (DType | undefined)[] = [
  undefined,
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
  'float8e8m0',
  'uint2',
  'int2',
];

const BITS: Readonly<Record<Exclude<DType, 'string'>, number>> = {
  float32: 32,
  float16: 16,
  bfloat16: 16,
  float64: 64,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  float8e8m0: 8,
  float4e2m1: 4,
  uint2: 2,
  int2: 2,
  uint4: 4,
  int4: 4,
  uint8: 8,
  int8: 8,
  uint16: 16,
  int16: 16,
  uint32: 32,
  int32: 32,
  uint64: 64,
  int64: 64,
  complex64: 64,
  complex128: 128,
  bool: 8,
};

/** The element type with a number of `TensorProto.DataType`; undefined if there is none. */
export function dtypeOf(number: number): DType | undefined {
  return DTYPES[number];
}

/** The number of an element type in `TensorProto.DataType`. */
export function dtypeNumber(dtype: DType): number {
  return DTYPES.indexOf(dtype);
}

/** Bytes of `elements` elements laid out raw, the last byte filled up; undefined for strings. */
export function rawBytes(dtype: DType, elements: number): number | undefined {
  return dtype === 'string' ? undefined : Math.ceil((elements * BITS[dtype]) / 8);
}
