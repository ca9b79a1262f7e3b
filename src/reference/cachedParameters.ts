import type { ParameterStore } from '../weights/parameterStore';

/**
 * A store that keeps what it has read, for runs of one model one after the other, such as one for each
 * head that is ablated. Once there is no more room, parameters are read anew at each call: the first
 * ones of a model stay, which is better than to drop and read all of them in every run.
 *
 * @param maximumBytes how much it may keep
 */
export function cachedParameters(store: ParameterStore, maximumBytes: number): ParameterStore {
  const kept = new Map<string, Promise<Float32Array>>();
  let room = maximumBytes;
  return {
    ...store,
    read: (name, isTransposed) => {
      const key = isTransposed ? `${name}ᵀ` : name;
      const known = kept.get(key);
      if (known !== undefined) {
        return known;
      }
      const elements = store.read(name, isTransposed);
      const bytes = bytesOf(store.shapes.get(name));
      if (bytes <= room) {
        room -= bytes;
        kept.set(key, elements);
        elements.catch(() => {
          kept.delete(key);
          room += bytes;
        });
      }
      return elements;
    },
  };
}

function bytesOf(dims: readonly number[] = []): number {
  return dims.reduce((product, size) => product * size, Float32Array.BYTES_PER_ELEMENT);
}
