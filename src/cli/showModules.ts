import type { ModuleOutline } from '../shared/modelOutline';
import { byteSize } from '../shared/byteSize';
import { alignColumns } from './columns';

/** Levels of modules that are shown below the model. */
const LEVELS = 4;

/** A module, or several that are alike, such as the layers of a stack. */
interface Row {
  depth: number;
  name: string;
  /** How many it stands for. */
  times: number;
  /** From the smallest of them to the largest. */
  parameters: Range;
  bytes: Range;
  nodes: Range;
}

type Range = readonly [least: number, most: number];

/** Layers are alike up to this share of their parameters: exporters merge what they have alike. */
const DIFFERENCE = 0.01;

/**
 * The modules of a model as lines of a table: name, parameters, bytes, nodes. Layers that are alike
 * share a line, and those without parameters are left out.
 */
export function moduleLines(model: ModuleOutline): string[] {
  const rows = model.modules.flatMap((module) => rowsOf([module], '', 0));
  if (rows.length === 0) {
    return [];
  }
  const cells = rows.map(({ depth, name, times, ...row }) => [
    `${'  '.repeat(depth)}${name}${times > 1 ? `  × ${times}` : ''}`,
    range(row.parameters, (count) => count.toLocaleString('en')),
    range(row.bytes, byteSize),
    range(row.nodes, String),
  ]);
  return alignColumns([['', 'parameters', 'size', 'nodes'], ...cells], 1);
}

/** @param alike modules that are shown as one. @param prefix names of the modules left out before. */
function rowsOf(alike: readonly ModuleOutline[], prefix: string, depth: number): Row[] {
  const [module] = alike;
  if (module === undefined || module.parameters === 0 || depth >= LEVELS) {
    return [];
  }
  // A list of layers is no level of its own.
  if (module.modules.length > 0 && module.modules.every(({ name }) => /^\d+$/.test(name))) {
    const list = `${prefix}${module.name}.`;
    return groups(module.modules).flatMap((group) => rowsOf(group, list, depth));
  }
  const last = alike.at(-1) ?? module;
  const row: Row = {
    depth,
    name: `${prefix}${module.name}${alike.length > 1 ? ` … ${prefix}${last.name}` : ''}`,
    times: alike.length,
    parameters: rangeOf(alike.map(({ parameters }) => parameters)),
    bytes: rangeOf(alike.map((each) => each.bytes)),
    nodes: rangeOf(
      alike.map(({ operators }) => operators.reduce((sum, { count }) => sum + count, 0)),
    ),
  };
  return [row, ...module.modules.flatMap((inner) => rowsOf([inner], '', depth + 1))];
}

function rangeOf(amounts: readonly number[]): Range {
  return [Math.min(...amounts), Math.max(...amounts)];
}

/** One amount, or two where they are written differently. */
function range([least, most]: Range, write: (amount: number) => string): string {
  return [...new Set([write(least), write(most)])].join('–');
}

/** Modules one after another that hold the same. */
function groups(modules: readonly ModuleOutline[]): ModuleOutline[][] {
  const result: ModuleOutline[][] = [];
  for (const module of modules) {
    const group = result.at(-1);
    const [first] = group ?? [];
    if (group !== undefined && first !== undefined && areAlike(first, module)) {
      group.push(module);
    } else {
      result.push([module]);
    }
  }
  return result;
}

function areAlike(one: ModuleOutline, other: ModuleOutline): boolean {
  const difference = Math.abs(one.parameters - other.parameters);
  return difference <= DIFFERENCE * one.parameters && namesIn(one) === namesIn(other);
}

/** The names and classes of all modules in a module, in any order. */
function namesIn({ type = '', modules }: ModuleOutline): string {
  const inner = modules.map((module) => `${module.name}(${namesIn(module)})`).sort();
  return [type, ...inner].join(' ');
}
