import { dimsOf } from './parameters';
import type { BoundParameter, BoundWeights } from './parameters';
import { OUTPUT, TIED } from './ties';

/** A parameter of a state dict, and the tensor of an ONNX file that stands for it. */
export interface NameMatch {
  parameter: BoundParameter;
  /** `tied`: the file stores it under the name of a parameter that is tied to it. */
  how: 'named' | 'tied';
}

/** How the names of an ONNX file and those of a state dict go together. */
export interface NameMatches {
  /** By the names of the state dict. */
  matches: ReadonlyMap<string, NameMatch>;
  /** Names of the state dict that the file has nothing for. */
  missing: string[];
  /** Names of the file that the state dict lacks: buffers, and parameters tied to others. */
  extra: string[];
  /** By the names of the state dict: parameters that have such a name, and another shape. */
  otherShapes: ReadonlyMap<string, BoundParameter>;
}

/** A step from the names of a file to those of a state dict. */
interface Root {
  /** Put before the names of the file. */
  added: string;
  /** Taken from them first. */
  removed: string;
  votes: number;
}

/**
 * Finds for each parameter of a state dict the one of an ONNX file, by name and shape. All names of
 * the file may lack the same modules in front, or have some more: exported was a module within the
 * model, or one around it.
 *
 * @param shapes Shapes by name, as in `model.safetensors`.
 * @param part Which half of an encoder–decoder model the file is. Needed where both halves have the
 *   same layers and the file's names do not tell.
 */
export function matchNames(
  { parameters, unbound }: BoundWeights,
  shapes: ReadonlyMap<string, readonly number[]>,
  part?: 'encoder' | 'decoder',
): NameMatches {
  // Names of tensors can begin at another module than those made of the nodes that use them.
  const rootOf = (from: BoundParameter['from']): Root =>
    commonRoot(
      [...parameters.values()].filter((each) => each.from === from),
      shapes,
      part,
    );
  const roots = { name: rootOf('name'), use: rootOf('use') };
  const matches = new Map<string, NameMatch>();
  const matched = new Set<BoundParameter>();
  const add = (name: string, parameter: BoundParameter, how: NameMatch['how']): void => {
    matches.set(name, { parameter, how });
    matched.add(parameter);
  };
  const namesOf = ({ name, from }: BoundParameter): (string | undefined)[] => [
    renamed(name, roots[from]),
    name,
  ];
  for (const parameter of parameters.values()) {
    const names = namesOf(parameter);
    const name = names.find((each) => each !== undefined && fits(parameter, shapes.get(each)));
    if (name !== undefined && !matches.has(name)) {
      add(name, parameter, 'named');
    }
  }
  // No output layer is tied that may have a tensor of its own, which has lost its name.
  const nameless = new Set(unbound.map((stored) => sortedShape(dimsOf(stored))));
  for (const tied of TIED) {
    const alike = new Map<string, BoundParameter>();
    for (const parameter of parameters.values()) {
      const shape = String(parameter.dims);
      const isFree = !matched.has(parameter) || !alike.has(shape);
      if (isFree && tied.test(parameter.name)) {
        alike.set(shape, parameter);
      }
    }
    for (const [name, shape] of shapes) {
      const parameter = alike.get(String(shape));
      const mayBeThere = OUTPUT.test(name) && nameless.has(sortedShape(shape));
      const isFree = !matches.has(name) && !mayBeThere;
      if (isFree && tied.test(name) && parameter !== undefined) {
        add(name, parameter, 'tied');
      }
    }
  }
  const otherShapes = new Map<string, BoundParameter>();
  for (const parameter of parameters.values()) {
    const name = namesOf(parameter).find((each) => each !== undefined && shapes.has(each));
    if (!matched.has(parameter) && name !== undefined && !matches.has(name)) {
      otherShapes.set(name, parameter);
    }
  }
  return {
    matches,
    otherShapes,
    missing: [...shapes.keys()].filter((name) => !matches.has(name)),
    extra: [...parameters.values()].filter((each) => !matched.has(each)).map(({ name }) => name),
  };
}

/** The step that brings most names together; of equal ones the one that names the part. */
function commonRoot(
  parameters: readonly BoundParameter[],
  shapes: ReadonlyMap<string, readonly number[]>,
  part: 'encoder' | 'decoder' | undefined,
): Root {
  const roots = new Map<string, Root>();
  const vote = (added: string, removed: string): void => {
    const key = `${added} ${removed}`;
    const root = roots.get(key) ?? { added, removed, votes: 0 };
    root.votes++;
    roots.set(key, root);
  };
  const bySuffix = new Map<string, string[]>();
  for (const name of shapes.keys()) {
    for (const [suffix, root] of suffixes(name)) {
      const known = bySuffix.get(suffix);
      if (known === undefined) {
        bySuffix.set(suffix, [root]);
      } else {
        known.push(root);
      }
    }
  }
  for (const parameter of parameters) {
    for (const root of bySuffix.get(parameter.name) ?? []) {
      if (fits(parameter, shapes.get(root + parameter.name))) {
        vote(root, '');
      }
    }
    for (const [suffix, root] of suffixes(parameter.name)) {
      if (root !== '' && fits(parameter, shapes.get(suffix))) {
        vote('', root);
      }
    }
  }
  const isOfPart = ({ added }: Root): boolean =>
    part !== undefined && added.split('.').includes(part);
  const [best] = [...roots.values()].sort(
    (a, b) => b.votes - a.votes || Number(isOfPart(b)) - Number(isOfPart(a)),
  );
  return best ?? { added: '', removed: '', votes: 0 };
}

/** How many modules one root may have more than the other. */
const ROOT_STEPS = 6;

/** The endings of a name that begin at one of its first modules, each with what is before it. */
function suffixes(name: string): [suffix: string, root: string][] {
  const result: [string, string][] = [[name, '']];
  let dot = name.indexOf('.');
  for (let step = 0; step < ROOT_STEPS && dot >= 0; step++) {
    result.push([name.slice(dot + 1), name.slice(0, dot + 1)]);
    dot = name.indexOf('.', dot + 1);
  }
  return result;
}

/** The same for a matrix and for its transpose. */
function sortedShape(shape: readonly number[]): string {
  return String([...shape].sort((a, b) => a - b));
}

function renamed(name: string, { added, removed }: Root): string | undefined {
  return name.startsWith(removed) ? added + name.slice(removed.length) : undefined;
}

function fits({ dims }: BoundParameter, shape: readonly number[] | undefined): boolean {
  return (
    shape !== undefined &&
    dims.length === shape.length &&
    dims.every((size, axis) => size === shape[axis])
  );
}
