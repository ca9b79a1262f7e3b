import type { TensorRef } from '../../onnx/graph/model';
import { operatorName } from '../../onnx/graph/operators';
import type { DiffedNode, NodeChange, NodesDiff } from '../../shared/modelDiff';
import { attributeText } from '../graph/attributeText';
import type { FlatGraph, FlatNode } from '../graph/flatGraph';
import type { ComparedGraph, MatchedGraphs } from './graphParts';
import { sameAttribute } from './sameAttribute';
import type { TensorPairs } from './tensorPairs';

/** Nodes that are told of each kind. */
const MOST_TOLD = 1000;

/**
 * How the nodes of two graphs differ: those without a counterpart, and those whose attributes or inputs are
 * not those of their counterpart.
 */
export function nodesDiff(
  matched: MatchedGraphs,
  tensors: TensorPairs,
  areEqual: (a: TensorRef, b: TensorRef) => boolean,
): NodesDiff {
  const { a, b, matches } = matched;
  const inputs = new InputComparison(matched, tensors);
  const changed: NodeChange[] = [];
  let [same, renamed] = [0, 0];
  a.flat.nodes.forEach((node, index) => {
    const twin = b.flat.nodes[matches.ofA[index] ?? -1];
    if (twin === undefined) {
      return;
    }
    const attributes = attributeChanges(node, twin, areEqual);
    const moved = inputs.changed(node, twin);
    if (attributes.length > 0 || moved.length > 0) {
      changed.push({ a: diffedNode(node), b: diffedNode(twin), attributes, inputs: moved });
    } else {
      same += 1;
      renamed += Number(node.node.name !== twin.node.name);
    }
  });
  const onlyInA = withoutTwin(a, matches.ofA);
  const onlyInB = withoutTwin(b, matches.ofB);
  return {
    same,
    renamed,
    changed: changed.slice(0, MOST_TOLD),
    onlyInA: onlyInA.slice(0, MOST_TOLD),
    onlyInB: onlyInB.slice(0, MOST_TOLD),
    counts: { changed: changed.length, onlyInA: onlyInA.length, onlyInB: onlyInB.length },
  };
}

/** Nodes that compute something first, then constants and what prepares weights. */
function withoutTwin(
  { flat: { nodes }, isFolded }: ComparedGraph,
  twins: readonly (number | undefined)[],
): DiffedNode[] {
  const alone = nodes
    .map((node, index) => ({ node, index }))
    .filter(({ index }) => twins[index] === undefined);
  const [folded, computing] = [true, false].map((wanted) =>
    alone.filter(({ index }) => isFolded[index] === wanted),
  );
  return [...(computing ?? []), ...(folded ?? [])].map(({ node }) => diffedNode(node));
}

function diffedNode({ node }: FlatNode): DiffedNode {
  return { name: node.name, operator: operatorName(node) };
}

function attributeChanges(
  { node: a }: FlatNode,
  { node: b }: FlatNode,
  areEqual: (a: TensorRef, b: TensorRef) => boolean,
): NodeChange['attributes'] {
  const names = new Set([...a.attributes.keys(), ...b.attributes.keys()]);
  return [...names].flatMap((name) => {
    const [one, other] = [a.attributes.get(name), b.attributes.get(name)];
    const isSame = one !== undefined && other !== undefined && sameAttribute(one, other, areEqual);
    return isSame
      ? []
      : [
          {
            name,
            ...(one === undefined ? {} : { a: attributeText(one) }),
            ...(other === undefined ? {} : { b: attributeText(other) }),
          },
        ];
  });
}

/** Where a value comes from. */
type Origin =
  | { kind: 'none' }
  | { kind: 'stored'; tensor: TensorRef }
  | { kind: 'given'; name: string }
  | { kind: 'made'; node: number; output: number };

/** Tells whether nodes that are counterparts read what are counterparts, too. */
class InputComparison {
  private readonly makers: Record<'a' | 'b', Map<number, { node: number; output: number }>>;

  constructor(
    private readonly matched: MatchedGraphs,
    private readonly tensors: TensorPairs,
  ) {
    this.makers = { a: makersIn(matched.a.flat), b: makersIn(matched.b.flat) };
  }

  /** The places of the inputs that come from somewhere else. */
  changed(a: FlatNode, b: FlatNode): number[] {
    const count = Math.max(a.inputs.length, b.inputs.length);
    return Array.from({ length: count }, (_, place) => place).filter((place) => {
      const one = this.origin('a', a.inputs[place] ?? null);
      const other = this.origin('b', b.inputs[place] ?? null);
      return !this.isSame(one, other);
    });
  }

  private origin(side: 'a' | 'b', value: number | null): Origin {
    const found = this.matched[side].flat.values[value ?? -1];
    if (value === null || found === undefined) {
      return { kind: 'none' };
    }
    const maker = this.makers[side].get(value);
    if (maker !== undefined) {
      return { kind: 'made', ...maker };
    }
    return found.tensor === undefined
      ? { kind: 'given', name: found.name }
      : { kind: 'stored', tensor: found.tensor };
  }

  /**
   * A node without a counterpart is told itself, so that what reads its result is not told on top. What tensors
   * hold is told of them.
   */
  private isSame(a: Origin, b: Origin): boolean {
    const { ofA, ofB } = this.matched.matches;
    if (a.kind === 'made' && b.kind === 'made') {
      const [twin, counterpart] = [ofA[a.node], ofB[b.node]];
      return twin === undefined || counterpart === undefined
        ? true
        : twin === b.node && a.output === b.output;
    }
    if (a.kind === 'made') {
      return ofA[a.node] === undefined && b.kind !== 'none';
    }
    if (b.kind === 'made') {
      return ofB[b.node] === undefined && a.kind !== 'none';
    }
    if (a.kind === 'stored' && b.kind === 'stored') {
      return this.tensors.areCounterparts(a.tensor, b.tensor);
    }
    return a.kind === b.kind && (a.kind !== 'given' || b.kind !== 'given' || a.name === b.name);
  }
}

function makersIn({ nodes }: FlatGraph): Map<number, { node: number; output: number }> {
  const makers = new Map<number, { node: number; output: number }>();
  nodes.forEach(({ outputs }, node) => {
    outputs.forEach((value, output) => {
      if (value !== null) {
        makers.set(value, { node, output });
      }
    });
  });
  return makers;
}
