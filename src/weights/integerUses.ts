import type { Dataflow } from '../onnx/graph/dataflow';
import type { Node, TensorRef } from '../onnx/graph/model';
import type { Quantization } from './parameters';
import { isDequantize } from '../onnx/graph/quantizers';
import { linearQuantization } from './storedParameter';

/**
 * The quantisation of a weight that an operator takes as integers, when the scale is applied to the
 * operator's result: `MatMulInteger → Cast → Mul(·, scale of the input × scale of the weight)` and
 * `Gather → DequantizeLinear`, as ONNX Runtime's `quantize_dynamic` writes them. Names are not
 * looked at, since tools that store equal tensors once give scales the names of others.
 *
 * @returns undefined if the node is none of these.
 */
export function quantizationByUse(node: Node, flow: Dataflow): Quantization | undefined {
  switch (node.opType) {
    case 'MatMulInteger':
      return withScale(scaleBehind(node, flow), flow.storedTensor(node.inputs[3]), 1);
    case 'ConvInteger':
      return withScale(scaleBehind(node, flow), flow.storedTensor(node.inputs[3]), 0);
    case 'Gather': {
      const user = flow.uses(node.outputs[0])[0]?.node;
      return isDequantize(user) ? linearQuantization(user, 1, 2, flow) : undefined;
    }
    default:
      return undefined;
  }
}

function withScale(
  scale: TensorRef | undefined,
  zeroPoint: TensorRef | undefined,
  axis: number,
): Quantization | undefined {
  return scale === undefined
    ? undefined
    : { kind: 'linear', scale, ...(zeroPoint === undefined ? {} : { zeroPoint }), axis };
}

/** The stored one of the scales that a sum of integers is multiplied with. */
function scaleBehind(node: Node, flow: Dataflow): TensorRef | undefined {
  const cast = flow.uses(node.outputs[0])[0]?.node;
  const use = cast?.opType === 'Cast' ? flow.uses(cast.outputs[0])[0] : undefined;
  if (use?.node.opType !== 'Mul') {
    return undefined;
  }
  const factor = use.node.inputs[1 - use.input];
  const product = flow.producer(factor);
  const factors = product?.opType === 'Mul' ? product.inputs.slice(0, 2) : [factor];
  return factors.map((each) => flow.storedTensor(each)).find((each) => each !== undefined);
}
