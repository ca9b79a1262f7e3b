import { intAttribute, intsAttribute } from '../graph/attributes';
import type { Dataflow } from '../graph/dataflow';
import { dtypeOf } from '../graph/dtype';
import { equationOf } from '../graph/einsum';
import type { Dimension, DType, Node } from '../graph/model';

/*
 * What finding attention has to know of a value's type and shape: asked of the few operators before
 * it, without reading a tensor and without going through the graph. src/onnx/shapes infers
 * everything, at a cost that opening a model would feel (docs/decisions/0052).
 */

/** How the first result of an operator follows from its inputs. */
interface OperatorRule {
  /** Inputs whose element type the result has; the first of them is followed on. */
  dtype?: readonly number[];
  /**
   * `same`: the result has the shape of the first input; `sameRank`: as many dimensions;
   * `broadcast`: as many as the input with most of them.
   */
  shape?: 'same' | 'sameRank' | 'broadcast';
}

/** By the operator's name, of whatever domain. */
const RULES: ReadonlyMap<string, OperatorRule> = new Map<string, OperatorRule>([
  ['Identity', { dtype: [0], shape: 'same' }],
  ['Cast', { shape: 'same' }],
  ['Dropout', { shape: 'same' }],
  ['Softmax', { dtype: [0], shape: 'same' }],
  ['BiasSoftmax', { shape: 'same' }],
  ['Tanh', { shape: 'same' }],
  ['Clip', { shape: 'same' }],
  ['QuantizeLinear', { shape: 'same' }],
  ['DequantizeLinear', { shape: 'same' }],
  ['DynamicQuantizeLinear', { shape: 'same' }],
  ['Slice', { shape: 'sameRank' }],
  ['Concat', { shape: 'sameRank' }],
  ['Transpose', { dtype: [0], shape: 'sameRank' }],
  ['Reshape', { dtype: [0] }],
  ['Split', { dtype: [0] }],
  ['Add', { dtype: [0, 1], shape: 'broadcast' }],
  ['Sub', { shape: 'broadcast' }],
  ['Mul', { dtype: [0, 1], shape: 'broadcast' }],
  ['Div', { dtype: [0, 1], shape: 'broadcast' }],
  ['Max', { shape: 'broadcast' }],
  ['Where', { dtype: [2, 1], shape: 'broadcast' }],
  ['MatMul', { dtype: [0, 1], shape: 'broadcast' }],
  ['FusedMatMul', { shape: 'broadcast' }],
  ['MatMulInteger', { shape: 'broadcast' }],
  ['Gemm', { dtype: [0, 1] }],
]);

/** Operators looked at to learn the type of a value. From probabilities to a weight: about ten. */
const DTYPE_STEPS = 32;

/** Values looked at to learn a rank. From scores to the `Reshape` that splits heads: about ten. */
const RANK_STEPS = 64;

/** Operators looked at to learn the shape of a weight. One where exporters merge equal weights. */
const SHAPE_STEPS = 8;

/** The element type of a value, where the file or the operators before it tell. */
export function inferDtype(value: string, flow: Dataflow): DType | undefined {
  let candidates = [value];
  for (let step = 0; step < DTYPE_STEPS; step++) {
    for (const candidate of candidates) {
      const dtype = flow.dtype(candidate) ?? castBy(flow.producer(candidate));
      if (dtype !== undefined) {
        return dtype;
      }
    }
    const node = flow.producer(candidates[0]);
    const inputs = node === undefined ? [] : (RULES.get(node.opType)?.dtype ?? []);
    candidates = inputs.flatMap((input) => node?.inputs[input] ?? []);
  }
  return undefined;
}

/** The element type that a `Cast` gives its result, whatever it takes. */
function castBy(node: Node | undefined): DType | undefined {
  const to = node?.opType === 'Cast' ? intAttribute(node, 'to') : undefined;
  return to === undefined ? undefined : dtypeOf(to);
}

/** The shape of a value, where the file tells, of it or of what it is made of in the same shape. */
export function inferShape(value: string, flow: Dataflow): readonly Dimension[] | undefined {
  let name = value;
  for (let step = 0; step < SHAPE_STEPS; step++) {
    const shape = flow.shape(name);
    const node = flow.producer(name);
    const isSame = node?.outputs[0] === name && RULES.get(node.opType)?.shape === 'same';
    if (shape !== undefined || !isSame) {
      return shape;
    }
    name = node.inputs[0] ?? '';
  }
  return undefined;
}

/** The number of dimensions of a value, where the file or the operators before it tell. */
export function inferRank(value: string, flow: Dataflow): number | undefined {
  return new RankSearch(flow).rank(value);
}

/**
 * The number of elements of a one-dimensional value, such as the target of a `Reshape`. Exporters
 * concatenate it from single numbers.
 */
export function inferLength(value: string, flow: Dataflow): number | undefined {
  return new RankSearch(flow).length(value);
}

/** One search for a rank, which goes from value to value for so many steps. */
class RankSearch {
  private steps = RANK_STEPS;

  constructor(private readonly flow: Dataflow) {}

  rank(value: string): number | undefined {
    const shape = this.flow.shape(value);
    if (shape !== undefined) {
      return shape.length;
    }
    const node = this.producer(value);
    // Other results have shapes of their own, as the scale that `DynamicQuantizeLinear` gives out.
    return node?.outputs[0] === value ? this.rankOfResult(node) : undefined;
  }

  length(value: string): number | undefined {
    const size = this.flow.shape(value)?.[0];
    if (typeof size === 'number') {
      return size;
    }
    const node = this.producer(value);
    if (node === undefined) {
      return undefined;
    }
    const [first = ''] = node.inputs;
    switch (node.opType) {
      case 'Concat':
        return sum(node.inputs.map((input) => this.length(input)));
      case 'Shape':
        return sizesGiven(node, this.rank(first));
      case 'Unsqueeze':
        // In lists of sizes nothing is unsqueezed but single numbers.
        return 1;
      case 'Cast':
      case 'Identity':
        return this.length(first);
      default:
        return undefined;
    }
  }

  /** The node that makes a value, unless too much was looked at. */
  private producer(value: string): Node | undefined {
    const node = this.flow.producer(value);
    const isTooMuch = node !== undefined && (this.steps-- <= 0 || node.inputs.length > RANK_STEPS);
    return isTooMuch ? undefined : node;
  }

  private rankOfResult(node: Node): number | undefined {
    const { opType, inputs } = node;
    const [first = '', second = ''] = inputs;
    switch (opType) {
      case 'Reshape':
        return this.length(second);
      case 'Flatten':
        return 2;
      case 'Unsqueeze':
        return sum([this.rank(first), axesOf(node) ?? this.length(second)]);
      case 'Einsum':
        return equationOf(node)?.output.length;
    }
    switch (RULES.get(opType)?.shape) {
      case 'same':
      case 'sameRank':
        return this.rank(first);
      case 'broadcast':
        return highest(inputs.filter((input) => input !== '').map((input) => this.rank(input)));
      case undefined:
        return undefined;
    }
  }
}

/** How many sizes a `Shape` gives out: all, or since version 15 those from `start` to `end`. */
function sizesGiven(shape: Node, rank: number | undefined): number | undefined {
  if (rank === undefined) {
    return undefined;
  }
  const counted = (axis: number): number =>
    Math.min(Math.max(axis < 0 ? axis + rank : axis, 0), rank);
  const end = counted(intAttribute(shape, 'end') ?? rank);
  return Math.max(0, end - counted(intAttribute(shape, 'start') ?? 0));
}

/** How many axes an `Unsqueeze` adds, in versions before 13 of the operators. */
function axesOf(node: Node): number | undefined {
  return intsAttribute(node, 'axes')?.length;
}

/** Undefined if one is not known. */
function sum(lengths: readonly (number | undefined)[]): number | undefined {
  return lengths.reduce<number | undefined>(
    (total, length) => (total === undefined || length === undefined ? undefined : total + length),
    0,
  );
}

/** Undefined if one is not known, since it could be higher. */
function highest(ranks: readonly (number | undefined)[]): number | undefined {
  return ranks.reduce<number | undefined>(
    (most, rank) => (most === undefined || rank === undefined ? undefined : Math.max(most, rank)),
    0,
  );
}
