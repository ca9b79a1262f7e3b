import { intAttribute, stringAttribute } from '../graph/attributes';
import { dtypeOf } from '../graph/dtype';
import type { DType } from '../graph/model';
import { broadcast } from './broadcast';
import { dtypeAt, shapeAt, type Call, type Rule, type Rules } from './call';
import { fact, type InferredValue, type Shape } from './inferredValue';
import { sameSize, type Size } from './size';

/**
 * The shape of a matrix product as NumPy's `matmul` has it: the last two dimensions are multiplied,
 * those before them broadcast, and a vector counts as a row on the left or a column on the right.
 */
export function product(a: Shape | undefined, b: Shape | undefined): Shape | undefined {
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) {
    return undefined;
  }
  const batch = broadcast([a.slice(0, -2), b.slice(0, -2)]);
  const rows = a.length > 1 ? [a.at(-2) ?? null] : [];
  const columns = b.length > 1 ? [b.at(-1) ?? null] : [];
  return batch && [...batch, ...rows, ...columns];
}

function matMul(dtype?: DType, right = 1): Rule {
  return (call) =>
    fact(
      dtype ?? dtypeAt(call, 0) ?? dtypeAt(call, right),
      product(shapeAt(call, 0), shapeAt(call, right)),
    );
}

function gemm(call: Call): InferredValue {
  const a = turned(shapeAt(call, 0), intAttribute(call.node, 'transA') === 1);
  const b = turned(shapeAt(call, 1), intAttribute(call.node, 'transB') === 1);
  return fact(dtypeAt(call, 0) ?? dtypeAt(call, 1), a && b && [a.at(0) ?? null, b.at(1) ?? null]);
}

/** The product of matrices that may have to be transposed first; com.microsoft. */
function fusedMatMul(call: Call): InferredValue {
  const a = turned(shapeAt(call, 0), intAttribute(call.node, 'transA') === 1);
  const b = turned(shapeAt(call, 1), intAttribute(call.node, 'transB') === 1);
  const isPlain =
    intAttribute(call.node, 'transBatchA') !== 1 && intAttribute(call.node, 'transBatchB') !== 1;
  return fact(dtypeAt(call, 0), isPlain ? product(a, b) : undefined);
}

function turned(shape: Shape | undefined, isTransposed: boolean): Shape | undefined {
  return isTransposed && shape !== undefined && shape.length > 1
    ? [...shape.slice(0, -2), shape.at(-1) ?? null, shape.at(-2) ?? null]
    : shape;
}

/** `bhqd,bhkd->bhqk`: a letter is a dimension, wherever it stands (NumPy's `einsum`). */
function einsum(call: Call): InferredValue {
  const [left = '', right] = (stringAttribute(call.node, 'equation') ?? '')
    .replaceAll(' ', '')
    .split('->');
  const terms = left.split(',');
  const sizes = new Map<string, Size | null>();
  let isKnown = right !== undefined && /^[A-Za-z]*$/.test(right);
  for (const [index, term] of terms.entries()) {
    const shape = shapeAt(call, index);
    isKnown &&= shape?.length === term.length;
    for (const [axis, letter] of Array.from(term).entries()) {
      const size = shape?.[axis] ?? null;
      const other = sizes.get(letter);
      // Sizes of 1 are broadcast here as well, so that a letter is sure only where all agree.
      sizes.set(letter, other === undefined || sameSize(size, other) ? size : null);
    }
  }
  return fact(
    dtypeAt(call, 0),
    isKnown ? Array.from(right ?? '').map((letter) => sizes.get(letter) ?? null) : undefined,
  );
}

/** A weight of few bits is packed; its numbers of rows and columns are attributes. */
function matMulNBits(call: Call): InferredValue {
  const shape = shapeAt(call, 0);
  return fact(
    dtypeAt(call, 0),
    shape && [...shape.slice(0, -1), intAttribute(call.node, 'N') ?? null],
  );
}

/** Tables of packed rows: as many columns as fit into a row, by the bits that each one has. */
function gatherBlockQuantized(call: Call): InferredValue {
  const [data, indices] = [shapeAt(call, 0), shapeAt(call, 1)];
  const width = data?.at(-1);
  const perElement = dtypeAt(call, 0) === 'uint8' ? 8 / (intAttribute(call.node, 'bits') ?? 4) : 1;
  const isUsual = (intAttribute(call.node, 'gather_axis') ?? 0) === 0 && data?.length === 2;
  return fact(
    dtypeAt(call, 2),
    isUsual && indices !== undefined
      ? [...indices, typeof width === 'number' ? width * perElement : null]
      : undefined,
  );
}

function dynamicQuantizeLinear(call: Call): InferredValue[] {
  return [fact('uint8', shapeAt(call, 0)), fact('float32', []), fact('uint8', [])];
}

function quantizeLinear(call: Call): InferredValue {
  const given = dtypeOf(intAttribute(call.node, 'output_dtype') ?? 0);
  return fact(given ?? dtypeAt(call, 2) ?? 'uint8', shapeAt(call, 0));
}

/** Matrix products, and what quantised ones are made of. */
export const PRODUCTS: Rules = {
  MatMul: matMul(),
  MatMulInteger: matMul('int32'),
  Gemm: gemm,
  Einsum: einsum,
  QLinearMatMul: (call) => fact(dtypeAt(call, 7), product(shapeAt(call, 0), shapeAt(call, 3))),
  DynamicQuantizeLinear: dynamicQuantizeLinear,
  QuantizeLinear: quantizeLinear,
  DequantizeLinear: (call) => fact(dtypeAt(call, 1) ?? 'float32', shapeAt(call, 0)),
};

/** Those of com.microsoft. */
export const PRODUCTS_OF_MICROSOFT: Rules = {
  FusedMatMul: fusedMatMul,
  MatMulIntegerToFloat: (call) =>
    fact(dtypeAt(call, 2) ?? 'float32', product(shapeAt(call, 0), shapeAt(call, 1))),
  DynamicQuantizeMatMul: matMul(),
  MatMulNBits: matMulNBits,
  MatMulBnb4: matMulNBits,
  GatherBlockQuantized: gatherBlockQuantized,
  QuantizeLinear: quantizeLinear,
  DequantizeLinear: PRODUCTS['DequantizeLinear'] ?? (() => ({})),
};
