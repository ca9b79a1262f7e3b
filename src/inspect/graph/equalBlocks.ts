import { operatorName } from '../../onnx/graph/operators';
import type { GraphValue } from '../../shared/moduleGraph';
import { attributeText } from './attributeText';
import type { FlatGraph, FlatNode } from './flatGraph';
import type { ModuleTree } from './moduleTree';

/** Items of a list of blocks: `3`, `layer_3`. What ends in a number otherwise, as `fc1` does, is no block. */
const NUMBERED = /^(\d+|(block|layer)s?[ _]?\d+)$/i;

/**
 * For each module the first one beside it that computes the same, of modules that are numbered, as the layers
 * of a model are; absent for others and for the first. Modules are the same if their nodes are, one by one:
 * operators, attributes, the places that they take values from, and types and shapes of their results. Stored
 * tensors count by type and shape, not by their numbers; folded nodes do not count, for one block may compute a
 * shape that the others use, too.
 */
export function equalBlocks(
  { nodes }: FlatGraph,
  values: readonly GraphValue[],
  { modules, moduleOf }: ModuleTree,
  isFolded: readonly boolean[],
): (number | undefined)[] {
  const inside = new Map<number, number[]>();
  const isNumbered = modules.map(({ name }) => NUMBERED.test(name));
  const isComputed = values.map(({ tensor }) => tensor === undefined);
  nodes.forEach(({ outputs }, node) => {
    outputs.forEach((value) => value !== null && (isComputed[value] &&= isFolded[node] !== true));
  });
  moduleOf.forEach((module, node) => {
    if (isFolded[node] === true) {
      return;
    }
    for (let at: number | undefined = module; at !== undefined; at = modules[at]?.parent) {
      if (isNumbered[at] === true) {
        const members = inside.get(at);
        if (members === undefined) {
          inside.set(at, [node]);
        } else {
          members.push(node);
        }
      }
    }
  });
  const firsts = new Map<string, number>();
  return modules.map(({ name, parent }, module) => {
    const members = inside.get(module);
    if (members === undefined) {
      return undefined;
    }
    const kin = `${parent} ${name.replace(/\d+$/, '')}`;
    const text = describe(members, nodes, values, isComputed, (node) => pathWithin(node, module));
    const key = `${kin}\n${text}`;
    const first = firsts.get(key);
    if (first === undefined) {
      firsts.set(key, module);
    }
    return first;
  });

  function pathWithin(node: number, module: number): string {
    const names: string[] = [];
    let at = moduleOf[node];
    while (at !== undefined && at !== module) {
      names.unshift(modules[at]?.name ?? '');
      at = modules[at]?.parent;
    }
    return names.join('.');
  }
}

/** Nodes of a module as a text that is the same for modules that compute the same. */
function describe(
  members: readonly number[],
  nodes: readonly FlatNode[],
  values: readonly GraphValue[],
  isComputed: readonly boolean[],
  pathOf: (node: number) => string,
): string {
  /** Values made inside by their place, and those from outside by the order in which they come. */
  const names = new Map<number, string>();
  members.forEach((member, place) => {
    nodes[member]?.outputs.forEach((value, output) => {
      if (value !== null) {
        names.set(value, `${place}.${output}`);
      }
    });
  });
  let outside = 0;
  const nameOf = (value: number | null): string => {
    if (value === null) {
      return '-';
    }
    const known = names.get(value);
    if (known !== undefined) {
      return known;
    }
    const name = isComputed[value] === true ? `x${outside++}` : typeText(values[value]);
    names.set(value, name);
    return name;
  };
  return members
    .map((member) => {
      const flat = nodes[member];
      if (flat === undefined) {
        return '';
      }
      const { node, inputs, outputs } = flat;
      const attributes = Array.from(
        node.attributes,
        ([name, attribute]) => `${name}=${attributeText(attribute)}`,
      ).sort();
      return [
        pathOf(member),
        operatorName(node),
        attributes.join(),
        inputs.map(nameOf).join(),
        outputs.map((value) => (value === null ? '-' : typeText(values[value]))).join(),
      ].join('|');
    })
    .join('\n');
}

function typeText(value: GraphValue | undefined): string {
  return `${value?.dtype ?? '?'} ${value?.shape?.map(String).join('×') ?? '?'}`;
}
