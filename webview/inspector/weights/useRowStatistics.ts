import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RemoteInspector } from '../../../src/shared/inspector';
import type { StoredTensor, TensorStatistics } from '../../../src/shared/tensorListing';
import { idOf, keyOf } from './tensorRows';

/** Larger tensors are read when they are chosen. Unit: bytes. */
const LARGEST = 4_000_000;

/**
 * What the numbers of the tensors in sight are, one after the other; what was found stays.
 * @param shown the tensors in sight.
 */
export function useRowStatistics(
  host: RemoteInspector,
  shown: readonly StoredTensor[],
): ReadonlyMap<string, TensorStatistics> {
  const [found, setFound] = useState<ReadonlyMap<string, TensorStatistics>>(new Map());
  const asked = useRef(new Set<string>());
  const [isAsking, setAsking] = useState(false);
  const next = shown.find(
    (tensor) =>
      tensor.bytes <= LARGEST && tensor.dtype !== 'string' && !asked.current.has(keyOf(tensor)),
  );
  const nextKey = next === undefined ? undefined : keyOf(next);
  useLayoutEffect(() => {
    if (next === undefined || isAsking) {
      return undefined;
    }
    const key = keyOf(next);
    asked.current.add(key);
    setAsking(true);
    host
      .tensorStatistics(idOf(next))
      .then((statistics) => setFound((before) => new Map([...before, [key, statistics]])))
      // The row stays without figures; choosing the tensor tells why.
      .catch(() => undefined)
      .finally(() => setAsking(false));
    return undefined;
  }, [nextKey, isAsking]);
  return found;
}
