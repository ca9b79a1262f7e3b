import type { ModuleGraph } from '../../../src/shared/moduleGraph';
import type { Chosen } from './graphPlace';
import type { Index } from './graphIndex';
import { shapeWords, type Symbols } from './shapeWords';

/** A line of the tree. */
export interface TreeRow {
  chosen: Chosen;
  label: string;
  /** What stands at its right end. */
  aside: string;
  depth: number;
  /** Whether it is open; undefined of nodes. */
  isOpen?: boolean;
}

/**
 * Lines of the tree: modules, and of open ones what is in them.
 * @param siteWord stands beside nodes in which attention is looked at.
 */
export function treeRows(
  graph: ModuleGraph,
  index: Index,
  open: ReadonlySet<number>,
  siteWord: string,
): TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (module: number, depth: number): void => {
    for (const child of index.children(module)) {
      const { name = '', nodes = 0 } = graph.modules[child] ?? {};
      const isOpen = open.has(child);
      rows.push({ chosen: { module: child }, label: name, aside: String(nodes), depth, isOpen });
      if (isOpen) {
        add(child, depth + 1);
      }
    }
    for (const at of index.nodesOf(module)) {
      const node = graph.nodes[at];
      if (node !== undefined && node.isFolded !== true) {
        const aside = node.site === undefined ? '' : siteWord;
        rows.push({ chosen: { node: at }, label: node.operator, aside, depth });
      }
    }
  };
  add(0, 0);
  return rows;
}

/** Lines that a search finds at most: more are of no use to anybody. */
export const MOST_FOUND = 500;

/** Nodes and modules that have all words of a search in their name, operator or shapes. */
export function foundRows(
  graph: ModuleGraph,
  index: Index,
  symbols: Symbols,
  search: string,
): TreeRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const rows: TreeRow[] = [];
  const has = (text: string): boolean => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
  graph.modules.forEach(({ type = '', nodes }, module) => {
    const name = index.fullName(module);
    if (rows.length < MOST_FOUND && module !== 0 && has(`${name} ${type}`)) {
      rows.push({ chosen: { module }, label: name, aside: String(nodes), depth: 0 });
    }
  });
  graph.nodes.forEach(({ name, operator, module, outputs, isFolded }, node) => {
    if (rows.length >= MOST_FOUND || isFolded === true) {
      return;
    }
    const shapes = outputs.map((value) => {
      const found = graph.values[value ?? -1];
      const shape = found === undefined ? undefined : shapeWords(found, symbols);
      return `${found?.name ?? ''} ${shape ?? ''} ${shape?.replaceAll(' × ', 'x') ?? ''}`;
    });
    if (has(`${name} ${index.fullName(module)} ${operator} ${shapes.join(' ')}`)) {
      rows.push({
        chosen: { node },
        label: name === '' ? operator : name,
        aside: operator,
        depth: 0,
      });
    }
  });
  return rows;
}
