/** How many elements a tensor of these sizes has; one if it has no dimension. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}
