import { heldBy, type HeldConstant } from '../graph/constantNode';
import type { DType, Dimension, Graph, Node, OnnxModel, TensorRef } from '../graph/model';
import { innerGraphs } from '../graph/walk';
import type { Call, Rules } from './call';
import type { ShapeConstants } from './constants';
import { CONVOLUTION } from './convolution';
import { ELEMENTWISE } from './elementwise';
import {
  either,
  fact,
  factOfTensor,
  factOfValue,
  meet,
  type InferredValue,
  type Shape,
} from './inferredValue';
import { FUSED, FUSED_OF_MICROSOFT } from './fused';
import { INTEGERS_OF_MICROSOFT } from './integers';
import { LAYOUT } from './layout';
import { SHAPE_LIMITS } from './limits';
import { topologicalOrder } from '../graph/topologicalOrder';
import { PRODUCTS, PRODUCTS_OF_MICROSOFT } from './products';
import { REDUCTIONS } from './reductions';
import { SELECTION } from './selection';
import { dimensionOf } from './size';

/** What is known of a value: sizes that vary are names or made of names, unknown ones are null. */
export interface InferredType {
  dtype?: DType;
  shape?: Dimension[];
}

/** What shape inference found. */
export interface InferredShapes {
  /** The type of a value, as it is called in a graph: the model's own, or one inside a node. */
  typeOf(graph: Graph, value: string): InferredType | undefined;
  /** The sizes of its dimensions, to be calculated with. */
  sizesOf(graph: Graph, value: string): Shape | undefined;
}

/** Rules by domain and operator. */
const RULES: ReadonlyMap<string, Rules> = new Map([
  [
    '',
    {
      ...ELEMENTWISE,
      ...LAYOUT,
      ...SELECTION,
      ...PRODUCTS,
      ...REDUCTIONS,
      ...CONVOLUTION,
      ...FUSED,
    },
  ],
  ['com.microsoft', { ...PRODUCTS_OF_MICROSOFT, ...INTEGERS_OF_MICROSOFT, ...FUSED_OF_MICROSOFT }],
]);

/**
 * Infers element types and shapes of all values, as `onnx.shape_inference` does, for the operators
 * that exported Transformers have. Sizes that vary keep their names and are calculated with
 * (`past_sequence_length + sequence_length`); the elements of small tensors of whole numbers are
 * followed as well, so that a shape that is computed in the graph comes out.
 *
 * What it answers is true of every run that the graph allows; what it cannot tell is unknown. Values
 * inside functions of the model are unknown, as are results of loops. Time and memory are bounded
 * by the size of the file and by {@link SHAPE_LIMITS}.
 *
 * @param constants what {@link readShapeConstants} read; without it, shapes that depend on
 *   constants are unknown.
 */
export function inferShapes(
  model: OnnxModel,
  constants: ShapeConstants = new Map(),
): InferredShapes {
  const inference = new Inference(model.opsets, constants);
  inference.run(model.graph, undefined);
  return inference;
}

/** What is known of the values of a graph, and of those around it. */
interface Scope {
  facts: Map<string, InferredValue>;
  outer: Scope | undefined;
}

class Inference implements InferredShapes {
  private readonly scopes = new Map<Graph, Scope>();
  private spent = 0;

  constructor(
    private readonly opsets: ReadonlyMap<string, number>,
    private readonly constants: ShapeConstants,
  ) {}

  typeOf(graph: Graph, value: string): InferredType | undefined {
    const found = lookUp(value, this.scopes.get(graph));
    return found === undefined
      ? undefined
      : {
          ...(found.dtype === undefined ? {} : { dtype: found.dtype }),
          ...(found.shape === undefined ? {} : { shape: found.shape.map(dimensionOf) }),
        };
  }

  sizesOf(graph: Graph, value: string): Shape | undefined {
    return lookUp(value, this.scopes.get(graph))?.shape;
  }

  run(graph: Graph, outer: Scope | undefined): Scope {
    const facts = new Map<string, InferredValue>();
    const scope: Scope = { facts, outer };
    this.scopes.set(graph, scope);
    for (const tensor of graph.initializers) {
      facts.set(tensor.name, this.constant(tensor));
    }
    for (const { values, dims } of graph.sparseInitializers) {
      facts.set(values.name, fact(values.dtype, dims));
    }
    for (const input of graph.inputs) {
      if (!facts.has(input.name)) {
        facts.set(input.name, factOfValue(input));
      }
    }
    const described = new Map([...graph.values.values(), ...graph.outputs].map((v) => [v.name, v]));
    for (const node of topologicalOrder(graph.nodes).order) {
      const results = this.results(node, scope);
      for (const [index, name] of node.outputs.entries()) {
        const value = described.get(name);
        const inferred = this.bounded(results[index] ?? {});
        if (name !== '' && !facts.has(name)) {
          facts.set(name, value === undefined ? inferred : meet(inferred, factOfValue(value)));
        }
      }
    }
    return scope;
  }

  private results(node: Node, scope: Scope): InferredValue[] {
    const bodies = innerGraphs(node).map((body) => this.run(body, scope));
    if (node.domain === '' && node.opType === 'If') {
      return branchResults(node, bodies);
    }
    const held = heldBy(node);
    if (held !== undefined) {
      return [this.constantNode(held)];
    }
    const rules = RULES.get(node.domain);
    const rule =
      rules !== undefined && Object.hasOwn(rules, node.opType) ? rules[node.opType] : undefined;
    const call: Call = {
      node,
      opset: this.opsets.get(node.domain) ?? 0,
      inputs: node.inputs.map((name) => (name === '' ? undefined : (lookUp(name, scope) ?? {}))),
      constants: this.constants,
    };
    return [rule?.(call) ?? []].flat();
  }

  private constant(tensor: TensorRef): InferredValue {
    return factOfTensor(tensor, this.constants.get(tensor));
  }

  private constantNode({ tensor, dtype, dims, integers }: HeldConstant): InferredValue {
    if (tensor !== undefined) {
      return this.constant(tensor);
    }
    const areFollowed = integers !== undefined && integers.length <= SHAPE_LIMITS.elements;
    return fact(dtype, dims, areFollowed ? integers : undefined);
  }

  /** The fact, less what goes beyond the limits. */
  private bounded({ dtype, shape, elements }: InferredValue): InferredValue {
    this.spent += (shape?.length ?? 0) + (elements?.length ?? 0);
    const isKept = this.spent <= SHAPE_LIMITS.total && (shape?.length ?? 0) <= SHAPE_LIMITS.rank;
    const areKept = (elements?.length ?? 0) <= SHAPE_LIMITS.elements;
    return isKept ? fact(dtype, shape, areKept ? elements : undefined) : fact(dtype, undefined);
  }
}

function lookUp(value: string, scope: Scope | undefined): InferredValue | undefined {
  for (let at = scope; at !== undefined; at = at.outer) {
    const found = at.facts.get(value);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** What holds in both branches. */
function branchResults(node: Node, scopes: readonly Scope[]): InferredValue[] {
  const bodies = innerGraphs(node);
  const [one, other] = bodies.map(({ outputs }, index) =>
    outputs.map(({ name }) => lookUp(name, scopes[index]) ?? {}),
  );
  return (one ?? []).map((result, index) => either(result, other?.[index] ?? {}));
}
