/** The index of an element in each dimension, from its place row-major. */
export function elementIndex(at: number, dims: readonly number[]): number[] {
  const index: number[] = [];
  let rest = at;
  for (const size of dims.toReversed()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}
