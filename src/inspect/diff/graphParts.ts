import type { Attribute, OnnxModel, TensorRef } from '../../onnx/graph/model';
import { flatGraph, type FlatGraph } from '../graph/flatGraph';
import { foldedNodes } from '../graph/foldedNodes';
import { nodeModules } from '../graph/nodeModules';
import { matchNodes, type NodeMatches } from './nodeMatches';
import { tensorsToCompare } from './sameAttribute';
import type { TensorPairs } from './tensorPairs';

/** A graph that is compared. */
export interface ComparedGraph {
  file: string;
  model: OnnxModel;
  flat: FlatGraph;
  isFolded: readonly boolean[];
}

/** Two graphs whose nodes are paired. */
export interface MatchedGraphs {
  a: ComparedGraph;
  b: ComparedGraph;
  matches: NodeMatches;
}

/** Pairs the nodes of two graphs, and by these the tensors that names did not pair. */
export function matchGraphs(
  a: { file: string; model: OnnxModel },
  b: { file: string; model: OnnxModel },
  tensors: TensorPairs,
): MatchedGraphs {
  const [one, other] = [comparedGraph(a), comparedGraph(b)];
  const matches = matchNodes(one.flat, other.flat, (tensor) => tensors.twinsOf(tensor));
  const matched = { a: one, b: other, matches };
  for (const [node, twin] of pairedNodes(matched)) {
    node.inputs.forEach((value, input) => {
      const tensor = one.flat.values[value ?? -1]?.tensor;
      const counterpart = other.flat.values[twin.inputs[input] ?? -1]?.tensor;
      if (tensor !== undefined && counterpart !== undefined) {
        tensors.addByUse(tensor, counterpart);
      }
    });
  }
  return matched;
}

/** Tensors in attributes of nodes that are counterparts, whose elements tell whether these are the same. */
export function attributeTensors(matched: MatchedGraphs): [TensorRef, TensorRef][] {
  return pairedNodes(matched).flatMap(([node, twin]) =>
    Array.from(node.node.attributes).flatMap(([name, attribute]) => {
      const other: Attribute | undefined = twin.node.attributes.get(name);
      return other === undefined ? [] : tensorsToCompare(attribute, other);
    }),
  );
}

type FlatNode = FlatGraph['nodes'][number];

/** Nodes of A with their counterparts. */
function pairedNodes({ a, b, matches }: MatchedGraphs): [FlatNode, FlatNode][] {
  return a.flat.nodes.flatMap((node, index): [FlatNode, FlatNode][] => {
    const twin = b.flat.nodes[matches.ofA[index] ?? -1];
    return twin === undefined ? [] : [[node, twin]];
  });
}

function comparedGraph({ file, model }: { file: string; model: OnnxModel }): ComparedGraph {
  const flat = flatGraph(model);
  return { file, model, flat, isFolded: foldedNodes(flat) };
}

/** Full names of the modules that nodes come from, those around others included. */
export function modulePaths({ flat, isFolded }: ComparedGraph): Set<string> {
  const paths = new Set<string>();
  for (const path of nodeModules(flat, isFolded)) {
    path.forEach((_, depth) =>
      paths.add(
        path
          .slice(0, depth + 1)
          .map(({ name }) => name)
          .join('.'),
      ),
    );
  }
  return paths;
}
