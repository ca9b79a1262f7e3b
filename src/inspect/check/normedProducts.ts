import { intAttribute } from '../../onnx/graph/attributes';
import type { Dataflow } from '../../onnx/graph/dataflow';
import { elementCount } from '../../onnx/graph/elementCount';
import type { Node, OnnxModel, TensorRef } from '../../onnx/graph/model';
import { operatorName } from '../../onnx/graph/operators';
import { placedNodes } from '../../onnx/graph/placedNodes';

/** A product of a stored matrix with what a norm makes. */
export interface NormedProduct {
  node: Node;
  /** [in, out], or [out, in] if it is `turned`. */
  matrix: TensorRef;
  turned: boolean;
  /** What the norm multiplies each of `in` elements with, and what it adds. */
  gain?: TensorRef;
  shift?: TensorRef;
  /** What is added to each of `out` elements. */
  bias?: TensorRef;
}

/** Norms that are one operator, by {@link operatorName}: which inputs are gain and shift. */
const NORMS: ReadonlyMap<string, { gain: number; shift?: number }> = new Map([
  ['LayerNormalization', { gain: 1, shift: 2 }],
  ['RMSNormalization', { gain: 1 }],
  ['SimplifiedLayerNormalization', { gain: 1 }],
  ['com.microsoft.SkipLayerNormalization', { gain: 2, shift: 3 }],
  ['com.microsoft.SkipSimplifiedLayerNormalization', { gain: 2 }],
]);

/** Nodes that leave every element what it is. */
const PASSING: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Reshape', 'Flatten']);

/** Such nodes in a row that are looked through. */
const MOST_PASSED = 8;

/**
 * Finds products whose left operand comes out of a layer norm or an RMS norm over its last axis, written
 * as one operator or as the chain of them that PyTorch exports: whatever the text, the squares of its
 * elements before gain and shift add up to no more than their number.
 */
export function normedProducts(model: OnnxModel): NormedProduct[] {
  const products: NormedProduct[] = [];
  for (const { node, flow } of placedNodes(model)) {
    const isGemm = operatorName(node) === 'Gemm';
    const matrix = storedBefore(flow, node.inputs[1]);
    if ((!isGemm && operatorName(node) !== 'MatMul') || matrix?.dims.length !== 2) {
      continue;
    }
    if (isGemm && (intAttribute(node, 'transA') ?? 0) !== 0) {
      continue;
    }
    const turned = isGemm && intAttribute(node, 'transB') === 1;
    const [rows = 0, columns = 0] = turned ? matrix.dims.toReversed() : matrix.dims;
    const norm = normBefore(node.inputs[0], flow, rows);
    if (norm !== undefined) {
      const bias = isGemm ? storedBefore(flow, node.inputs[2]) : biasBehind(node, flow);
      const isBias = bias !== undefined && elementCount(bias.dims) === columns;
      products.push({ node, matrix, turned, ...norm, ...(isBias ? { bias } : {}) });
    }
  }
  return products;
}

type Norm = Pick<NormedProduct, 'gain' | 'shift'>;

function normBefore(value: string | undefined, flow: Dataflow, width: number): Norm | undefined {
  const isVector = (tensor: TensorRef | undefined): tensor is TensorRef =>
    tensor !== undefined && elementCount(tensor.dims) === width;
  let made = producerOf(value, flow);
  const whole = made && NORMS.get(operatorName(made));
  if (made !== undefined && whole !== undefined) {
    const gain = storedBefore(flow, made.inputs[whole.gain]);
    const shiftName = whole.shift === undefined ? '' : (made.inputs[whole.shift] ?? '');
    const shift = storedBefore(flow, shiftName);
    const isLast = [undefined, -1].includes(intAttribute(made, 'axis'));
    return isLast && isVector(gain) && (shiftName === '' || isVector(shift))
      ? { gain, ...(shift === undefined ? {} : { shift }) }
      : undefined;
  }
  const norm: Norm = {};
  const shifted = made?.opType === 'Add' ? withStored(made, flow) : undefined;
  if (shifted !== undefined) {
    if (!isVector(shifted.stored)) {
      return undefined;
    }
    norm.shift = shifted.stored;
    made = producerOf(shifted.other, flow);
  }
  const gained = made?.opType === 'Mul' ? withStored(made, flow) : undefined;
  if (gained !== undefined) {
    if (!isVector(gained.stored)) {
      return undefined;
    }
    norm.gain = gained.stored;
    made = producerOf(gained.other, flow);
  }
  return made !== undefined && dividesByRoot(made, flow) ? norm : undefined;
}

/** The two operands of a node of which one is stored. */
function withStored(
  { inputs }: Node,
  flow: Dataflow,
): { stored: TensorRef; other: string } | undefined {
  for (const [index, name] of inputs.slice(0, 2).entries()) {
    const stored = storedBefore(flow, name);
    const other = inputs[1 - index];
    if (stored !== undefined && other !== undefined) {
      return { stored, other };
    }
  }
  return undefined;
}

/**
 * Whether a node divides a value by the root of the mean of its squares: `x / √(mean(x²) + ε)`, where the
 * division may be a product with the reciprocal.
 */
function dividesByRoot({ opType, inputs: [one, other] }: Node, flow: Dataflow): boolean {
  if (opType === 'Div') {
    return isRootOf(other, one, flow);
  }
  const isInverse = (root: string | undefined, of: string | undefined): boolean => {
    const made = producerOf(root, flow);
    const inverted =
      made?.opType === 'Reciprocal'
        ? made.inputs[0]
        : made?.opType === 'Div' && flow.isConstant(made.inputs[0])
          ? made.inputs[1]
          : undefined;
    return inverted !== undefined && isRootOf(inverted, of, flow);
  };
  return opType === 'Mul' && (isInverse(other, one) || isInverse(one, other));
}

function isRootOf(root: string | undefined, of: string | undefined, flow: Dataflow): boolean {
  const sqrt = producerOf(root, flow);
  const sum = sqrt?.opType === 'Sqrt' ? producerOf(sqrt.inputs[0], flow) : undefined;
  const mean =
    sum?.opType === 'Add'
      ? sum.inputs
          .map((name) => producerOf(name, flow))
          .find((each) => each?.opType === 'ReduceMean')
      : undefined;
  const square = producerOf(mean?.inputs[0], flow);
  const source = passed(of, flow);
  return (
    (square?.opType === 'Pow' && passed(square.inputs[0], flow) === source) ||
    (square?.opType === 'Mul' && square.inputs.every((name) => passed(name, flow) === source))
  );
}

function biasBehind(node: Node, flow: Dataflow): TensorRef | undefined {
  const [use, ...others] = flow.uses(node.outputs[0]);
  return use?.node.opType === 'Add' && others.length === 0
    ? storedBefore(flow, use.node.inputs[1 - use.input])
    : undefined;
}

/** A stored tensor, which the graph may cast before it uses it. */
function storedBefore(flow: Dataflow, value: string | undefined): TensorRef | undefined {
  const made = flow.producer(value);
  const isCast = made?.opType === 'Cast' || made?.opType === 'Identity';
  return flow.storedTensor(isCast ? made.inputs[0] : value);
}

function producerOf(value: string | undefined, flow: Dataflow): Node | undefined {
  return flow.producer(passed(value, flow));
}

/** What a value was before nodes that leave its elements as they are. */
function passed(value: string | undefined, flow: Dataflow): string | undefined {
  let at = value;
  for (let step = 0; step < MOST_PASSED; step++) {
    const made = flow.producer(at);
    if (made === undefined || !PASSING.has(made.opType)) {
      break;
    }
    at = made.inputs[0];
  }
  return at;
}
