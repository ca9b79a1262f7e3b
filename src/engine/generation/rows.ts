import type { Tensor } from '../runtime/tensor';

/** Sequences of one length as a tensor of ids [sequences, length]. */
export function int64Rows(rows: readonly (readonly number[])[]): Tensor {
  const length = rows[0]?.length ?? 0;
  return {
    type: 'int64',
    data: BigInt64Array.from(rows.flat(), BigInt),
    dims: [rows.length, length],
  };
}

/** Rows of a tensor [rows, …], each as often and in the order asked for. */
export function takeRows(tensor: Tensor, rows: readonly number[]): Tensor {
  const [count = 1, ...rest] = tensor.dims;
  if (count === rows.length && rows.every((row, place) => row === place)) {
    return tensor;
  }
  const dims = [rows.length, ...rest];
  switch (tensor.type) {
    case 'float32':
      return { type: tensor.type, data: taken(tensor.data, count, rows, Float32Array), dims };
    case 'float16':
      return { type: tensor.type, data: taken(tensor.data, count, rows, Uint16Array), dims };
    case 'int64':
      return { type: tensor.type, data: taken(tensor.data, count, rows, BigInt64Array), dims };
    case 'uint8':
    case 'bool':
      return { type: tensor.type, data: taken(tensor.data, count, rows, Uint8Array), dims };
  }
}

/** Tensors of one type and shape [1, …] as one [tensors, …]. */
export function joinRows(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  if (first === undefined) {
    throw new RangeError('no tensors to join');
  }
  const dims = [tensors.length, ...first.dims.slice(1)];
  switch (first.type) {
    case 'float32':
      return { type: first.type, data: joined(tensors, Float32Array), dims };
    case 'float16':
      return { type: first.type, data: joined(tensors, Uint16Array), dims };
    case 'int64':
      return { type: first.type, data: joined(tensors, BigInt64Array), dims };
    case 'uint8':
    case 'bool':
      return { type: first.type, data: joined(tensors, Uint8Array), dims };
  }
}

/** What the typed arrays of tensors have in common. */
interface Values<Self> {
  readonly length: number;
  subarray(start: number, end: number): Self;
  set(values: Self, offset: number): void;
}

function taken<T extends Values<T>>(
  data: T,
  count: number,
  rows: readonly number[],
  create: new (length: number) => T,
): T {
  const size = data.length / count;
  const result = new create(rows.length * size);
  for (const [place, row] of rows.entries()) {
    result.set(data.subarray(row * size, (row + 1) * size), place * size);
  }
  return result;
}

function joined<T extends Values<T>>(
  tensors: readonly Tensor[],
  create: new (length: number) => T,
): T {
  const parts = tensors.map(({ data }) => {
    if (!(data instanceof create)) {
      throw new TypeError('expected tensors of one type');
    }
    return data;
  });
  const result = new create(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
