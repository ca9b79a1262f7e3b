import type { TensorRef } from '../../../onnx/graph/model';
import { haveSameDims } from '../../../inspect/diff/tensorPairs';
import { Failure } from '../../../shared/failure';
import type { TensorReader } from '../../../weights/tensorReader';
import type { InspectedGraph } from '../inspectedGraph';

/**
 * Reads tensors that stand in attributes of two graphs, constants as a rule, and tells which pairs hold the
 * same elements.
 * @throws the signal's reason
 */
export async function equalAttributes(
  a: InspectedGraph,
  b: InspectedGraph,
  pairs: readonly (readonly [TensorRef, TensorRef])[],
  signal: AbortSignal,
): Promise<(a: TensorRef, b: TensorRef) => boolean> {
  const equal = new Map<TensorRef, Set<TensorRef>>();
  const [ofA, ofB] = [a.reader(), b.reader()];
  for (const [one, other] of pairs) {
    signal.throwIfAborted();
    if (await areEqual(ofA, one, ofB, other)) {
      equal.set(one, (equal.get(one) ?? new Set()).add(other));
    }
  }
  return (one, other) => equal.get(one)?.has(other) === true;
}

async function areEqual(
  ofA: TensorReader,
  a: TensorRef,
  ofB: TensorReader,
  b: TensorRef,
): Promise<boolean> {
  if (a.dtype !== b.dtype || !haveSameDims(a.dims, b.dims)) {
    return false;
  }
  try {
    const [one, other] = await Promise.all([ofA.bytes(a), ofB.bytes(b)]);
    return Buffer.compare(one, other) === 0;
  } catch (error) {
    // Texts, and what is cut short, are not told to be equal.
    if (error instanceof Failure) {
      return false;
    }
    throw error;
  }
}
