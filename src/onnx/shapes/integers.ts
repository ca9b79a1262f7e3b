import { intAttribute } from '../graph/attributes';
import { broadcast } from './broadcast';
import { dtypeAt, hasInput, shapeAt, type Call, type Rule, type Rules } from './call';
import { fact, type InferredValue } from './inferredValue';
import { PRODUCTS } from './products';
import { SELECTION } from './selection';

/** The type of the result is that of its zero point, which is input `zeroPoint`. */
function typed(call: Call, zeroPoint: number, { shape }: InferredValue): InferredValue {
  return fact(dtypeAt(call, zeroPoint) ?? dtypeAt(call, 0), shape);
}

/** Inputs: the integers, their scale and zero point, the scale and zero point of the result. */
const same: Rule = (call) => typed(call, 4, fact(undefined, shapeAt(call, 0)));

/** Inputs: the same of both operands, then the scale and zero point of the result. */
const both: Rule = (call) =>
  typed(call, 7, fact(undefined, broadcast([shapeAt(call, 0), shapeAt(call, 3)])));

/** Inputs: scale and zero point of the result, then the integers, scale and zero point of each part. */
const concat: Rule = (call) => {
  const inputs = call.inputs.filter((_, index) => index >= 2 && index % 3 === 2);
  return typed(call, 1, [SELECTION['Concat']?.({ ...call, inputs }) ?? {}].flat()[0] ?? {});
};

/** Inputs: both matrices with scales and zero points, a bias, and for a result of integers its own two. */
const gemm: Rule = (call) => {
  const inputs = [call.inputs[0], call.inputs[3]];
  const [{ shape } = {}] = [PRODUCTS['Gemm']?.({ ...call, inputs }) ?? {}].flat();
  return fact(hasInput(call, 7) ? dtypeAt(call, 8) : dtypeAt(call, 1), shape);
};

/** The mean over all positions, which stand last or, if the channels do, between. */
const globalAveragePool: Rule = (call) => {
  const shape = shapeAt(call, 0);
  const channels = intAttribute(call.node, 'channels_last') === 1 ? (shape?.length ?? 0) - 1 : 1;
  const sizes = shape?.map((size, axis) => (axis === 0 || axis === channels ? size : 1));
  return typed(call, 4, fact(undefined, sizes));
};

/** Operators of com.microsoft that ONNX Runtime's quantiser puts in the place of ONNX's own. */
export const INTEGERS_OF_MICROSOFT: Rules = {
  QLinearAdd: both,
  QLinearMul: both,
  QLinearConcat: concat,
  QLinearSigmoid: same,
  QLinearLeakyRelu: same,
  QLinearSoftmax: same,
  QLinearGlobalAveragePool: globalAveragePool,
  QGemm: gemm,
};
