import type { AttentionLayer } from '../../onnx/attention/findAttention';
import type { Node, OnnxModel } from '../../onnx/graph/model';
import { operatorName } from '../../onnx/graph/operators';
import type { StoredWeights } from '../../onnx/outline/storedWeights';
import type { Weight } from '../../onnx/outline/weightUses';
import type { InferredShapes } from '../../onnx/shapes/inferShapes';
import type { GraphModule, GraphNode, GraphValue, ModuleGraph } from '../../shared/moduleGraph';
import { equalBlocks } from './equalBlocks';
import { flatGraph, type FlatValue } from './flatGraph';
import { foldedNodes } from './foldedNodes';
import { moduleTree, type ModuleTree } from './moduleTree';
import { nodeModules } from './nodeModules';

/** A graph, and what is known of it. */
export interface GraphParts {
  /** Path of the model file. */
  file: string;
  model: OnnxModel;
  shapes: InferredShapes;
  weights: StoredWeights;
  layers: readonly Pick<AttentionLayer, 'id' | 'attention'>[];
}

/** The graph of a model file by the modules that its nodes come from. */
export function moduleGraph({ file, model, shapes, weights, layers }: GraphParts): ModuleGraph {
  const flat = flatGraph(model);
  const isFolded = foldedNodes(flat);
  const tree = moduleTree(nodeModules(flat, isFolded));
  const values = flat.values.map((value) => graphValue(value, shapes));
  const read = parametersOf(weights);
  const equal = equalBlocks(flat, values, tree, isFolded);
  const sites = new Map(layers.map(({ id, attention }) => [attention.node, id]));
  const nodes = flat.nodes.map(({ node, inputs, outputs }, index): GraphNode => {
    const site = sites.get(node);
    const parameters = sumOf(read.get(node) ?? []);
    return {
      name: node.name,
      operator: operatorName(node),
      module: tree.moduleOf[index] ?? 0,
      inputs,
      outputs,
      ...(isFolded[index] === true ? { isFolded: true } : {}),
      ...(site === undefined ? {} : { site }),
      ...(parameters === 0 ? {} : { parameters }),
    };
  });
  const counts = countModules(
    tree,
    flat.nodes.map(({ node }) => read.get(node) ?? []),
  );
  return {
    file,
    modules: tree.modules.map((module, index): GraphModule => {
      const equalTo = equal[index];
      return {
        ...module,
        ...(counts[index] ?? { nodes: 0, parameters: 0 }),
        ...(equalTo === undefined ? {} : { equalTo }),
      };
    }),
    nodes,
    values,
    inputs: flat.inputs,
    outputs: flat.outputs,
    ...(flat.circular === undefined ? {} : { circular: flat.circular }),
  };
}

function graphValue({ name, graph, tensor }: FlatValue, shapes: InferredShapes): GraphValue {
  const { dtype, shape } =
    tensor === undefined
      ? (shapes.typeOf(graph, name) ?? {})
      : { dtype: tensor.dtype, shape: tensor.dims };
  return {
    name,
    ...(dtype === undefined ? {} : { dtype }),
    ...(shape === undefined ? {} : { shape }),
    ...(tensor === undefined ? {} : { tensor: { name: tensor.name } }),
  };
}

/** The parameters that nodes read, directly or through what prepares them; what is stored twice is one. */
function parametersOf({ weights, constants, copies }: StoredWeights): Map<Node, Weight[]> {
  const read = new Map<Node, Weight[]>();
  for (const weight of weights) {
    if (constants.has(weight) || weight.partOf !== undefined) {
      continue;
    }
    for (const { node } of weight.uses) {
      const known = read.get(node) ?? [];
      read.set(node, known);
      known.push(copies.get(weight) ?? weight);
    }
  }
  return read;
}

function sumOf(weights: Iterable<Weight>): number {
  return [...new Set(weights)].reduce((sum, { parameters }) => sum + parameters, 0);
}

/** Nodes of each module and those inside, and their parameters, each once. */
function countModules(
  { modules, moduleOf }: ModuleTree,
  read: readonly (readonly Weight[])[],
): Pick<GraphModule, 'nodes' | 'parameters'>[] {
  const counts = modules.map(() => ({ nodes: 0, weights: new Set<Weight>() }));
  moduleOf.forEach((module, node) => {
    for (let at: number | undefined = module; at !== undefined; at = modules[at]?.parent) {
      const count = counts[at];
      if (count !== undefined) {
        count.nodes += 1;
        read[node]?.forEach((weight) => count.weights.add(weight));
      }
    }
  });
  return counts.map(({ nodes, weights }) => ({ nodes, parameters: sumOf(weights) }));
}
