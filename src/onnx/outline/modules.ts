import type { ModuleOutline } from '../../shared/modelOutline';
import type { Node, OnnxModel } from '../graph/model';
import { modulesAround, type ModuleName } from '../graph/modulePath';
import { everyNode } from '../graph/walk';
import { operatorName } from '../graph/operators';
import { byFrequency } from './operatorCounts';
import type { StoredWeights } from './storedWeights';
import type { Weight } from './weightUses';

/** Modules kept apart; those beyond count as their parents. The largest models have ten thousand. */
const MOST_MODULES = 20_000;

/** Modules inside modules. The most that models have is about ten. */
const DEEPEST = 32;

/** A module in the making. */
class Module {
  readonly modules = new Map<string, Module>();
  readonly operators = new Map<string, number>();
  type: string | undefined;
  /** Of what is stored twice, the first. */
  readonly weights = new Set<Weight>();
  bytes = 0;

  constructor(readonly parent?: Module) {}

  /** This module and those around it, the outermost one last. */
  *outwards(): Generator<Module> {
    yield this;
    if (this.parent !== undefined) {
      yield* this.parent.outwards();
    }
  }

  finish(name: string): ModuleOutline {
    return {
      name,
      ...(this.type === undefined ? {} : { type: this.type }),
      parameters: Array.from(this.weights).reduce((sum, weight) => sum + weight.parameters, 0),
      bytes: this.bytes,
      operators: byFrequency(this.operators),
      modules: inOrder(Array.from(this.modules, ([inner, module]) => module.finish(inner))),
    };
  }
}

/** The items of a list by their numbers: where only the weights tell of them, `10` is before `2`. */
function inOrder(modules: ModuleOutline[]): ModuleOutline[] {
  return modules.every(({ name }) => /^\d+$/.test(name))
    ? modules.sort((a, b) => Number(a.name) - Number(b.name))
    : modules;
}

/**
 * The modules that a model was exported from, as far as the names of its nodes tell. What is stored for two
 * modules counts once in each, and once in what is around both, as in PyTorch. A weight belongs
 * to the deepest module whose nodes alone use it; where these do not tell, to the one that its own
 * name begins with (`encoder.layer.0.output.dense.weight`).
 */
export function moduleTree(
  model: OnnxModel,
  { weights, constants, copies }: StoredWeights,
): ModuleOutline {
  const tree = new ModuleTree();
  const paths = new Map<Node, ModulePath | undefined>();
  for (const node of everyNode(model)) {
    const path = modulesAround(node)?.slice(0, DEEPEST);
    paths.set(node, path);
    const name = operatorName(node);
    for (const around of tree.at(path ?? []).outwards()) {
      around.operators.set(name, (around.operators.get(name) ?? 0) + 1);
    }
  }
  const isNamed = tree.root.modules.size > 0;
  for (const weight of weights) {
    const owner = ownerOf(weight, paths) ?? nameOf(weight);
    const module = isNamed ? tree.at(owner, true) : tree.at(nameOf(weight));
    for (const around of module.outwards()) {
      if (!constants.has(weight)) {
        around.weights.add(copies.get(weight) ?? weight);
      }
      around.bytes += weight.bytes;
    }
  }
  return tree.root.finish('');
}

/** Outermost first. */
type ModulePath = readonly ModuleName[];

class ModuleTree {
  readonly root = new Module();
  private count = 0;

  /**
   * The module at a path, or the innermost one around it that is kept.
   * @param known whether no module is added.
   */
  at(path: ModulePath, known = false): Module {
    let module = this.root;
    for (const { name, type } of path) {
      let inner = module.modules.get(name);
      if (inner === undefined) {
        if (known || this.count >= MOST_MODULES) {
          break;
        }
        this.count += 1;
        inner = new Module(module);
        module.modules.set(name, inner);
      }
      inner.type ??= type;
      module = inner;
    }
    return module;
  }
}

/** The modules that a parameter's name begins with; none for names that exporters made up. */
function nameOf({ tensor }: Weight): ModulePath {
  return /^\w+(\.\w+)+$/.test(tensor.name)
    ? tensor.name
        .split('.', DEEPEST + 1)
        .slice(0, -1)
        .map((name) => ({ name }))
    : [];
}

/** What the paths of all nodes that use a weight have in common; undefined if none has a path. */
function ownerOf(
  { uses, partOf }: Weight,
  paths: ReadonlyMap<Node, ModulePath | undefined>,
): ModulePath | undefined {
  let common: ModulePath | undefined;
  for (const { node, through } of partOf?.uses ?? uses) {
    const path = [node, ...through].map((each) => paths.get(each)).find(Boolean);
    common = common === undefined || path === undefined ? (common ?? path) : shared(common, path);
  }
  return common;
}

function shared(one: ModulePath, other: ModulePath): ModulePath {
  const end = one.findIndex(({ name }, index) => other[index]?.name !== name);
  return end < 0 ? one : one.slice(0, end);
}
