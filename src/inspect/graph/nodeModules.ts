import { moduleName, modulesAround, type ModuleName } from '../../onnx/graph/modulePath';
import type { Node } from '../../onnx/graph/model';
import type { FlatGraph, FlatNode } from './flatGraph';

/** The modules around a node, the outermost first. */
export type ModulePath = readonly ModuleName[];

/** Modules inside modules. The most that models have is about ten. */
const DEEPEST = 32;

/**
 * The modules that nodes come from, node by node. A node that does not tell belongs to the innermost module
 * that holds all who read its results, which is where a tool that adds nodes has them from; where these have no
 * module in common, to that of all who make what it reads. Optimisers have one block compute what all blocks
 * need and none of them makes: such a node belongs to the module around the blocks.
 *
 * @param isFolded whether a node only serves shapes, node by node.
 */
export function nodeModules(
  { nodes, values }: FlatGraph,
  isFolded: readonly boolean[],
): ModulePath[] {
  const paths = nodes.map((node) => knownPath(node));
  const readers = values.map((): number[] => []);
  const makers = values.map((): number | undefined => undefined);
  nodes.forEach(({ inputs, outputs }, index) => {
    inputs.forEach((value) => value !== null && readers[value]?.push(index));
    outputs.forEach((value) => value !== null && (makers[value] = index));
  });
  const settle = (index: number, near: readonly number[]): void => {
    const { around } = nodes[index] ?? { around: [] };
    const common = commonPath(
      near.map((other) => paths[other]).filter((path) => path !== undefined),
    );
    if (common !== undefined && common.length > around.length && isInside(common, around)) {
      paths[index] = common;
    }
  };
  for (let index = nodes.length - 1; index >= 0; index--) {
    if (paths[index] === undefined) {
      settle(
        index,
        (nodes[index]?.outputs ?? []).flatMap((value) => readers[value ?? -1] ?? []),
      );
    }
  }
  nodes.forEach(({ inputs, around }, index) => {
    if (paths[index] === undefined) {
      settle(
        index,
        inputs.flatMap((value) => makers[value ?? -1] ?? []),
      );
    }
    paths[index] ??= around;
  });
  nodes.forEach(({ inputs, outputs }, index) => {
    const path = paths[index] ?? [];
    const block = path.findLastIndex(({ name }) => /^\d+$/.test(name));
    const isElsewhere = (other: number | undefined): boolean =>
      commonLength(paths[other ?? -1] ?? [], path) <= block;
    const makersHere = inputs.flatMap((value) => makers[value ?? -1] ?? []);
    const readersHere = outputs.flatMap((value) => readers[value ?? -1] ?? []);
    if (
      block >= 0 &&
      readersHere.some(isElsewhere) &&
      !readersHere.every(isElsewhere) &&
      makersHere.every((maker) => isFolded[maker] === true || isElsewhere(maker))
    ) {
      paths[index] = path.slice(0, block);
    }
  });
  return paths.map((path) => (path ?? []).slice(0, DEEPEST));
}

/** What a node tells of its modules, within those that it is inside of; undefined where it tells nothing. */
function knownPath({ node, around }: FlatNode): ModulePath | undefined {
  const told = modulesAround(node);
  return told === undefined ? undefined : [...around, ...withoutOperators(node, told)];
}

/** Less what ONNX Runtime adds to the path of a module. */
function withoutOperators(node: Node, told: ModulePath): ModulePath {
  const name = moduleName(node);
  const names = name === '' ? told.map((module) => module.name) : name.split('.');
  return names.map((each, index) => {
    const { name: own, type } = told[index] ?? {};
    return own === each && type !== undefined ? { name: each, type } : { name: each };
  });
}

/** The path that several have in common; undefined of none. */
function commonPath(paths: readonly ModulePath[]): ModulePath | undefined {
  const [first, ...others] = paths;
  if (first === undefined) {
    return undefined;
  }
  return others.reduce((common, path) => common.slice(0, commonLength(common, path)), first);
}

/** How many modules two paths have in common from their beginning. */
function commonLength(one: ModulePath, other: ModulePath): number {
  const end = one.findIndex(({ name }, index) => other[index]?.name !== name);
  return end < 0 ? one.length : end;
}

function isInside(path: ModulePath, around: ModulePath): boolean {
  return commonLength(around, path) === around.length;
}
