import type { DType } from '../onnx/graph/model';

/** A floating-point format of 8 bits or fewer: a sign, then exponent and fraction. */
interface SmallFloat {
  exponentBits: number;
  fractionBits: number;
  bias: number;
  /**
   * What the largest exponent is for: as in IEEE 754; NaN with all bits set alone (`fn`); or nothing, NaN
   * taking the place of negative zero (`fnuz`); or numbers alone.
   */
  special: 'ieee' | 'fn' | 'fnuz' | 'none';
}

/** ONNX documentation, "Float stored in 8 bits" and "Float stored in 4 bits". */
const FORMATS: ReadonlyMap<DType, SmallFloat> = new Map<DType, SmallFloat>([
  ['float8e4m3fn', { exponentBits: 4, fractionBits: 3, bias: 7, special: 'fn' }],
  ['float8e4m3fnuz', { exponentBits: 4, fractionBits: 3, bias: 8, special: 'fnuz' }],
  ['float8e5m2', { exponentBits: 5, fractionBits: 2, bias: 15, special: 'ieee' }],
  ['float8e5m2fnuz', { exponentBits: 5, fractionBits: 2, bias: 16, special: 'fnuz' }],
  ['float4e2m1', { exponentBits: 2, fractionBits: 1, bias: 1, special: 'none' }],
]);

/** The numbers of a floating-point type of 8 or 4 bits, by their bits; undefined for other types. */
export function smallFloats(dtype: DType): Float32Array | undefined {
  if (dtype === 'float8e8m0') {
    // An exponent alone, the scale of a block.
    return Float32Array.from({ length: 256 }, (_, bits) =>
      bits === 255 ? NaN : 2 ** (bits - 127),
    );
  }
  const format = FORMATS.get(dtype);
  if (format === undefined) {
    return undefined;
  }
  const length = 2 ** (1 + format.exponentBits + format.fractionBits);
  return Float32Array.from({ length }, (_, bits) => numberOf(bits, length / 2, format));
}

function numberOf(
  bits: number,
  signBit: number,
  { exponentBits, fractionBits, bias, special }: SmallFloat,
): number {
  const sign = bits >= signBit ? -1 : 1;
  const magnitude = bits % signBit;
  const exponent = magnitude >> fractionBits;
  const fraction = magnitude % 2 ** fractionBits;
  if (special === 'fnuz' && bits === signBit) {
    return NaN;
  }
  if (special === 'fn' && magnitude === signBit - 1) {
    return NaN;
  }
  if (special === 'ieee' && exponent === 2 ** exponentBits - 1) {
    return fraction === 0 ? sign * Infinity : NaN;
  }
  return exponent === 0
    ? sign * fraction * 2 ** (1 - bias - fractionBits)
    : sign * (1 + fraction * 2 ** -fractionBits) * 2 ** (exponent - bias);
}
