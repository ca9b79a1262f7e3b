/**
 * A sample of a list, spread evenly over it.
 * @param most how many at most.
 */
export function sampleEvenly<T>(all: readonly T[], most: number): T[] {
  const count = Math.min(most, all.length);
  return Array.from(
    { length: count },
    (_, index) => all[Math.floor(((index + 0.5) * all.length) / count)] as T,
  );
}
