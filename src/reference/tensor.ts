/** A dense tensor, row-major: the last axis runs fastest. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** How many elements a shape has. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** The size of an axis; negative ones count from the last. */
export function axis({ dims }: Tensor, index: number): number {
  return dims.at(index) ?? 1;
}

/** The same elements in another shape of as many. */
export function reshape({ data }: Tensor, dims: readonly number[]): Tensor {
  return { dims, data };
}

/** a + b, element by element, of two tensors of one shape. */
export function add(a: Tensor, b: Tensor): Tensor {
  const { data } = b;
  return { dims: a.dims, data: a.data.map((value, i) => value + (data[i] ?? 0)) };
}

/** Every element times a number. */
export function scale({ dims, data }: Tensor, factor: number): Tensor {
  return { dims, data: factor === 1 ? data : data.map((value) => value * factor) };
}

/** The elements of the last axis at each index of the others, as views: rows of a matrix. */
export function* rows({ dims, data }: Tensor): Generator<Float32Array> {
  const width = dims.at(-1) ?? 1;
  for (let start = 0; start < data.length; start += width) {
    yield data.subarray(start, start + width);
  }
}
