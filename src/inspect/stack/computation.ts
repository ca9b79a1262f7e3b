import { heldBy } from '../../onnx/graph/constantNode';
import { operands } from '../../onnx/graph/dataflow';
import type { Dimension, Graph, Node, OnnxModel, TensorRef } from '../../onnx/graph/model';
import { topologicalOrder } from '../../onnx/graph/topologicalOrder';
import { innerGraphs } from '../../onnx/graph/walk';
import type { Weight } from '../../onnx/outline/weightUses';
import type { InferredShapes } from '../../onnx/shapes/inferShapes';
import { intoSteps, type NodeStep } from './steps';

/** One operation, at its place in the order of computation. */
export interface Step extends NodeStep {
  index: number;
  /** Weights that it uses. */
  weights: readonly Weight[];
}

/** A place where a value is used. */
export interface StepUse {
  step: Step;
  input: number;
}

/** Operators whose first result is, but for its type and rounding, what they take first. */
const SAME_VALUE: ReadonlySet<string> = new Set([
  ...['Identity', 'Cast', 'CastLike', 'Dropout'],
  ...['QuantizeLinear', 'DequantizeLinear', 'DynamicQuantizeLinear'],
]);

/** Operators whose result depends on the size of what they take, and not on what is in it. */
const SIZES: ReadonlySet<string> = new Set(['Shape', 'Size']);

/** Steps looked at in one file, so that a file made to be slow is not. */
const SEARCH_STEPS = 2 ** 22;

/**
 * What a graph computes, in the order of computation, as one list: branches that hold attention are
 * written out in place of their `If`, operators that are several at once are taken apart, and values that
 * differ in nothing but type or rounding go by the name of the first of them, so that casts and
 * quantisation are not seen.
 */
export class Computation {
  readonly steps: readonly Step[];
  private readonly made = new Map<string, Step>();
  private readonly taken = new Map<string, StepUse[]>();
  private readonly ofNode = new Map<Node, Step>();
  private readonly aliases = new Map<string, string>();
  /** The graph that a value is described in. */
  private readonly homes = new Map<string, Graph>();
  private readonly tensors = new Map<string, TensorRef>();
  private readonly fixed = new Set<string>();
  /** Values that are matrices chosen from stacks of them, as experts are. */
  private readonly chosen = new Set<string>();
  /** Scales of dynamic quantisation. */
  private readonly scales = new Set<string>();
  private readonly byTensor: ReadonlyMap<string, Weight>;
  private stepsLeft = SEARCH_STEPS;

  /**
   * @param branches bodies of `If` that are taken, by the node.
   * @param weights the weights of the model.
   */
  constructor(
    private readonly model: OnnxModel,
    private readonly shapes: InferredShapes,
    branches: ReadonlyMap<Node, Graph>,
    weights: readonly Weight[],
  ) {
    this.byTensor = new Map(weights.map((weight) => [weight.tensor.name, weight]));
    const used = weightsByUse(weights);
    const steps: Step[] = [];
    const add = (node: Node, graph: Graph): void => {
      for (const { operator, inputs, outputs, operands } of intoSteps(node)) {
        const own = used.get(node);
        const index = steps.length;
        const step: Step = {
          operator,
          node,
          index,
          inputs: [...inputs, ...captured(node)].map((name) => this.settled(name)),
          outputs,
          operands,
          weights: operands.flatMap((number) => own?.get(number) ?? []),
        };
        for (const output of outputs) {
          this.homes.set(output, graph);
        }
        if (!this.settle(step)) {
          steps.push(step);
          this.ofNode.set(node, step);
          outputs.forEach((output) => this.made.set(output, step));
          step.inputs.forEach((value, input) => this.noteUse(value, { step, input }));
        }
      }
    };
    const addGraph = (graph: Graph): void => {
      this.readTensors(graph);
      for (const node of topologicalOrder(graph.nodes).order) {
        const body = branches.get(node);
        if (body === undefined) {
          add(node, graph);
          continue;
        }
        addGraph(body);
        node.outputs.forEach((output, index) => {
          const inner = body.outputs[index]?.name;
          if (output !== '' && inner !== undefined) {
            this.aliases.set(output, this.settled(inner));
            this.homes.set(output, graph);
          }
        });
      }
    };
    addGraph(model.graph);
    this.steps = steps;
  }

  /** The name that a value goes by here. */
  settled(value: string): string {
    return this.aliases.get(value) ?? value;
  }

  producer(value: string | undefined): Step | undefined {
    return value === undefined ? undefined : this.made.get(value);
  }

  /** Where a value is used, in the order of computation. */
  uses(value: string): readonly StepUse[] {
    return this.taken.get(value) ?? [];
  }

  /** The step of a node; of one that is taken apart the last. */
  stepOf(node: Node): Step | undefined {
    return this.ofNode.get(node);
  }

  /** Whether a value is made of weights and constants alone. */
  isFixed(value: string): boolean {
    return this.fixed.has(value);
  }

  /** Whether a value is a matrix, or several, chosen from a stack of weights, as those of experts are. */
  isChosenWeight(value: string): boolean {
    return this.chosen.has(value);
  }

  /** Whether a value is an input of the model. */
  isInput(value: string): boolean {
    return (
      !this.made.has(value) &&
      !this.fixed.has(value) &&
      this.model.graph.inputs.some(({ name }) => name === value)
    );
  }

  /** What is stored under a name: an initializer, or what a `Constant` holds. */
  tensor(value: string): TensorRef | undefined {
    return this.tensors.get(value);
  }

  /** The weight of a name, if it is stored under it. */
  weight(value: string): Weight | undefined {
    return this.byTensor.get(this.tensors.get(value)?.name ?? '');
  }

  /** Names of the values that the model gives out. */
  outputs(): { name: string; value: string }[] {
    return this.model.graph.outputs.map(({ name }) => ({ name, value: this.settled(name) }));
  }

  shape(value: string): readonly Dimension[] | undefined {
    const tensor = this.tensors.get(value);
    if (tensor !== undefined) {
      return tensor.dims;
    }
    return this.shapes.typeOf(this.homes.get(value) ?? this.model.graph, value)?.shape;
  }

  /** The last size of a value, if it is known as a number. */
  width(value: string): number | undefined {
    const size = this.shape(value)?.at(-1);
    return typeof size === 'number' ? size : undefined;
  }

  /** Operands of a step that are computed, each once. */
  computed(step: Step): string[] {
    return [...new Set(step.inputs)].filter((value) => value !== '' && !this.isFixed(value));
  }

  /**
   * The steps by which one value becomes another: those that depend on `from` and that `to` depends on, in
   * the order of computation. Empty if `to` does not depend on what is in `from`.
   */
  between(from: string, to: string): readonly Step[] {
    const after = this.made.get(from)?.index ?? -1;
    const collected = new Set<Step>();
    const waiting = [to];
    for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
      const step = value === from ? undefined : this.made.get(value);
      if (step === undefined || step.index <= after || collected.has(step)) {
        continue;
      }
      if (this.stepsLeft-- <= 0) {
        return [];
      }
      collected.add(step);
      for (const input of step.inputs) {
        waiting.push(input);
      }
    }
    const depends = new Set([from]);
    const found = [...collected]
      .sort((a, b) => a.index - b.index)
      .filter((step) => {
        const isFound = !SIZES.has(step.operator) && step.inputs.some((each) => depends.has(each));
        step.outputs.forEach((output) => isFound && depends.add(output));
        return isFound;
      });
    return depends.has(to) ? found : [];
  }

  /** All steps that a value comes from, except by way of `barrier`. */
  before(value: string, barrier: ReadonlySet<string>): ReadonlySet<Step> {
    const found = new Set<Step>();
    const waiting = [value];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const step = barrier.has(next) ? undefined : this.made.get(next);
      if (step === undefined || found.has(step) || this.stepsLeft-- <= 0) {
        continue;
      }
      found.add(step);
      if (!SIZES.has(step.operator)) {
        step.inputs.forEach((input) => waiting.push(input));
      }
    }
    return found;
  }

  /** Whether one of some steps takes what is in one of some values, and not only their sizes. */
  take(steps: Iterable<Step>, values: ReadonlySet<string>): boolean {
    return [...steps].some(
      ({ operator, inputs }) => !SIZES.has(operator) && inputs.some((input) => values.has(input)),
    );
  }

  private readTensors(graph: Graph): void {
    for (const tensor of graph.initializers) {
      this.tensors.set(tensor.name, tensor);
      this.fixed.add(tensor.name);
    }
    for (const { values } of graph.sparseInitializers) {
      this.fixed.add(values.name);
    }
    for (const { name } of graph.inputs) {
      this.homes.set(name, graph);
    }
  }

  private noteChoice(operator: string, first: string, result: string): void {
    const isOfStack =
      CHOOSING.has(operator) && this.fixed.has(first) && this.shape(first)?.length === STACK_RANK;
    if (isOfStack || (this.chosen.has(first) && TURNING.has(operator))) {
      this.chosen.add(result);
    }
  }

  private noteUse(value: string, use: StepUse): void {
    const known = this.taken.get(value);
    if (known === undefined) {
      this.taken.set(value, [use]);
    } else {
      known.push(use);
    }
  }

  /** Notes what a step's results are; answers whether it needs no place of its own. */
  private settle({ operator, inputs, outputs, node }: Step): boolean {
    const [result = ''] = outputs;
    const [first = ''] = inputs;
    const held = heldBy(node);
    if (held !== undefined) {
      if (held.tensor !== undefined) {
        this.tensors.set(result, held.tensor);
      }
      this.fixed.add(result);
      return true;
    }
    if (inputs.length > 0 && inputs.every((value) => value === '' || this.fixed.has(value))) {
      outputs.forEach((output) => this.fixed.add(output));
    }
    if (!this.fixed.has(result)) {
      this.noteChoice(operator, first, result);
    }
    if (SAME_VALUE.has(operator) && first !== '') {
      this.aliases.set(result, first);
      outputs.slice(1).forEach((output) => this.scales.add(output));
      return true;
    }
    const scale = operator === 'Mul' ? inputs.find((value) => this.scales.has(value)) : undefined;
    const scaled = inputs.find((value) => value !== scale);
    if (scale === undefined || scaled === undefined) {
      return false;
    }
    if (this.fixed.has(scaled)) {
      this.scales.add(result);
    } else {
      this.aliases.set(result, scaled);
    }
    return true;
  }
}

/** Operators that choose some of a stack of matrices, and those that turn what is chosen. */
const CHOOSING: ReadonlySet<string> = new Set(['Gather', 'GatherND', 'Slice', 'GatherElements']);
const TURNING: ReadonlySet<string> = new Set([
  ...['Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Split', 'Expand'],
]);

/** Dimensions of a stack of matrices. */
const STACK_RANK = 3;

function captured(node: Node): string[] {
  return innerGraphs(node).length === 0 ? [] : operands(node).slice(node.inputs.length);
}

function weightsByUse(weights: readonly Weight[]): Map<Node, Map<number, Weight[]>> {
  const found = new Map<Node, Map<number, Weight[]>>();
  for (const weight of weights) {
    for (const { node, input } of weight.uses) {
      const inputs = found.get(node) ?? new Map<number, Weight[]>();
      found.set(node, inputs);
      inputs.set(input, [...(inputs.get(input) ?? []), weight]);
    }
  }
  return found;
}
