import type { OnnxModel, TensorRef, ValueInfo } from '../../onnx/graph/model';
import { operatorCounts } from '../../onnx/outline/operatorCounts';
import type { GraphDiff, ValueChange } from '../../shared/modelDiff';
import { modulePaths, type ComparedGraph, type MatchedGraphs } from './graphParts';
import { nodesDiff } from './nodesDiff';
import { replacedOperators } from './replacedOperators';
import type { TensorPairs } from './tensorPairs';

/**
 * How two graphs differ.
 * @param areEqual whether two tensors in attributes hold the same elements.
 */
export function graphDiff(
  matched: MatchedGraphs,
  tensors: TensorPairs,
  areEqual: (a: TensorRef, b: TensorRef) => boolean,
): GraphDiff {
  const { a, b } = matched;
  const producers = { a: producerOf(a.model), b: producerOf(b.model) };
  return {
    a: a.file,
    b: b.file,
    ...(producers.a === producers.b ? {} : { producer: producers }),
    opsets: opsetChanges(a.model, b.model),
    inputs: valueChanges(givenInputs(a.model), givenInputs(b.model)),
    outputs: valueChanges(a.model.graph.outputs, b.model.graph.outputs),
    operators: operatorChanges(a.model, b.model),
    nodes: nodesDiff(matched, tensors, areEqual),
    modules: moduleChanges(a, b),
    replaced: replacedOperators(matched, tensors),
  };
}

/** Whether graphs differ in what they compute with, names apart. */
export function graphDiffers({ opsets, inputs, outputs, operators, nodes }: GraphDiff): boolean {
  const { changed, onlyInA, onlyInB } = nodes.counts;
  const lists = [opsets, inputs, outputs, operators];
  return changed + onlyInA + onlyInB > 0 || lists.some((list) => list.length > 0);
}

function producerOf({ producer: { name, version } }: OnnxModel): string {
  return [name, version].filter(Boolean).join(' ');
}

function opsetChanges(a: OnnxModel, b: OnnxModel): GraphDiff['opsets'] {
  const domains = new Set([...a.opsets.keys(), ...b.opsets.keys()]);
  return [...domains].flatMap((domain) => {
    const [one, other] = [a.opsets.get(domain), b.opsets.get(domain)];
    return one === other
      ? []
      : [
          {
            domain: domain || 'ai.onnx',
            ...(one === undefined ? {} : { a: one }),
            ...(other === undefined ? {} : { b: other }),
          },
        ];
  });
}

/** Inputs that a run is given: older files list what is stored, too. */
function givenInputs({ graph }: OnnxModel): ValueInfo[] {
  const stored = new Set(graph.initializers.map(({ name }) => name));
  return graph.inputs.filter(({ name }) => !stored.has(name));
}

function valueChanges(a: readonly ValueInfo[], b: readonly ValueInfo[]): ValueChange[] {
  const others = new Map(b.map((value) => [value.name, value]));
  const own = new Set(a.map(({ name }) => name));
  const changed = a.flatMap((value): ValueChange[] => {
    const other = others.get(value.name);
    if (other !== undefined && haveSameType(value, other)) {
      return [];
    }
    return [
      {
        name: value.name,
        a: typeText(value),
        ...(other === undefined ? {} : { b: typeText(other) }),
      },
    ];
  });
  const added = b
    .filter(({ name }) => !own.has(name))
    .map((value) => ({ name: value.name, b: typeText(value) }));
  return [...changed, ...added];
}

/** Names of sizes do not count, for exporters choose them. */
function haveSameType(a: ValueInfo, b: ValueInfo): boolean {
  return typeText(a, '?') === typeText(b, '?');
}

/** `int64 [batch, 1]`; @param symbol what stands for a size that varies, in place of its name. */
function typeText({ type }: ValueInfo, symbol?: string): string {
  if (type?.kind !== 'tensor') {
    return type?.kind ?? '?';
  }
  const sizes = type.shape?.map((size) =>
    typeof size === 'number' ? String(size) : (symbol ?? size ?? '?'),
  );
  return `${type.dtype ?? '?'}${sizes === undefined ? '' : ` [${sizes.join(', ')}]`}`;
}

function operatorChanges(a: OnnxModel, b: OnnxModel): GraphDiff['operators'] {
  const [ofA, ofB] = [a, b].map(
    (model) => new Map(operatorCounts(model).map(({ name, count }) => [name, count])),
  ) as [Map<string, number>, Map<string, number>];
  return [...new Set([...ofA.keys(), ...ofB.keys()])]
    .map((name) => ({ name, a: ofA.get(name) ?? 0, b: ofB.get(name) ?? 0 }))
    .filter((each) => each.a !== each.b)
    .sort((one, other) => Math.abs(other.b - other.a) - Math.abs(one.b - one.a));
}

function moduleChanges(a: ComparedGraph, b: ComparedGraph): GraphDiff['modules'] {
  const [ofA, ofB] = [modulePaths(a), modulePaths(b)];
  const only = (own: ReadonlySet<string>, other: ReadonlySet<string>): string[] =>
    [...own].filter((path) => {
      const around = path.split('.').slice(0, -1).join('.');
      return !other.has(path) && (around === '' || other.has(around));
    });
  return { onlyInA: only(ofA, ofB), onlyInB: only(ofB, ofA) };
}
