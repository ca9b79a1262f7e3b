import type { Dataflow } from '../onnx/graph/dataflow';
import type { Node, TensorRef } from '../onnx/graph/model';
import { packedWeight } from '../onnx/graph/operatorInputs';
import type { StoredParameter } from './parameters';
import { intAttribute } from '../onnx/graph/attributes';

/**
 * The weight of an operator of ONNX Runtime that takes it in few bits (ContribOperators.md of
 * microsoft/onnxruntime): a linear layer's [out, in], or a table's [rows, columns].
 *
 * @returns undefined if the node is none of these, if its scales are not stored, or if it takes the
 *   columns in another order (`g_idx`).
 */
export function blockQuantizedWeight(node: Node, flow: Dataflow): StoredParameter | undefined {
  if (node.domain !== 'com.microsoft') {
    return undefined;
  }
  switch (node.opType) {
    case 'MatMulNBits':
      return linearLayer(node, flow);
    case 'MatMulBnb4':
      return codedLayer(node, flow);
    case 'GatherBlockQuantized':
      return table(node, flow);
    default:
      return undefined;
  }
}

/** Whether a node looks rows of a table up by their numbers. */
export function isLookUp({ opType }: Node): boolean {
  return opType === 'GatherBlockQuantized';
}

function linearLayer(node: Node, flow: Dataflow): StoredParameter | undefined {
  const tensor = flow.storedTensor(node.inputs[1]);
  const scales = scalesOf(node, flow);
  const bits = packedWeight(node)?.bits;
  const hasOrder = (node.inputs[4] ?? '') !== '';
  if (tensor === undefined || scales === undefined || bits === undefined || hasOrder) {
    return undefined;
  }
  return {
    tensor,
    transposed: false,
    quantization: { kind: 'packed', bits, ...layerSizes(node), ...scales },
  };
}

function codedLayer(node: Node, flow: Dataflow): StoredParameter | undefined {
  const tensor = flow.storedTensor(node.inputs[1]);
  const scale = flow.storedTensor(node.inputs[2]);
  if (tensor === undefined || scale === undefined) {
    return undefined;
  }
  const table = (intAttribute(node, 'quant_type') ?? 1) === 0 ? 'fp4' : 'nf4';
  return {
    tensor,
    transposed: false,
    quantization: { kind: 'codes', table, ...layerSizes(node), scale },
  };
}

function layerSizes(node: Node): { rows: number; columns: number; blockSize: number } {
  return {
    rows: intAttribute(node, 'N') ?? 0,
    columns: intAttribute(node, 'K') ?? 0,
    blockSize: intAttribute(node, 'block_size') ?? 0,
  };
}

/**
 * A table of integers, or of bytes that hold several each. These may be those of an output layer, to
 * which a `Reshape` gives the shape of a table.
 */
function table(node: Node, flow: Dataflow): StoredParameter | undefined {
  const bits = packedWeight(node)?.bits;
  const reshape = flow.producer(node.inputs[0]);
  const tensor = flow.storedTensor(
    reshape?.opType === 'Reshape' ? reshape.inputs[0] : node.inputs[0],
  );
  const scales = scalesOf(node, flow);
  const axis = intAttribute(node, 'quantize_axis') ?? 1;
  const isUsual = (intAttribute(node, 'gather_axis') ?? 0) === 0 && (axis === 1 || axis === -1);
  if (tensor === undefined || scales === undefined || bits === undefined || !isUsual) {
    return undefined;
  }
  const blockSize = intAttribute(node, 'block_size') ?? DEFAULT_BLOCK;
  const [rows = 0, ...inRow] = tensor.dims;
  const columns = inRow.reduce((product, size) => product * size, 8 / bits);
  return {
    tensor,
    transposed: false,
    quantization:
      tensor.dtype === 'uint8'
        ? { kind: 'packed', bits, rows, columns, blockSize, ...scales }
        : { kind: 'linear', axis: 1, blockSize, ...scales },
  };
}

/** What `GatherBlockQuantized` takes for a block that it is not told the size of. */
const DEFAULT_BLOCK = 128;

function scalesOf(
  node: Node,
  flow: Dataflow,
): { scale: TensorRef; zeroPoint?: TensorRef } | undefined {
  const scale = flow.storedTensor(node.inputs[2]);
  const zeroPoint = flow.storedTensor(node.inputs[3]);
  return scale && { scale, ...(zeroPoint === undefined ? {} : { zeroPoint }) };
}
