import type { Box, DrawnGraph } from './drawnGraph';
import type { Chosen } from './graphPlace';

/** The box that what is chosen stands in; undefined if it is a frame, or nothing that is drawn. */
export function boxOf(drawn: DrawnGraph, chosen: Chosen | undefined): Box | undefined {
  if (chosen === undefined) {
    return undefined;
  }
  return 'node' in chosen
    ? drawn.boxes.find(({ nodes }) => nodes.includes(chosen.node))
    : drawn.boxes.find(({ module }) => module === chosen.module);
}

/** What a box is when it is chosen; undefined of inputs and outputs. */
export function choiceOf({ module, nodes }: Box): Chosen | undefined {
  const [node] = nodes;
  return module !== undefined ? { module } : node === undefined ? undefined : { node };
}

/** The boxes that a box reads from, or that read from it, in the order of its values. */
export function neighbours(drawn: DrawnGraph, box: Box, way: 'up' | 'down'): Box[] {
  const ids = drawn.edges.flatMap(({ from, to }) =>
    way === 'up' ? (to === box.id ? [from] : []) : from === box.id ? [to] : [],
  );
  return ids.flatMap((id) => drawn.boxes.find((each) => each.id === id) ?? []);
}

/** A path from the model's first input that leads to a box: the shortest. */
export interface LitPath {
  /** Label of the input. */
  input: string;
  boxes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
}

/** @returns undefined where no input leads to it. */
export function pathTo(drawn: DrawnGraph, target: Box | undefined): LitPath | undefined {
  if (target === undefined) {
    return undefined;
  }
  const into = new Map<string, { id: string; from: string }[]>();
  for (const { id, from, to } of drawn.edges) {
    const known = into.get(to);
    if (known === undefined) {
      into.set(to, [{ id, from }]);
    } else {
      known.push({ id, from });
    }
  }
  const inputs = new Map(
    drawn.boxes.flatMap(({ id, kind, label }) => (kind === 'input' ? [[id, label] as const] : [])),
  );
  /** The edge by which a box was reached, backwards from the target. */
  const onward = new Map<string, { id: string; to: string } | undefined>([[target.id, undefined]]);
  for (const [box] of onward) {
    for (const { id, from } of into.get(box) ?? []) {
      if (!onward.has(from)) {
        onward.set(from, { id, to: box });
      }
    }
  }
  const start = [...inputs].find(([id]) => onward.has(id));
  if (start === undefined) {
    return undefined;
  }
  const boxes = new Set<string>([start[0]]);
  const edges = new Set<string>();
  for (let step = onward.get(start[0]); step !== undefined; step = onward.get(step.to)) {
    edges.add(step.id);
    boxes.add(step.to);
  }
  return { input: start[1], boxes, edges };
}
