import type { CompatibilityOutline, CompatibilityProblem } from '../../shared/modelOutline';
import type { DType, Node, OnnxModel } from '../graph/model';
import type { InferredShapes } from '../shapes/inferShapes';
import {
  NEWEST_IR_VERSION,
  NEWEST_OPSET,
  RUNTIME_VERSION,
  operatorVersion,
  type Kernel,
  type OperatorVersion,
} from './kernels';
import { flawsOf } from './flaws';
import { placedNodes, type PlacedNode } from '../graph/placedNodes';
import { operatorName } from '../graph/operators';

/** What the bundled runtime is called, and which version of it that is. */
export const RUNTIME = `ONNX Runtime ${RUNTIME_VERSION}`;

/**
 * What of a model the bundled runtime cannot compute on a CPU: a newer format, operators that it
 * does not have, or not for elements of their type, and graphs that no runtime could. Types are those that the shape inference tells;
 * nodes of which it does not are given the benefit of the doubt.
 */
export function compatibilityOf(model: OnnxModel, shapes: InferredShapes): CompatibilityOutline {
  const { irVersion, opsets, functions } = model;
  const problems: CompatibilityProblem[] = [];
  if (irVersion > NEWEST_IR_VERSION) {
    problems.push({ kind: 'irVersion', version: irVersion, newest: NEWEST_IR_VERSION });
  }
  const opset = opsets.get('') ?? 0;
  if (opset > NEWEST_OPSET) {
    problems.push({ kind: 'opset', version: opset, newest: NEWEST_OPSET });
  }
  const defined = new Set(
    functions.map(({ domain, name }) => operatorName({ domain, opType: name })),
  );
  const found = new Map<string, CompatibilityProblem & { nodes: number }>();
  for (const placed of placedNodes(model)) {
    const { node } = placed;
    const problem = defined.has(operatorName(node))
      ? undefined
      : problemOf(placed, opsets.get(node.domain), shapes);
    if (problem !== undefined) {
      const key = JSON.stringify(problem);
      const known = found.get(key) ?? { ...problem, nodes: 0 };
      known.nodes += 1;
      found.set(key, known);
    }
  }
  return { runtime: RUNTIME, problems: [...problems, ...found.values(), ...flawsOf(model)] };
}

/** Several files as one model. */
export function mergeCompatibility(
  outlines: readonly CompatibilityOutline[],
): CompatibilityOutline {
  const problems = new Map<string, CompatibilityProblem>();
  for (const problem of outlines.flatMap((outline) => outline.problems)) {
    if (!('nodes' in problem)) {
      problems.set(JSON.stringify(problem), problem);
      continue;
    }
    const { nodes, ...rest } = problem;
    const key = JSON.stringify(rest);
    const known = problems.get(key);
    const sum = nodes + (known !== undefined && 'nodes' in known ? known.nodes : 0);
    problems.set(key, { ...problem, nodes: sum });
  }
  const refused = outlines.find((outline) => outline.refused !== undefined)?.refused;
  return {
    runtime: RUNTIME,
    problems: [...problems.values()],
    ...(refused === undefined ? {} : { refused }),
  };
}

type NodeProblem = Extract<CompatibilityProblem, { nodes: number }>;

function problemOf(
  { node, flow }: PlacedNode,
  opset: number | undefined,
  shapes: InferredShapes,
): NodeProblem | undefined {
  const version = operatorVersion(node.domain, node.opType, opset);
  const operator = operatorName(node);
  if (version === undefined || version.kernels.length === 0) {
    return { kind: 'operator', operator, version: version?.since ?? opset ?? 0, nodes: 0 };
  }
  const refused = inputRefused(node);
  if (refused !== undefined) {
    return { kind: 'input', operator, input: refused, nodes: 0 };
  }
  const typeOf = (name: string): DType | undefined =>
    name === '' ? undefined : shapes.typeOf(flow.graph, name)?.dtype;
  if (isComputed(version, node, typeOf)) {
    return undefined;
  }
  const dtypes = [...new Set(node.inputs.flatMap((name) => typeOf(name) ?? []))];
  return { kind: 'types', operator, version: version.since, dtypes, nodes: 0 };
}

/** Inputs that the runtime knows an operator by on other devices alone, by their numbers. */
const REFUSED_INPUTS: ReadonlyMap<string, ReadonlyMap<number, string>> = new Map([
  [
    'com.microsoft.GroupQueryAttention',
    new Map([
      [14, 'q_norm_weight'],
      [15, 'k_norm_weight'],
    ]),
  ],
]);

/** The first of such inputs that a node has. */
function inputRefused(node: Node): string | undefined {
  const refused = REFUSED_INPUTS.get(operatorName(node)) ?? new Map<number, string>();
  return [...refused].find(([input]) => (node.inputs[input] ?? '') !== '')?.[1];
}

/** Whether the runtime has a way to compute a node. */
function isComputed(
  { kernels }: OperatorVersion,
  node: Node,
  typeOf: (name: string) => DType | undefined,
): boolean {
  return kernels.some((kernel) => fits(kernel, node, typeOf));
}

function fits(
  { types, widened }: Kernel,
  { inputs, outputs }: Node,
  typeOf: (name: string) => DType | undefined,
): boolean {
  return [...types].every(([place, allowed]) => {
    const name = place.startsWith('>') ? outputs[Number(place.slice(1))] : inputs[Number(place)];
    const dtype = typeOf(name ?? '');
    const isWidened = dtype === 'float16' && widened.has(place);
    return dtype === undefined || allowed.has(dtype) || isWidened;
  });
}

/** Whether the runtime computes with a node's input in half precision, instead of widening it. */
export function takesHalf(node: Node, input: number, opset: number | undefined): boolean {
  const kernels = operatorVersion(node.domain, node.opType, opset)?.kernels ?? [];
  return kernels.some(({ types, isFunction }) => {
    const allowed = types.get(String(input)) ?? types.get('0');
    return !isFunction && allowed?.has('float16') !== false;
  });
}
