import type { ModuleTime } from '../../../src/shared/modelProfile';

/** A line of the tree of modules. */
export interface TimeRow {
  /** Of the module. */
  index: number;
  depth: number;
  /** Whether it is open; undefined where there is nothing in it. */
  isOpen?: boolean;
}

/** Modules that are open at first: down to the list of equal blocks, as a rule. */
const OPEN_DEPTH = 2;

/** Lines at most: a page of very many is no use. */
const MOST_ROWS = 2000;

/**
 * Lines of the tree of modules, those that take most time first among those beside each other.
 * @param toggled modules that are not as they were at first.
 */
export function timeRows(modules: readonly ModuleTime[], toggled: ReadonlySet<number>): TimeRow[] {
  const inside = new Map<number, number[]>();
  modules.forEach(({ parent }, index) => {
    if (parent !== undefined) {
      const list = inside.get(parent) ?? [];
      inside.set(parent, list);
      list.push(index);
    }
  });
  const rows: TimeRow[] = [];
  const add = (index: number, depth: number): void => {
    const within = inside.get(index);
    if (rows.length >= MOST_ROWS) {
      return;
    }
    if (within === undefined) {
      rows.push({ index, depth });
      return;
    }
    const isOpen = depth < OPEN_DEPTH !== toggled.has(index);
    rows.push({ index, depth, isOpen });
    if (isOpen) {
      within
        .toSorted((a, b) => (modules[b]?.time ?? 0) - (modules[a]?.time ?? 0))
        .forEach((each) => add(each, depth + 1));
    }
  };
  if (modules.length > 0) {
    add(0, 0);
  }
  return rows;
}
