import { intAttribute, intsAttribute } from '../onnx/graph/attributes';
import type { Graph, Node, TensorRef } from '../onnx/graph/model';
import type { Quantization, StoredParameter } from './parameters';
import { isStandard } from '../onnx/graph/operators';
import { quantizedName } from './modules';

/** Operators between a stored tensor and its use. Real files have two at most. */
const CHAIN_STEPS = 8;

/** Operators that hand the elements of their first input on, at most in another type. */
const SAME_ELEMENTS: ReadonlySet<string> = new Set(['Identity', 'Cast', 'CastLike']);

/** A use of a value: `node.inputs[input]`. */
export interface ValueUse {
  node: Node;
  input: number;
}

/** The stored tensors of a graph, those that it takes from the graphs around it included. */
export class Scope {
  private readonly tensors = new Map<string, TensorRef>();
  private readonly producers = new Map<string, Node>();
  private readonly consumers = new Map<string, ValueUse[]>();

  constructor(
    readonly graph: Graph,
    private readonly outer?: Scope,
  ) {
    for (const tensor of graph.initializers) {
      this.tensors.set(tensor.name, tensor);
    }
    for (const node of graph.nodes) {
      for (const output of node.outputs) {
        this.producers.set(output, node);
      }
      const value = node.opType === 'Constant' ? node.attributes.get('value') : undefined;
      const [output] = node.outputs;
      if (value?.kind === 'tensor' && output !== undefined) {
        this.tensors.set(output, { ...value.value, name: output });
      }
      node.inputs.forEach((name, input) => {
        const uses = this.consumers.get(name);
        if (uses === undefined) {
          this.consumers.set(name, [{ node, input }]);
        } else {
          uses.push({ node, input });
        }
      });
    }
  }

  /** The tensor of that name, if it is stored. */
  tensor(name: string | undefined): TensorRef | undefined {
    if (name === undefined || name === '') {
      return undefined;
    }
    const own = this.tensors.get(name);
    return own ?? (this.producers.has(name) ? undefined : this.outer?.tensor(name));
  }

  /** The node that makes a value. */
  producer(value: string | undefined): Node | undefined {
    return value === undefined
      ? undefined
      : (this.producers.get(value) ?? this.outer?.producer(value));
  }

  /** Where a value is used in this graph. */
  uses(value: string | undefined): readonly ValueUse[] {
    return value === undefined ? [] : (this.consumers.get(value) ?? []);
  }

  /**
   * The stored tensor that a value is made of by nothing but change of type, transposition of a
   * matrix, and dequantisation.
   */
  stored(value: string | undefined): StoredParameter | undefined {
    let name = value;
    let transposed = false;
    let quantization: Quantization | undefined;
    for (let step = 0; step < CHAIN_STEPS; step++) {
      const tensor = this.tensor(name);
      if (tensor !== undefined) {
        const known = quantization ?? this.quantizationByName(tensor);
        return { tensor, transposed, ...(known === undefined ? {} : { quantization: known }) };
      }
      const node = this.producer(name);
      const operator = node?.domain === '' ? node.opType : undefined;
      if (node !== undefined && isDequantize(node) && quantization === undefined) {
        quantization = this.linear(node, 1, 2);
      } else if (node !== undefined && operator === 'Transpose' && swapsMatrix(node)) {
        transposed = !transposed;
        quantization = withAxesSwapped(quantization);
      } else if (operator === undefined || !SAME_ELEMENTS.has(operator)) {
        return undefined;
      }
      name = node?.inputs[0];
    }
    return undefined;
  }

  /**
   * The quantisation of a weight whose scale and zero point are inputs of `node`.
   * @returns undefined if there is no stored scale.
   */
  linear(node: Node, scaleInput: number, zeroInput: number): Quantization | undefined {
    const scale = this.tensor(node.inputs[scaleInput]);
    const zeroPoint = this.tensor(node.inputs[zeroInput]);
    const blockSize = intAttribute(node, 'block_size') ?? 0;
    const axis = intAttribute(node, 'axis') ?? 1;
    return scale === undefined
      ? undefined
      : {
          kind: 'linear',
          scale,
          ...(zeroPoint === undefined ? {} : { zeroPoint }),
          axis,
          ...(blockSize > 0 ? { blockSize } : {}),
        };
  }

  /**
   * The quantisation of a tensor that ONNX Runtime's `quantize_dynamic` made: scale and zero point
   * are initializers with names like its own. With several scales they are those of its columns.
   */
  quantizationByName({ name, dims }: TensorRef): Quantization | undefined {
    const base = quantizedName(name);
    const scale = base === undefined ? undefined : this.tensor(`${base}_scale`);
    const zeroPoint = base === undefined ? undefined : this.tensor(`${base}_zero_point`);
    return scale === undefined
      ? undefined
      : {
          kind: 'linear',
          scale,
          ...(zeroPoint === undefined ? {} : { zeroPoint }),
          axis: dims.length === 2 ? 1 : 0,
        };
  }
}

/** The quantisation of a matrix, from that of its transpose. */
function withAxesSwapped(quantization: Quantization | undefined): Quantization | undefined {
  return quantization?.kind === 'linear'
    ? {
        ...quantization,
        axis: quantization.axis < 0 ? -3 - quantization.axis : 1 - quantization.axis,
      }
    : quantization;
}

/** Whether a node turns integers into real numbers. */
export function isDequantize(node: Node): boolean {
  return node.opType === 'DequantizeLinear' && isStandard(node);
}

/** Whether a `Transpose` exchanges the two axes of a matrix. */
function swapsMatrix(node: Node): boolean {
  const perm = intsAttribute(node, 'perm') ?? [1, 0];
  return perm.length === 2 && perm[0] === 1 && perm[1] === 0;
}
