import { intAttribute, stringAttribute } from '../../onnx/graph/attributes';
import type { CostPolynomial } from '../../shared/modelCost';
import type { Call, Rule, Rules, Sizes, Work } from './call';
import { constant, isSame, productIfKnown } from './polynomial';

const ONE = constant(1);
/** A multiplication and an addition. */
const MULTIPLY_ADD = constant(2);

/**
 * [… , rows, inner] by [… , inner, columns]: 2 · … · rows · inner · columns operations (Golub and Van
 * Loan, "Matrix Computations", section 1.1.11), as `torch.utils.flop_counter` has it. Products of one with a
 * few bits, or of integers, are the same.
 * @param right number of the input that is the right operand.
 */
function matMul(right: number): Rule {
  return (call) => {
    const a = turned(call, 0, 'transA');
    const b = turned(call, right, 'transB');
    if (a === undefined || b === undefined || a.length === 0 || b.length === 0) {
      return undefined;
    }
    const rows = a.length > 1 ? a.at(-2) : ONE;
    const columns = b.length > 1 ? b.at(-1) : ONE;
    const inner = a.at(-1) ?? (b.length > 1 ? b.at(-2) : b[0]);
    const batch = broadcast(a.slice(0, -2), b.slice(0, -2), batchOf(call, a, b));
    return counted([MULTIPLY_ADD, ...batch, rows, inner, columns]);
  };
}

/** Sizes of an operand once it is transposed as the node says. */
function turned({ node, input }: Call, index: number, name: string): Sizes | undefined {
  const sizes = input(index);
  const isTurned = (intAttribute(node, name) ?? 0) !== 0;
  return sizes !== undefined && isTurned && sizes.length > 1
    ? [...sizes.slice(0, -2), sizes.at(-1), sizes.at(-2)]
    : sizes;
}

/** What the result says of the axes before the matrices. */
function batchOf({ output }: Call, a: Sizes, b: Sizes): Sizes {
  const matrix = Number(a.length > 1) + Number(b.length > 1);
  return output?.slice(0, output.length - matrix) ?? [];
}

/** @param result what is known of it otherwise. */
function broadcast(a: Sizes, b: Sizes, result: Sizes): Sizes {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, index) => {
    const fromEnd = index - rank;
    const [one, other] = [a, b].map((sizes) =>
      sizes.length >= -fromEnd ? sizes.at(fromEnd) : ONE,
    );
    return result.at(fromEnd) ?? wider(one, other);
  });
}

/** The one of two sizes that a common axis has. */
function wider(
  one: CostPolynomial | undefined,
  other: CostPolynomial | undefined,
): CostPolynomial | undefined {
  if (one === undefined || other === undefined) {
    return undefined;
  }
  if (isSame(one, ONE)) {
    return other;
  }
  return isSame(other, ONE) || isSame(one, other) ? one : undefined;
}

/** Weights of few bits are packed; their rows and columns are attributes. */
const packed: Rule = ({ node, input }) => {
  const [inner, columns] = [intAttribute(node, 'K'), intAttribute(node, 'N')];
  const sizes = input(0);
  return sizes === undefined || inner === undefined || columns === undefined
    ? undefined
    : counted([MULTIPLY_ADD, ...sizes.slice(0, -1), constant(inner), constant(columns)]);
};

/** Every combination of labels is multiplied and added once. Only of two operands is the order given. */
const einsum: Rule = ({ node, input }) => {
  const equation = (stringAttribute(node, 'equation') ?? '').replaceAll(' ', '');
  const [left = ''] = equation.split('->');
  const terms = left.split(',');
  if (terms.length === 1) {
    // Nothing is multiplied.
    return { operations: [] };
  }
  if (terms.length !== 2 || !/^[A-Za-z,]+$/.test(left)) {
    return undefined;
  }
  const labels = new Map<string, CostPolynomial | undefined>();
  for (const [index, term] of terms.entries()) {
    const sizes = input(index);
    for (const [axis, label] of Array.from(term).entries()) {
      const size = sizes?.[axis];
      labels.set(label, labels.has(label) ? either(labels.get(label), size) : size);
    }
  }
  return counted([MULTIPLY_ADD, ...labels.values()]);
};

/** The size of a label that stands in two places, of which one may be unknown. */
function either(
  one: CostPolynomial | undefined,
  other: CostPolynomial | undefined,
): CostPolynomial | undefined {
  return one === undefined || other === undefined ? (one ?? other) : wider(one, other);
}

/**
 * Every element of the result is a sum over a kernel and the channels of a group: 2 · elements · kernel ·
 * channels, padding included.
 * @param kernel number of the input with the weight, [features, channels of a group, …].
 */
function convolution(kernel: number): Rule {
  return ({ input, output }) => {
    const weight = input(kernel);
    return weight === undefined || output === undefined
      ? undefined
      : counted([MULTIPLY_ADD, ...output, ...weight.slice(1)]);
  };
}

/** Every element that comes in is multiplied with a kernel, [channels, features of a group, …]. */
const transposedConvolution: Rule = ({ input }) => {
  const [sizes, weight] = [input(0), input(1)];
  return sizes === undefined || weight === undefined
    ? undefined
    : counted([MULTIPLY_ADD, ...sizes, ...weight.slice(1)]);
};

function counted(factors: readonly (CostPolynomial | undefined)[]): Work | undefined {
  const operations = productIfKnown(factors);
  return operations && { operations };
}

/** Matrix products and convolutions, in floating point, of integers and of packed weights. */
export const PRODUCTS: Rules = new Map<string, Rule>([
  ['MatMul', matMul(1)],
  ['Gemm', matMul(1)],
  ['MatMulInteger', matMul(1)],
  ['QLinearMatMul', matMul(3)],
  ['Einsum', einsum],
  ['Conv', convolution(1)],
  ['ConvInteger', convolution(1)],
  ['QLinearConv', convolution(3)],
  ['ConvTranspose', transposedConvolution],
  ['com.microsoft.FusedMatMul', matMul(1)],
  ['com.microsoft.TransposeMatMul', matMul(1)],
  ['com.microsoft.FusedGemm', matMul(1)],
  ['com.microsoft.GemmFastGelu', matMul(1)],
  ['com.microsoft.MatMulIntegerToFloat', matMul(1)],
  ['com.microsoft.DynamicQuantizeMatMul', matMul(1)],
  ['com.microsoft.QGemm', matMul(3)],
  ['com.microsoft.MatMulNBits', packed],
  ['com.microsoft.MatMulBnb4', packed],
  ['com.microsoft.FusedConv', convolution(1)],
  ['com.microsoft.NhwcFusedConv', convolution(1)],
  ['com.microsoft.CausalConvWithState', convolution(1)],
]);
