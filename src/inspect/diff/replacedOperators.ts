import type { TensorRef } from '../../onnx/graph/model';
import { operatorName } from '../../onnx/graph/operators';
import type { GraphDiff } from '../../shared/modelDiff';
import type { ComparedGraph, MatchedGraphs } from './graphParts';
import type { TensorPairs } from './tensorPairs';

/**
 * Operators that read a matrix or table in A, and its counterpart in B by another one. What only prepares a weight, such
 * as `Cast` or `DequantizeLinear` of it, is seen through.
 */
export function replacedOperators(
  { a, b }: MatchedGraphs,
  tensors: TensorPairs,
): GraphDiff['replaced'] {
  const [ofA, ofB] = [readersOfTensors(a), readersOfTensors(b)];
  const counts = new Map<string, { a: string; b: string; count: number }>();
  for (const { a: one, b: other } of tensors.pairs) {
    const isMatrix = one.about.dims.length >= 2;
    if (!isMatrix || one.values.kind !== 'elements' || other.values.kind !== 'elements') {
      continue;
    }
    const [reads, counterparts] = [ofA.get(one.values.tensor), ofB.get(other.values.tensor)];
    const gone = [...(reads ?? [])].filter((name) => counterparts?.has(name) === false);
    const come = [...(counterparts ?? [])].filter((name) => reads?.has(name) === false);
    gone.forEach((name, index) => {
      const counterpart = come[index];
      if (counterpart !== undefined) {
        const known = counts.get(`${name} ${counterpart}`);
        const count = (known?.count ?? 0) + 1;
        counts.set(`${name} ${counterpart}`, { a: name, b: counterpart, count });
      }
    });
  }
  return [...counts.values()].sort((one, other) => other.count - one.count);
}

/** The operators that compute with each stored tensor. */
function readersOfTensors({ flat }: ComparedGraph): Map<TensorRef, Set<string>> {
  const sources = flat.values.map(({ tensor }): TensorRef[] => (tensor ? [tensor] : []));
  const isFixed = flat.values.map(({ tensor }) => tensor !== undefined);
  const readers = new Map<TensorRef, Set<string>>();
  for (const { node, inputs, outputs } of flat.nodes) {
    const read = inputs.flatMap((value) => sources[value ?? -1] ?? []);
    if (inputs.length > 0 && inputs.every((value) => value === null || isFixed[value])) {
      outputs.forEach((value) => {
        if (value !== null) {
          sources[value] = read;
          isFixed[value] = true;
        }
      });
      continue;
    }
    for (const tensor of read) {
      readers.set(tensor, (readers.get(tensor) ?? new Set()).add(operatorName(node)));
    }
  }
  return readers;
}
