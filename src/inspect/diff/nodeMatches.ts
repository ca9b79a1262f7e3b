import { operatorName } from '../../onnx/graph/operators';
import type { TensorRef } from '../../onnx/graph/model';
import type { FlatGraph, FlatNode } from '../graph/flatGraph';

/** Which nodes of two graphs are counterparts, by their indices. */
export interface NodeMatches {
  /** Of each node of A its counterpart in B. */
  ofA: readonly (number | undefined)[];
  ofB: readonly (number | undefined)[];
}

/**
 * Finds the counterparts of nodes. Those with the same name and operator are; from these, from inputs and
 * outputs of the graphs and from stored tensors it goes on along values to what has another name: what makes
 * them, and what reads them in the same place with the same operator.
 *
 * @param twinsOf the counterparts of a stored tensor of A.
 */
export function matchNodes(
  a: FlatGraph,
  b: FlatGraph,
  twinsOf: (a: TensorRef) => Iterable<TensorRef>,
): NodeMatches {
  return new Matching(new Side(a), new Side(b)).find(twinsOf);
}

/** A place where a node reads a value. */
interface Reading {
  node: number;
  input: number;
}

/** A graph, and where its values come from and go. */
class Side {
  readonly makers: (number | undefined)[];
  readonly readers: Reading[][];
  /** Counterparts of the nodes. */
  readonly found: (number | undefined)[];

  constructor(readonly graph: FlatGraph) {
    this.makers = graph.values.map(() => undefined);
    this.readers = graph.values.map(() => []);
    this.found = graph.nodes.map(() => undefined);
    graph.nodes.forEach(({ inputs, outputs }, node) => {
      inputs.forEach((value, input) => {
        if (value !== null) {
          this.readers[value]?.push({ node, input });
        }
      });
      outputs.forEach((value) => value !== null && (this.makers[value] = node));
    });
  }

  node(index: number): FlatNode {
    return this.graph.nodes[index] as FlatNode;
  }

  /** Nodes whose name no other one has, by that and the branch that they stand in. */
  named(): Map<string, number> {
    const named = new Map<string, number>();
    const repeated = new Set<string>();
    this.graph.nodes.forEach(({ node, around }, index) => {
      const key = `${around.map(({ name }) => name).join('/')}\n${node.name}`;
      if (node.name !== '') {
        if (named.has(key)) {
          repeated.add(key);
        }
        named.set(key, index);
      }
    });
    repeated.forEach((key) => named.delete(key));
    return named;
  }
}

class Matching {
  /** Values of both that are counterparts, and were not looked at yet. */
  private readonly open: { a: number; b: number }[] = [];
  private readonly seen = new Set<string>();

  constructor(
    private readonly a: Side,
    private readonly b: Side,
  ) {}

  find(twinsOf: (a: TensorRef) => Iterable<TensorRef>): NodeMatches {
    const named = this.b.named();
    for (const [key, node] of this.a.named()) {
      const other = named.get(key);
      if (other !== undefined && this.hasSameOperator(node, other)) {
        this.match(node, other);
      }
    }
    this.openByName(this.a.graph.inputs, this.b.graph.inputs);
    this.openByName(this.a.graph.outputs, this.b.graph.outputs);
    this.openTensors(twinsOf);
    for (let pair = this.open.pop(); pair !== undefined; pair = this.open.pop()) {
      this.follow(pair.a, pair.b);
    }
    return { ofA: this.a.found, ofB: this.b.found };
  }

  private match(a: number, b: number): void {
    this.a.found[a] = b;
    this.b.found[b] = a;
    const [one, other] = [this.a.node(a), this.b.node(b)];
    for (const end of ['inputs', 'outputs'] as const) {
      one[end].forEach((value, place) => {
        const counterpart = other[end][place];
        if (value !== null && counterpart !== null && counterpart !== undefined) {
          this.compare(value, counterpart);
        }
      });
    }
  }

  private compare(a: number, b: number): void {
    const key = `${a} ${b}`;
    if (!this.seen.has(key)) {
      this.seen.add(key);
      this.open.push({ a, b });
    }
  }

  private follow(a: number, b: number): void {
    const [one, other] = [this.a.makers[a], this.b.makers[b]];
    if (one !== undefined && other !== undefined && this.areAlike(one, other)) {
      const place = this.a.node(one).outputs.indexOf(a);
      if (place === this.b.node(other).outputs.indexOf(b)) {
        this.match(one, other);
      }
    }
    const left = this.unmatchedReaders(this.b, b);
    for (const [key, readers] of this.unmatchedReaders(this.a, a)) {
      const others = left.get(key) ?? [];
      // Several that read a value alike are told apart by their order, as long as there are as many.
      if (readers.length === others.length) {
        readers.forEach((node, index) => {
          const counterpart = others[index];
          if (counterpart !== undefined && this.areAlike(node, counterpart)) {
            this.match(node, counterpart);
          }
        });
      }
    }
  }

  /** Readers of a value without a counterpart, by their operator and the place where they read it. */
  private unmatchedReaders(side: Side, value: number): Map<string, number[]> {
    const found = new Map<string, number[]>();
    for (const { node, input } of side.readers[value] ?? []) {
      if (side.found[node] === undefined) {
        const key = `${input} ${operatorName(side.node(node).node)}`;
        found.set(key, [...(found.get(key) ?? []), node]);
      }
    }
    return found;
  }

  private areAlike(a: number, b: number): boolean {
    const isFree = this.a.found[a] === undefined && this.b.found[b] === undefined;
    return isFree && this.hasSameOperator(a, b);
  }

  private hasSameOperator(a: number, b: number): boolean {
    const [one, other] = [this.a.node(a), this.b.node(b)];
    return operatorName(one.node) === operatorName(other.node);
  }

  private openByName(a: readonly number[], b: readonly number[]): void {
    const named = new Map(b.map((value) => [this.b.graph.values[value]?.name, value]));
    for (const value of a) {
      const other = named.get(this.a.graph.values[value]?.name);
      if (other !== undefined) {
        this.compare(value, other);
      }
    }
  }

  private openTensors(twinsOf: (a: TensorRef) => Iterable<TensorRef>): void {
    const values = new Map<TensorRef, number>();
    this.b.graph.values.forEach(({ tensor }, value) => {
      if (tensor !== undefined) {
        values.set(tensor, value);
      }
    });
    this.a.graph.values.forEach(({ tensor }, value) => {
      for (const twin of tensor === undefined ? [] : twinsOf(tensor)) {
        const other = values.get(twin);
        if (other !== undefined) {
          this.compare(value, other);
        }
      }
    });
  }
}
