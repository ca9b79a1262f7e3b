import { intAttribute } from '../graph/attributes';
import { dtypeOf } from '../graph/dtype';
import type { DType } from '../graph/model';
import { broadcast } from './broadcast';
import { dtypeAt, elementsAt, shapeAt, type Call, type Rule, type Rules } from './call';
import { fact, isWhole, type InferredValue, type Shape } from './inferredValue';
import { SHAPE_LIMITS } from './limits';
import {
  add,
  areDifferent,
  divideDown,
  isAtLeast,
  multiply,
  sameSize,
  subtract,
  type Size,
} from './size';

/** What one operator does to elements; null where that cannot be told. */
type Arithmetic = (...elements: (Size | null)[]) => Size | null;

const not: Arithmetic = (a = null) => (typeof a === 'number' ? 1 - a : null);

const and: Arithmetic = (a = null, b = null) =>
  a === 0 || b === 0 ? 0 : typeof a === 'number' && typeof b === 'number' ? 1 : null;

/** Whether a relation holds, if two sizes tell whether it does or does not. */
function relation(
  holds: (a: Size, b: Size) => boolean,
  fails: (a: Size, b: Size) => boolean,
): Arithmetic {
  return (a = null, b = null) =>
    a === null || b === null ? null : holds(a, b) ? 1 : fails(a, b) ? 0 : null;
}

const isLess = (a: Size, b: Size): boolean => isAtLeast(b, add(a, 1) ?? b) && !sameSize(a, b);
const isNotLess = (a: Size, b: Size): boolean => isAtLeast(a, b);

const less = relation(isLess, isNotLess);
const lessOrEqual = relation(
  (a, b) => isAtLeast(b, a),
  (a, b) => isLess(b, a),
);

/** Whole numbers are divided towards zero, sizes being no less than it. */
const divide: Arithmetic = (a = null, b = null) =>
  typeof a === 'number' && typeof b === 'number'
    ? b === 0
      ? null
      : Math.trunc(a / b)
    : a !== null && isAtLeast(a, 0)
      ? divideDown(a, b)
      : null;

const smaller: Arithmetic = (a = null, b = null) =>
  a !== null && b !== null ? (isAtLeast(b, a) ? a : isAtLeast(a, b) ? b : null) : null;

const larger: Arithmetic = (a = null, b = null) =>
  a !== null && b !== null ? (isAtLeast(a, b) ? a : isAtLeast(b, a) ? b : null) : null;

/** Elements computed from those of the inputs, which all have as many, or one. */
function computed(
  call: Call,
  inputs: readonly number[],
  shape: Shape | undefined,
  arithmetic: Arithmetic,
): readonly (Size | null)[] | undefined {
  const lists = inputs.map((index) => elementsAt(call, index));
  const known = lists.filter((list) => list !== undefined);
  const length = Math.max(...known.map((list) => list.length));
  const isComplete =
    known.length === lists.length &&
    known.length > 0 &&
    known.every((list) => list.length === length || list.length === 1) &&
    length <= SHAPE_LIMITS.elements &&
    shape?.reduce<Size | null>(multiply, 1) === length;
  return isComplete
    ? Array.from({ length }, (_, index) =>
        arithmetic(...known.map((list) => (list.length === 1 ? list[0] : list[index]) ?? null)),
      )
    : undefined;
}

/** Results that have the shape of the first input, and its type unless another is given. */
function unary(dtype?: DType, arithmetic?: Arithmetic): Rule {
  return (call) => {
    const shape = shapeAt(call, 0);
    const elements = arithmetic === undefined ? undefined : computed(call, [0], shape, arithmetic);
    return fact(dtype ?? dtypeAt(call, 0), shape, elements);
  };
}

/** Results computed from all inputs, element by element. */
function nary(arithmetic?: Arithmetic, dtype?: DType): Rule {
  return (call) => {
    const inputs = call.inputs.map((_, index) => index);
    const shape = broadcast(inputs.map((index) => shapeAt(call, index)));
    const elements =
      arithmetic === undefined || inputs.length !== 2
        ? undefined
        : computed(call, inputs, shape, arithmetic);
    const type = dtype ?? inputs.map((index) => dtypeAt(call, index)).find(Boolean);
    return fact(type, shape, elements);
  };
}

function where(call: Call): InferredValue {
  const inputs = [0, 1, 2];
  const shape = broadcast(inputs.map((index) => shapeAt(call, index)));
  const elements = computed(call, inputs, shape, (condition, yes = null, no = null) =>
    typeof condition === 'number' ? (condition === 0 ? no : yes) : sameSize(yes, no) ? yes : null,
  );
  return fact(dtypeAt(call, 1) ?? dtypeAt(call, 2), shape, elements);
}

/** The result has the type of the first input, whatever that of the exponent. */
function pow(call: Call): InferredValue {
  return fact(dtypeAt(call, 0), broadcast([shapeAt(call, 0), shapeAt(call, 1)]));
}

function cast(call: Call): InferredValue {
  return castTo(call, dtypeOf(intAttribute(call.node, 'to') ?? 0));
}

function castTo(call: Call, dtype: DType | undefined): InferredValue {
  const elements = elementsAt(call, 0);
  if (dtype === 'bool') {
    const truth = elements?.map((size) =>
      size === null ? null : size === 0 ? 0 : areDifferent(size, 0) ? 1 : null,
    );
    return fact(dtype, shapeAt(call, 0), truth);
  }
  return fact(dtype, shapeAt(call, 0), isWhole(dtype) ? elements : undefined);
}

const SAME = [
  ...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'BitwiseNot', 'Ceil', 'Celu'],
  ...['Clip', 'Cos', 'Cosh', 'CumSum', 'Elu', 'Erf', 'Exp', 'Floor', 'Gelu', 'HardSigmoid'],
  ...['HardSwish', 'Hardmax', 'InstanceNormalization', 'LeakyRelu', 'Log', 'LogSoftmax', 'Mish'],
  ...['PRelu', 'Reciprocal', 'Relu', 'Round', 'Selu', 'Shrink', 'Sigmoid', 'Sign', 'Sin', 'Sinh'],
  ...['Softmax', 'Softplus', 'Softsign', 'Sqrt', 'Swish', 'Tan', 'Tanh', 'ThresholdedRelu'],
  ...['Trilu', 'GroupNormalization', 'LpNormalization', 'MeanVarianceNormalization', 'LRN'],
  ...['ReverseSequence', 'ScatterElements', 'ScatterND', 'Scatter', 'TensorScatter'],
];

/** Operators that work element by element, and those whose result is as large as what they take. */
export const ELEMENTWISE: Rules = {
  ...Object.fromEntries(SAME.map((name) => [name, unary()])),
  Identity: ({ inputs }) => inputs[0] ?? {},
  Neg: unary(undefined, (a = null) => multiply(a, -1)),
  Not: unary('bool', not),
  IsNaN: unary('bool'),
  IsInf: unary('bool'),
  Dropout: (call) => [fact(dtypeAt(call, 0), shapeAt(call, 0)), fact('bool', shapeAt(call, 0))],
  Add: nary((a = null, b = null) => add(a, b)),
  Sub: nary((a = null, b = null) => subtract(a, b)),
  Mul: nary((a = null, b = null) => multiply(a, b)),
  Div: nary(divide),
  Mod: nary(),
  Pow: pow,
  Sum: nary(),
  Mean: nary(),
  Min: nary(smaller),
  Max: nary(larger),
  BitShift: nary(),
  BitwiseAnd: nary(),
  BitwiseOr: nary(),
  BitwiseXor: nary(),
  And: nary(and, 'bool'),
  Or: nary((a = null, b = null) => not(and(not(a), not(b))), 'bool'),
  Xor: nary(undefined, 'bool'),
  Equal: nary(relation(sameSize, areDifferent), 'bool'),
  Less: nary(less, 'bool'),
  LessOrEqual: nary(lessOrEqual, 'bool'),
  Greater: nary((a = null, b = null) => less(b, a), 'bool'),
  GreaterOrEqual: nary((a = null, b = null) => lessOrEqual(b, a), 'bool'),
  Where: where,
  Cast: cast,
  CastLike: (call) => castTo(call, dtypeAt(call, 1)),
};
