import { findAttentionTaps } from '../../onnx/attention/findAttention';
import { isFused } from '../../onnx/attention/fused/registry';
import { branchWhenFalse } from '../../onnx/attention/branches';
import type { GraphRole } from '../../onnx/attention/tap';
import { attentionsIn } from '../../onnx/attention/unfusedPattern';
import { branchBody } from '../../onnx/graph/attributes';
import { Dataflow } from '../../onnx/graph/dataflow';
import type { Graph, Node, OnnxModel } from '../../onnx/graph/model';
import { operatorName } from '../../onnx/graph/operators';
import { innerGraphs, nodesWithin } from '../../onnx/graph/walk';
import type { InferredShapes } from '../../onnx/shapes/inferShapes';
import { Failure } from '../../shared/failure';
import type { CostPolynomial, GraphCost, TensorCost } from '../../shared/modelCost';
import { givenInputs, isCache, isCrossCache, isKept, keptBehindRun, tensorCost } from './caches';
import { callOf, type Rules } from './call';
import { FUSED_ATTENTION } from './fusedAttention';
import { namedSizes } from './namedSizes';
import {
  isSame,
  polynomialOf,
  productIfKnown,
  replaced,
  sumOf,
  type NamedSizes,
} from './polynomial';
import { PRODUCTS } from './products';

const RULES: Rules = new Map([...PRODUCTS, ...FUSED_ATTENTION]);

/** Operators that multiply matrices in a way that is not counted. Attention of other names is one, too. */
const UNCOUNTED: ReadonlySet<string> = new Set([
  ...['LSTM', 'GRU', 'RNN', 'DeformConv', 'LinearAttention'],
  ...['LinearAttention', 'GatedDeltaNet', 'MoE', 'QMoE', 'DynamicQuantizeLSTM', 'AttnLSTM'].map(
    (opType) => operatorName({ domain: 'com.microsoft', opType }),
  ),
]);

/** What a model file is called in failures; none of those below reaches anybody. */
interface Place {
  file: string;
  /** What the graph is in its model, where that is known. */
  role?: GraphRole;
}

/**
 * What a graph takes to run, as polynomials over the sizes of a run. A merged decoder has two costs: of
 * the branch that starts, and of the one that goes on with a cache.
 *
 * Operations are those of matrix products and convolutions alone, as is usual (Kaplan et al. 2020,
 * "Scaling Laws for Neural Language Models", section 2.1); what is added, normalised or activated is a
 * small share of them. Time and memory are bounded by the size of the file.
 *
 * @param shapes what `inferShapes` says of the graph.
 */
export function graphCosts(
  model: OnnxModel,
  shapes: InferredShapes,
  { file, role = roleOf(model, file) }: Place,
): GraphCost[] {
  const { graph } = model;
  const names = namedSizes(graph, role === 'encoder');
  const component = role === 'encoder' || role === 'encoder-only' ? 'encoder' : 'decoder';
  const flow = new Dataflow(graph);
  const isMerged = graph.nodes.some((node) => branchWhenFalse(node, flow) !== undefined);
  const runs = isMerged ? (['prompt', 'step'] as const) : [runOf(graph)];
  const kept = keptBehindRun(graph, shapes, names);
  return runs.map((run): GraphCost => {
    const counter = new Counter(model, shapes, names, run === 'step');
    const { operations, attention, maps, uncounted } = counter.count(flow);
    // Nothing is cached before the first run, whatever the graph could take.
    const settled = (amount: CostPolynomial): CostPolynomial =>
      run === 'prompt' ? replaced(amount, 'past', []) : amount;
    const settledTensor = ({ elements, bytes }: TensorCost): TensorCost => ({
      elements: settled(elements),
      bytes: settled(bytes),
    });
    return {
      file,
      component,
      ...(run === undefined ? {} : { run }),
      operations: settled(operations),
      attentionOperations: settled(attention),
      ...(kept === undefined ? {} : { cache: settledTensor(kept) }),
      maps: eachOnce(maps.map(settledTensor)),
      uncounted,
    };
  });
}

/** Which runs a graph without branches is for: one that takes keys of a source had them made by another. */
function runOf(graph: Graph): GraphCost['run'] {
  const caches = givenInputs(graph).filter(isCache);
  if (caches.length === 0) {
    return graph.outputs.some(isKept) ? 'prompt' : undefined;
  }
  return caches.some(isCrossCache) ? 'step' : undefined;
}

/** What a graph is in its model, which nobody tells. */
function roleOf(model: OnnxModel, file: string): GraphRole {
  const { graph } = model;
  try {
    const sites = findAttentionTaps(model, file);
    if (sites.some(({ component }) => component === 'decoder')) {
      return sites.some(({ id }) => id.startsWith('decoder.')) ? 'decoder' : 'decoder-only';
    }
    return sites.some(({ id }) => id.startsWith('encoder.')) ? 'encoder' : 'encoder-only';
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw error;
    }
    const isCached = graph.inputs.some(isCache) || graph.outputs.some(isKept);
    return isCached ? 'decoder-only' : 'encoder-only';
  }
}

/** What was counted of a graph. */
interface Count {
  operations: CostPolynomial;
  attention: CostPolynomial;
  maps: TensorCost[];
  uncounted: number;
}

const NOTHING: Count = { operations: [], attention: [], maps: [], uncounted: 0 };

class Counter {
  private readonly functions: ReadonlyMap<string, readonly Node[]>;

  /** @param hasCache whether a merged decoder goes on with one. */
  constructor(
    private readonly model: OnnxModel,
    private readonly shapes: InferredShapes,
    private readonly names: NamedSizes,
    private readonly hasCache: boolean,
  ) {
    this.functions = new Map(
      model.functions.map(({ domain, name, nodes }) => [
        operatorName({ domain, opType: name }),
        nodes,
      ]),
    );
  }

  count(flow: Dataflow): Count {
    const attentive = new Set<Node>();
    const maps = this.unfusedMaps(flow, attentive);
    const parts = flow.graph.nodes.map((node) => this.countNode(node, flow, attentive));
    return together([{ ...NOTHING, maps }, ...parts]);
  }

  private countNode(node: Node, flow: Dataflow, attentive: ReadonlySet<Node>): Count {
    const called = this.functions.get(operatorName(node));
    const bodies = innerGraphs(node);
    if (called !== undefined) {
      return { ...NOTHING, uncounted: this.productsIn(called) };
    }
    if (bodies.length > 0) {
      return node.domain === '' && node.opType === 'If'
        ? this.countBranches(node, flow)
        : { ...NOTHING, uncounted: this.productsIn(bodies.flatMap(({ nodes }) => nodes)) };
    }
    const rule = RULES.get(operatorName(node));
    const work = rule?.(callOf(node, flow, this.shapes, this.names));
    if (work === undefined) {
      return { ...NOTHING, uncounted: Number(multiplies(node)) };
    }
    const { operations, attention = attentive.has(node) ? operations : [], map } = work;
    return { operations, attention, maps: map === undefined ? [] : [map], uncounted: 0 };
  }

  /** The branch that runs; where nobody can tell which one, what both have in common. */
  private countBranches(node: Node, flow: Dataflow): Count {
    const whenFalse = branchWhenFalse(node, flow);
    const [first, second] = (['then_branch', 'else_branch'] as const).map((branch) => {
      const body = branchBody(node, branch);
      const isTaken = whenFalse === undefined || (branch === whenFalse) !== this.hasCache;
      return body === undefined || !isTaken ? undefined : this.count(new Dataflow(body, flow));
    });
    if (first === undefined || second === undefined) {
      return first ?? second ?? NOTHING;
    }
    return isSame(first.operations, second.operations) && first.uncounted === second.uncounted
      ? first
      : {
          ...NOTHING,
          uncounted: this.productsIn(innerGraphs(node).flatMap(({ nodes }) => nodes)),
        };
  }

  private productsIn(nodes: readonly Node[]): number {
    return Array.from(nodesWithin(nodes)).filter(multiplies).length;
  }

  /** Attention of more than one operator: its maps; its products are noted. */
  private unfusedMaps(flow: Dataflow, attentive: Set<Node>): TensorCost[] {
    const opset = this.model.opsets.get('') ?? 0;
    return unfusedAttentions(flow, opset).flatMap(({ node, products, mixing, map }) => {
      const [probabilities = ''] = node.outputs;
      for (const value of products) {
        const product = flow.producer(value);
        if (product !== undefined) {
          attentive.add(product);
        }
      }
      if (mixing !== undefined) {
        attentive.add(mixing);
      }
      // What comes out of the Softmax may have a column more, for a sink.
      const elements = [...(map.kind === 'value' ? [map.value] : []), ...products, probabilities]
        .map((value) => this.elements(flow, value))
        .find((known) => known !== undefined);
      const dtype = this.shapes.typeOf(flow.graph, probabilities)?.dtype ?? 'float32';
      return tensorCost(elements, dtype) ?? [];
    });
  }

  private elements({ graph }: Dataflow, value: string): CostPolynomial | undefined {
    const sizes = this.shapes.sizesOf(graph, value);
    return sizes && productIfKnown(sizes.map((size) => polynomialOf(size, this.names)));
  }
}

/** None where heads and batch share an axis that the graph does not tell apart. */
function unfusedAttentions(flow: Dataflow, opset: number): ReturnType<typeof attentionsIn> {
  try {
    return attentionsIn(flow.graph, flow, opset, ({ name }) => name);
  } catch (error) {
    if (error instanceof Failure) {
      return [];
    }
    throw error;
  }
}

/** Whether an operator multiplies matrices. */
function multiplies(node: Node): boolean {
  const name = operatorName(node);
  return RULES.has(name) || UNCOUNTED.has(name) || isFused(node);
}

function together(counts: readonly Count[]): Count {
  return {
    operations: sumOf(counts.map(({ operations }) => operations)),
    attention: sumOf(counts.map(({ attention }) => attention)),
    maps: counts.flatMap(({ maps }) => maps),
    uncounted: counts.reduce((total, { uncounted }) => total + uncounted, 0),
  };
}

function eachOnce(maps: readonly TensorCost[]): TensorCost[] {
  return [...new Map(maps.map((map) => [JSON.stringify(map), map])).values()];
}
