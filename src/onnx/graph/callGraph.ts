import type { Graph, ModelFunction, Node, OnnxModel } from './model';
import { operatorName } from './operators';
import { nodesWithin } from './walk';

/** What the functions of a file call, by {@link operatorName}. Of two with one name both count. */
export type CallGraph = ReadonlyMap<string, readonly string[]>;

/** Every operator in the body of each function, in inner graphs too, as often as it is there. */
export function callsOf(functions: readonly ModelFunction[]): CallGraph {
  const calls = new Map<string, string[]>();
  for (const { domain, name, nodes } of functions) {
    const id = operatorName({ domain, opType: name });
    const known = calls.get(id) ?? [];
    calls.set(id, known);
    for (const operator of operatorsIn(nodes)) {
      known.push(operator);
    }
  }
  return calls;
}

/**
 * Goes through functions, each behind those that it calls. Of a function that calls itself, by way
 * of others or not, it is told when the circle closes, and that call is left out.
 */
export function inCallOrder(
  calls: CallGraph,
  leave: (id: string) => void,
  closeCircle: (id: string) => void,
): void {
  const finished = new Set<string>();
  for (const start of calls.keys()) {
    const way = [{ id: start, next: 0 }];
    const onWay = new Set([start]);
    for (let last = way.at(-1); last !== undefined; last = way.at(-1)) {
      const called = calls.get(last.id)?.[last.next++];
      if (finished.has(last.id) || called === undefined) {
        if (!finished.has(last.id)) {
          finished.add(last.id);
          leave(last.id);
        }
        onWay.delete(last.id);
        way.pop();
      } else if (onWay.has(called)) {
        closeCircle(called);
      } else if (calls.has(called) && !finished.has(called)) {
        way.push({ id: called, next: 0 });
        onWay.add(called);
      }
    }
  }
}

/**
 * How many operations come out of the calls of functions, once each is replaced by what it stands
 * for, and that again: what ONNX Runtime does with a model before anything else.
 */
export function expandedNodes(graph: Graph, functions: readonly ModelFunction[]): number {
  return sizeOf(operatorsIn(graph.nodes), bodySizes(functions), 0);
}

/** How many operations ONNX Runtime has to load: those of the graph, of inner graphs and of calls. */
export function loadedNodes({ graph, functions }: Pick<OnnxModel, 'graph' | 'functions'>): number {
  return sizeOf(operatorsIn(graph.nodes), bodySizes(functions), 1);
}

/** How many operations the body of each function comes to. */
function bodySizes(functions: readonly ModelFunction[]): ReadonlyMap<string, number> {
  const calls = callsOf(functions);
  const sizes = new Map<string, number>();
  inCallOrder(
    calls,
    (id) => sizes.set(id, sizeOf(calls.get(id) ?? [], sizes, 1)),
    () => undefined,
  );
  return sizes;
}

/** What operators come to, with `each` for the operator itself. */
function sizeOf(
  operators: Iterable<string>,
  sizes: ReadonlyMap<string, number>,
  each: number,
): number {
  let size = 0;
  for (const operator of operators) {
    size += each + (sizes.get(operator) ?? 0);
  }
  return size;
}

function* operatorsIn(nodes: readonly Node[]): Generator<string> {
  for (const node of nodesWithin(nodes)) {
    yield operatorName(node);
  }
}
