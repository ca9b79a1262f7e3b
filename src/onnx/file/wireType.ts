/** How a field is laid out, with protobuf's own numbers. Groups (3, 4) are in no ONNX schema. */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
export const FIXED32 = 5;

export type WireType = typeof VARINT | typeof FIXED64 | typeof LENGTH | typeof FIXED32;
