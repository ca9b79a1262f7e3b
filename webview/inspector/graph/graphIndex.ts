import type { ModuleGraph } from '../../../src/shared/moduleGraph';
import type { Place } from '../place';

/** What is asked of a graph again and again, found once. */
export class Index {
  private readonly makers = new Map<number, number>();
  private readonly readers = new Map<number, number[]>();
  private readonly inner: number[][];
  private readonly own: number[][];
  private readonly paths: (readonly number[])[] = [];

  constructor(readonly graph: ModuleGraph) {
    const { nodes, modules } = graph;
    this.inner = modules.map((): number[] => []);
    this.own = modules.map((): number[] => []);
    nodes.forEach(({ inputs, outputs, module }, at) => {
      this.own[module]?.push(at);
      outputs.forEach((value) => value !== null && this.makers.set(value, at));
      for (const value of new Set(inputs)) {
        if (value !== null) {
          const known = this.readers.get(value);
          if (known === undefined) {
            this.readers.set(value, [at]);
          } else {
            known.push(at);
          }
        }
      }
    });
    modules.forEach(({ parent }, module) => {
      if (parent !== undefined) {
        this.inner[parent]?.push(module);
      }
      this.paths.push([...(this.paths[parent ?? -1] ?? []), module]);
    });
    const nameOf = (module: number): string => modules[module]?.name ?? '';
    this.inner.forEach((children) =>
      children.sort((one, other) => numberOf(nameOf(one)) - numberOf(nameOf(other))),
    );
  }

  /** The node that makes a value. */
  maker(value: number): number | undefined {
    return this.makers.get(value);
  }

  /** Nodes that read a value. */
  readersOf(value: number): readonly number[] {
    return this.readers.get(value) ?? [];
  }

  /** The node of a place: that of its name, or one that makes or reads its value. */
  nodeAt({ node, value }: Pick<Place, 'node' | 'value'>): number | undefined {
    const { nodes, values } = this.graph;
    const named = nodes.findIndex(
      ({ name, operator }) => node !== undefined && node === (name === '' ? operator : name),
    );
    if (named >= 0) {
      return named;
    }
    const at = values.findIndex(({ name }) => name === value);
    const shown = this.readersOf(at).find((reader) => nodes[reader]?.isFolded !== true);
    return this.maker(at) ?? shown;
  }

  /** The tensor that a value is, or is made of by nodes that fold away: a weight that is cast or turned. */
  storedBehind(value: number): string | undefined {
    const { values, nodes } = this.graph;
    let at = value;
    for (let step = 0; step < MOST_STEPS; step++) {
      const tensor = values[at]?.tensor;
      const maker = nodes[this.makers.get(at) ?? -1];
      const [next = null] = maker?.isFolded === true ? maker.inputs : [];
      if (tensor !== undefined || next === null) {
        return tensor?.name;
      }
      at = next;
    }
    return undefined;
  }

  /** Modules within a module: numbered ones by their numbers. */
  children(module: number): readonly number[] {
    return this.inner[module] ?? [];
  }

  /** Nodes of a module that are in none within. */
  nodesOf(module: number): readonly number[] {
    return this.own[module] ?? [];
  }

  /** Modules around a module and itself, the model first. */
  pathOf(module: number): readonly number[] {
    return this.paths[module] ?? [];
  }

  /** What a module is called where it stands: of a numbered one with that around it, `layers.3`. */
  shortName(module: number): string {
    const { name = '', parent } = this.graph.modules[module] ?? {};
    const around = this.graph.modules[parent ?? -1]?.name;
    return /^\d+$/.test(name) && around !== undefined && around !== '' ? `${around}.${name}` : name;
  }

  /** Its full name, dots between modules. */
  fullName(module: number): string {
    return this.pathOf(module)
      .slice(1)
      .map((each) => this.graph.modules[each]?.name ?? '')
      .join('.');
  }

  /** The module of a full name. */
  find(fullName: string): number | undefined {
    const found = this.graph.modules.findIndex((_, module) => this.fullName(module) === fullName);
    return found < 0 ? undefined : found;
  }
}

/** Nodes that prepare a weight, at most. */
const MOST_STEPS = 8;

/** Modules without a number keep the order of the graph. */
function numberOf(name: string): number {
  return /^\d+$/.test(name) ? Number(name) : -1;
}
