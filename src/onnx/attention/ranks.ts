import { intsAttribute } from '../graph/attributes';
import type { Dataflow } from '../graph/dataflow';
import { equationOf } from '../graph/einsum';
import type { Node } from '../graph/model';

/** Operators whose result has the rank of their first input. */
const SAME_RANK: ReadonlySet<string> = new Set([
  'Softmax',
  'BiasSoftmax',
  'Cast',
  'Identity',
  'Dropout',
  'Tanh',
  'Clip',
  'Slice',
  'Concat',
  'Transpose',
  'QuantizeLinear',
  'DequantizeLinear',
  'DynamicQuantizeLinear',
]);

/** Operators whose result has the highest rank of their inputs, which they broadcast. */
const HIGHEST_RANK: ReadonlySet<string> = new Set([
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Max',
  'Where',
  'MatMul',
  'FusedMatMul',
  'MatMulInteger',
]);

/** Values looked at to learn a rank. From scores to the `Reshape` that splits heads: about ten. */
const STEPS = 64;

/** The number of dimensions of a value, where the file or the operators before it tell. */
export function rankOf(value: string, flow: Dataflow): number | undefined {
  return new Ranks(flow).of(value);
}

/**
 * The number of elements of a one-dimensional value, such as the target of a `Reshape`. Exporters
 * concatenate it from single numbers.
 */
export function lengthOf(value: string, flow: Dataflow): number | undefined {
  return new Ranks(flow).length(value);
}

class Ranks {
  private steps = STEPS;

  constructor(private readonly flow: Dataflow) {}

  of(value: string): number | undefined {
    const shape = this.flow.shape(value);
    if (shape !== undefined) {
      return shape.length;
    }
    const node = this.producer(value);
    return node === undefined ? undefined : this.ofResult(node);
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
        return this.of(first);
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
    const isTooMuch = node !== undefined && (this.steps-- <= 0 || node.inputs.length > STEPS);
    return isTooMuch ? undefined : node;
  }

  private ofResult(node: Node): number | undefined {
    const { opType, inputs } = node;
    const [first = '', second = ''] = inputs;
    if (opType === 'Reshape') {
      return this.length(second);
    }
    if (opType === 'Flatten') {
      return 2;
    }
    if (opType === 'Unsqueeze') {
      return sum([this.of(first), axesOf(node) ?? this.length(second)]);
    }
    if (opType === 'Einsum') {
      return equationOf(node)?.output.length;
    }
    if (SAME_RANK.has(opType)) {
      return this.of(first);
    }
    return HIGHEST_RANK.has(opType)
      ? highest(inputs.filter((input) => input !== '').map((input) => this.of(input)))
      : undefined;
  }
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
