import type { ModuleGraph } from '../../../src/shared/moduleGraph';
import type { Index } from './graphIndex';

/** What is chosen of a graph. */
export type Chosen = { node: number } | { module: number };

/** How a graph is looked at. */
export interface GraphPlace {
  open: ReadonlySet<number>;
  chosen: Chosen | undefined;
}

/**
 * Where a graph is first looked at: at its first attention, in modules that are open down to it; without
 * attention, at all that is in the innermost module that holds everything.
 */
export function firstPlace({ nodes }: ModuleGraph, index: Index): GraphPlace {
  const site = nodes.findIndex((node) => node.site !== undefined);
  const module = nodes[site]?.module;
  if (module !== undefined) {
    return { open: new Set(index.pathOf(module)), chosen: { node: site } };
  }
  const open = new Set([0]);
  for (let at = 0; index.children(at).length === 1 && index.nodesOf(at).length === 0;) {
    at = index.children(at)[0] ?? at;
    open.add(at);
  }
  return { open, chosen: undefined };
}

/** A place with a node or module in sight: all that is around it is open. */
export function placeAt(place: GraphPlace, chosen: Chosen, index: Index): GraphPlace {
  const module = 'node' in chosen ? (index.graph.nodes[chosen.node]?.module ?? 0) : chosen.module;
  const path = index.pathOf(module);
  const around = 'node' in chosen ? path : path.slice(0, -1);
  return { open: new Set([...place.open, ...around]), chosen };
}

/** A place with a module opened, or closed. */
export function toggled({ open, chosen }: GraphPlace, module: number): GraphPlace {
  return {
    open: open.has(module)
      ? new Set([...open].filter((each) => each !== module))
      : new Set([...open, module]),
    chosen,
  };
}

/** What a page keeps of a place, in names: indices are another file's after it was written anew. */
export interface KeptPlace {
  open: string[];
  chosen?: string;
}

export function keptPlace({ open, chosen }: GraphPlace, index: Index): KeptPlace {
  const name =
    chosen === undefined
      ? undefined
      : 'node' in chosen
        ? `node ${index.graph.nodes[chosen.node]?.name ?? ''}`
        : `module ${index.fullName(chosen.module)}`;
  return {
    open: [...open].map((module) => index.fullName(module)),
    ...(name === undefined ? {} : { chosen: name }),
  };
}

/** The place that was kept, as far as the graph still has it; undefined of what is none. */
export function recalledPlace(kept: unknown, index: Index): GraphPlace | undefined {
  const { open, chosen } =
    typeof kept === 'object' && kept !== null
      ? (kept as Partial<Record<keyof KeptPlace, unknown>>)
      : {};
  if (!Array.isArray(open)) {
    return undefined;
  }
  const names = new Set(open);
  const modules = index.graph.modules.flatMap((_, module) =>
    names.has(index.fullName(module)) ? [module] : [],
  );
  return { open: new Set(modules), chosen: recalledChoice(chosen, index) };
}

function recalledChoice(chosen: unknown, index: Index): Chosen | undefined {
  const [, kind, name] =
    typeof chosen === 'string' ? (/^(node|module) (.*)$/s.exec(chosen) ?? []) : [];
  if (kind === 'node' && name !== '') {
    const node = index.graph.nodes.findIndex((each) => each.name === name);
    return node < 0 ? undefined : { node };
  }
  const module = kind === 'module' ? index.find(name ?? '') : undefined;
  return module === undefined ? undefined : { module };
}
