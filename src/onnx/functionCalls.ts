import { Failure, phrase } from '../shared/failure';
import { MOST_LOADED_NODES } from './limits';
import type { Graph, ModelFunction, Node, OnnxModel } from './model';
import { innerGraphs } from './tensors';

/** What the functions of a file call, by {@link operatorId}. Of two with one name both count. */
export type CallGraph = ReadonlyMap<string, readonly string[]>;

/** An operator or a function, as a node names it. */
export function operatorId({ domain, opType }: Pick<Node, 'domain' | 'opType'>): string {
  return `${domain}.${opType}`;
}

/** Every operator in the body of each function, in inner graphs too, as often as it is there. */
export function callsOf(functions: readonly ModelFunction[]): CallGraph {
  const calls = new Map<string, string[]>();
  for (const { domain, name, nodes } of functions) {
    const id = operatorId({ domain, opType: name });
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
function loadedNodes({ graph, functions }: Pick<OnnxModel, 'graph' | 'functions'>): number {
  return sizeOf(operatorsIn(graph.nodes), bodySizes(functions), 1);
}

/**
 * How many operations ONNX Runtime has to load: those of the graph, of inner graphs and of calls.
 * @param file What to call the file in the message.
 * @throws Failure `unsupported` if the model has more than {@link MOST_LOADED_NODES} operations
 */
export function checkedNodes(model: Pick<OnnxModel, 'graph' | 'functions'>, file: string): number {
  const nodes = loadedNodes(model);
  if (nodes > MOST_LOADED_NODES) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'The model has {0} operations, and Headlight runs models of at most {1}',
        nodes,
        MOST_LOADED_NODES,
      ),
      where: file,
      todo: phrase('choose another model, or report that the limit is too low'),
    });
  }
  return nodes;
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
  for (const node of nodes) {
    yield operatorId(node);
    for (const graph of innerGraphs(node)) {
      yield* operatorsIn(graph.nodes);
    }
  }
}
