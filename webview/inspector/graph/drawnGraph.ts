import type { GraphModule, GraphNode, ModuleGraph } from '../../../src/shared/moduleGraph';
import { chainsOf } from './chains';
import type { Index } from './graphIndex';

/** Something that is drawn as a box: nodes, a closed module, or what goes in or out. */
export interface Box {
  id: string;
  kind: 'node' | 'chain' | 'module' | 'run' | 'input' | 'output';
  label: string;
  /** What stands at its right end. */
  aside: string;
  /** The opened module that it stands in. */
  frame: number;
  /** The closed module, or the first one of a run of equal ones. */
  module?: number;
  /** Nodes that it stands for, of a module all. */
  nodes: number[];
  /** Attention is looked at in it. */
  site?: string;
}

/** What goes from box to box. */
export interface Edge {
  id: string;
  from: string;
  to: string;
  /** Values that go there. */
  values: number[];
}

/** An opened module. */
export interface Frame {
  module: number;
  /** The frame around it; absent where that is the whole picture. */
  parent?: number;
  label: string;
  aside: string;
}

/** What is drawn of a graph. */
export interface DrawnGraph {
  boxes: Box[];
  edges: Edge[];
  frames: Frame[];
}

/** Words of boxes. */
export interface DrawingWords {
  /** How many parameters there are, or equal blocks, or nodes. */
  parameters: (count: number) => string;
  blocks: (count: number) => string;
  nodes: (count: number) => string;
  site: string;
}

/** More inputs whose names differ in numbers alone are one box. */
const MOST_ALIKE = 3;

/**
 * What is drawn while some modules are open. Nodes that fold away are left out; a closed module is one box, and
 * so are equal ones side by side; nodes in a row that only change shapes or types are one box.
 * @param open indices of modules; the model itself always is.
 */
export function drawnGraph(
  graph: ModuleGraph,
  index: Index,
  open: ReadonlySet<number>,
  words: DrawingWords,
): DrawnGraph {
  const boxes = new Map<string, Box>();
  const owner = new Map<number, Box>();
  const runs = closedRuns(graph.modules, index, open);
  const inputLabels = endLabels(graph, graph.inputs);
  graph.nodes.forEach((node, at) => {
    if (node.isFolded !== true) {
      const box = boxOfNode(node, at);
      box.nodes.push(at);
      owner.set(at, box);
    }
  });
  mergeChains();
  const edges = new Map<string, Edge>();
  graph.nodes.forEach(({ inputs, isFolded }, at) => {
    const to = owner.get(at);
    if (isFolded === true || to === undefined) {
      return;
    }
    for (const value of inputs) {
      if (value !== null) {
        connect(sourceOf(value), to, value);
      }
    }
  });
  endLabels(graph, graph.outputs).forEach((label, value) => {
    const from = owner.get(index.maker(value) ?? -1);
    if (from !== undefined) {
      connect(from, endBox('output', label, value), value);
    }
  });
  // In the order of the model: what is said of its first input is of these.
  const inputs = new Set(
    [...inputLabels.values()].flatMap((label) => boxes.get(`input ${label}`) ?? []),
  );
  return {
    boxes: [...inputs, ...[...boxes.values()].filter((box) => !inputs.has(box))],
    edges: [...edges.values()],
    frames: framesOf(graph, [...boxes.values()], open, words),
  };

  function boxOfNode(node: GraphNode, at: number): Box {
    const closed = index.pathOf(node.module).find((module) => module !== 0 && !open.has(module));
    if (closed === undefined) {
      return put({
        id: `node ${at}`,
        kind: 'node',
        label: node.operator,
        aside: node.site === undefined ? countWords(node.parameters) : words.site,
        frame: node.module,
        nodes: [],
        ...(node.site === undefined ? {} : { site: node.site }),
      });
    }
    const run = runs.get(closed) ?? [closed];
    const [first = closed] = run;
    const known = boxes.get(`module ${first}`);
    return known ?? put(moduleBox(first, run));
  }

  function moduleBox(first: number, run: readonly number[]): Box {
    const module = graph.modules[first];
    const last = graph.modules[run.at(-1) ?? first];
    const isRun = run.length > 1;
    return {
      id: `module ${first}`,
      kind: isRun ? 'run' : 'module',
      label: isRun ? `${index.shortName(first)} … ${last?.name ?? ''}` : index.shortName(first),
      aside: isRun ? words.blocks(run.length) : countWords(module?.parameters),
      frame: module?.parent ?? 0,
      module: first,
      nodes: [],
    };
  }

  function countWords(count: number | undefined): string {
    return count === undefined || count === 0 ? '' : words.parameters(count);
  }

  function put(box: Box): Box {
    boxes.set(box.id, box);
    return box;
  }

  function mergeChains(): void {
    const isAlone = (at: number): boolean => owner.get(at)?.kind === 'node';
    for (const chain of chainsOf(graph, index, isAlone)) {
      const [first = 0, ...others] = chain;
      const box = owner.get(first);
      if (box !== undefined) {
        box.kind = 'chain';
        box.label = chain.map((at) => graph.nodes[at]?.operator ?? '').join(', ');
        for (const at of others) {
          boxes.delete(`node ${at}`);
          box.nodes.push(at);
          owner.set(at, box);
        }
      }
    }
  }

  function sourceOf(value: number): Box | undefined {
    const maker = index.maker(value);
    if (maker !== undefined) {
      return owner.get(maker);
    }
    const label = inputLabels.get(value);
    return label === undefined ? undefined : endBox('input', label, value);
  }

  function endBox(kind: 'input' | 'output', label: string, value: number): Box {
    const id = `${kind} ${label}`;
    return (
      boxes.get(id) ??
      put({
        ...{ id, kind, label, frame: 0, nodes: [] },
        aside: graph.values[value]?.dtype ?? '',
      })
    );
  }

  function connect(from: Box | undefined, to: Box, value: number): void {
    if (from === undefined || from === to) {
      return;
    }
    const id = `${from.id} → ${to.id}`;
    const known = edges.get(id);
    if (known === undefined) {
      edges.set(id, { id, from: from.id, to: to.id, values: [value] });
    } else if (!known.values.includes(value)) {
      known.values.push(value);
    }
  }
}

/**
 * What inputs or outputs are called, by their values: their names, or of many that differ in numbers alone what
 * these have in common.
 */
function endLabels({ values }: ModuleGraph, ends: readonly number[]): Map<number, string> {
  const names = ends.map((value) => values[value]?.name ?? '');
  const patterns = names.map((name) => name.replaceAll(/\d+/g, '#'));
  const counts = new Map<string, number>();
  patterns.forEach((pattern) => counts.set(pattern, (counts.get(pattern) ?? 0) + 1));
  return new Map(
    ends.map((value, at) => {
      const pattern = patterns[at] ?? '';
      const count = counts.get(pattern) ?? 1;
      const isMany = count > MOST_ALIKE;
      return [value, isMany ? `${pattern.replaceAll('#', 'i')} × ${count}` : (names[at] ?? '')];
    }),
  );
}

/** Closed modules that are equal and side by side, by each of them. */
function closedRuns(
  modules: readonly GraphModule[],
  index: Index,
  open: ReadonlySet<number>,
): Map<number, readonly number[]> {
  const runs = new Map<number, number[]>();
  modules.forEach((_, parent) => {
    let run: number[] = [];
    for (const child of index.children(parent)) {
      const before = modules[run.at(-1) ?? -1];
      const module = modules[child];
      const isSame = before !== undefined && kindOf(modules, run.at(-1)) === kindOf(modules, child);
      if (open.has(child) || module === undefined) {
        run = [];
      } else if (isSame && module.equalTo !== undefined) {
        run.push(child);
        runs.set(child, run);
      } else {
        run = [child];
        runs.set(child, run);
      }
    }
  });
  return runs;
}

/** The first of the modules that are equal to it. */
function kindOf(modules: readonly GraphModule[], module: number | undefined): number | undefined {
  return module === undefined ? undefined : (modules[module]?.equalTo ?? module);
}

/** The opened modules that anything stands in. */
function framesOf(
  graph: ModuleGraph,
  boxes: readonly Box[],
  open: ReadonlySet<number>,
  words: DrawingWords,
): Frame[] {
  const used = new Set<number>();
  for (const { frame } of boxes) {
    for (let at: number | undefined = frame; at !== undefined && at !== 0;) {
      used.add(at);
      at = graph.modules[at]?.parent;
    }
  }
  return [...used]
    .filter((module) => open.has(module))
    .sort((one, other) => one - other)
    .map((module) => {
      const { name = '', parent = 0, nodes = 0 } = graph.modules[module] ?? {};
      return {
        module,
        ...(parent === 0 ? {} : { parent }),
        label: name,
        aside: words.nodes(nodes),
      };
    });
}
