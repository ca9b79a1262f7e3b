import type { GraphModule } from '../../shared/moduleGraph';
import type { ModulePath } from './nodeModules';

/** Modules kept apart; those beyond count as their parents. The largest models have ten thousand. */
const MOST_MODULES = 20_000;

/** Modules, parents before their children, and which of them each node is of. */
export interface ModuleTree {
  modules: Pick<GraphModule, 'name' | 'parent' | 'type'>[];
  /** Index of the innermost module, node by node. */
  moduleOf: number[];
}

/** The modules that paths name, each once. */
export function moduleTree(paths: readonly ModulePath[]): ModuleTree {
  const modules: ModuleTree['modules'] = [{ name: '' }];
  const children: Map<string, number>[] = [new Map<string, number>()];
  const moduleOf = paths.map((path) => {
    let at = 0;
    for (const { name, type } of path) {
      const known: number | undefined = children[at]?.get(name);
      if (known === undefined && modules.length >= MOST_MODULES) {
        break;
      }
      const index = known ?? modules.length;
      if (known === undefined) {
        modules.push({ name, parent: at });
        children.push(new Map());
        children[at]?.set(name, index);
      }
      const module = modules[index];
      if (type !== undefined && module !== undefined) {
        module.type ??= type;
      }
      at = index;
    }
    return at;
  });
  return { modules, moduleOf };
}
