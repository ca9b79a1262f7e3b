import type { AttentionLayer } from '../../onnx/attention/findAttention';
import { moduleName } from '../../onnx/graph/modulePath';
import type { OnnxModel } from '../../onnx/graph/model';
import type { ModuleTime, OperatorTime, PassProfile } from '../../shared/modelProfile';
import { flatGraph } from '../graph/flatGraph';
import { foldedNodes } from '../graph/foldedNodes';
import { moduleTree } from '../graph/moduleTree';
import { nodeModules, type ModulePath } from '../graph/nodeModules';
import { attentionNodes } from './attentionNodes';
import type { ProfiledRun } from './profileEvents';

type GraphTimes = Pick<
  PassProfile,
  'outside' | 'unplaced' | 'attention' | 'peakMemory' | 'operators' | 'modules'
>;

const MICROSECONDS = 1000;

/**
 * Lays the times of a session's nodes over the operators and modules of its graph. The runtime fuses nodes and
 * names what it makes of them: such a node is placed by its name where that is a path.
 *
 * @param runs one at least; times are means over them.
 */
export function graphTimes(
  model: OnnxModel,
  layers: readonly Pick<AttentionLayer, 'attention'>[],
  runs: readonly ProfiledRun[],
): GraphTimes {
  const flat = flatGraph(model);
  const paths = nodeModules(flat, foldedNodes(flat));
  const places = new Map(
    flat.nodes.flatMap(({ node }, index) =>
      node.name === '' ? [] : [[node.name, paths[index] ?? []] as const],
    ),
  );
  // Branches of a decoder with and without a cache have nodes of the same names.
  const core = new Set(Array.from(attentionNodes(flat, layers), ({ name }) => name));
  const operators = new Map<string, OperatorTime>();
  const placed: { path: ModulePath; time: number }[] = [];
  let [all, unplaced, attention, peak] = [0, 0, 0, 0];
  const calls = runs.flatMap(({ nodes }) => nodes).filter(({ isAround }) => !isAround);
  for (const { name, operator, duration: microseconds, peak: held = 0 } of calls) {
    const time = microseconds / MICROSECONDS / runs.length;
    const known = operators.get(operator) ?? { name: operator, time: 0, calls: 0 };
    known.time += time;
    known.calls += 1 / runs.length;
    operators.set(operator, known);
    all += time;
    peak = Math.max(peak, held);
    const original = places.has(name) ? name : name.replace(FUSIONS, '');
    const path = places.get(original) ?? pathInName(name);
    if (path === undefined) {
      unplaced += time;
    } else {
      placed.push({ path, time });
    }
    attention += core.has(original) || FUSED_ATTENTION.test(operator) ? time : 0;
  }
  const duration =
    runs.reduce((sum, run) => sum + run.duration, 0) / MICROSECONDS / Math.max(1, runs.length);
  return {
    outside: Math.max(0, duration - all),
    unplaced,
    ...(core.size === 0 ? {} : { attention }),
    ...(peak === 0 ? {} : { peakMemory: peak }),
    operators: [...operators.values()].sort((a, b) => b.time - a.time),
    modules: moduleTimes(placed, runs.length),
  };
}

/** What ONNX Runtime puts behind the name of the node that it makes another one of, once for each fusion. */
const FUSIONS = /(\/\w+Fusion\/)+$/;

/** Operators into which ONNX Runtime fuses attention: they may stand for nodes that are gone. */
const FUSED_ATTENTION = /Attention$/;

/** The modules in the name of a node that the runtime made; undefined where the name is no path. */
function pathInName(name: string): ModulePath | undefined {
  if (!name.includes('/')) {
    return undefined;
  }
  const path = name.startsWith('/') ? name : `/${name}`;
  const full = moduleName({
    ...{ name: path, opType: '', domain: '', inputs: [], outputs: [] },
    ...{ attributes: new Map(), metadata: new Map() },
  });
  return full === '' ? [] : full.split('.').map((part) => ({ name: part }));
}

function moduleTimes(
  placed: readonly { path: ModulePath; time: number }[],
  runs: number,
): ModuleTime[] {
  const { modules, moduleOf } = moduleTree(placed.map(({ path }) => path));
  const times = modules.map(({ name, parent }): ModuleTime => ({
    name,
    ...(parent === undefined ? {} : { parent }),
    time: 0,
    calls: 0,
  }));
  moduleOf.forEach((module, index) => {
    for (let at: number | undefined = module; at !== undefined; at = times[at]?.parent) {
      const module = times[at];
      if (module !== undefined) {
        module.time += placed[index]?.time ?? 0;
        module.calls += 1 / runs;
      }
    }
  });
  return times;
}
