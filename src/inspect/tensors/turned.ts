import type {
  StoredTensor,
  TensorStatistics,
  TensorTile,
  TensorWindow,
} from '../../shared/tensorListing';

/*
 * A matrix that is stored as its transpose is shown as the parameter whose name it bears: who compares it
 * with that in PyTorch finds the same rows. Its elements are turned as they are read.
 */

/** Whether a tensor is shown the other way round than it is stored. */
export function isTurned({ isTransposed, dims }: StoredTensor): boolean {
  return isTransposed && dims.length === 2;
}

/** Elements of a matrix that is read whole, so that its columns are not read one element at a time. */
const MOST_AT_ONCE = 2 ** 17;

/**
 * Reads elements of the transpose of a stored matrix, row-major: a few of a large one.
 * @param dims [rows, columns] as stored.
 */
export function turnedRead<T extends number | bigint>(
  read: (first: number, count: number) => Promise<ArrayLike<T>>,
  [rows = 1, columns = 1]: readonly number[],
): (first: number, count: number) => Promise<T[]> {
  const isSmall = rows * columns <= MOST_AT_ONCE;
  let whole: Promise<ArrayLike<T>> | undefined;
  const element = async (at: number): Promise<T | undefined> => {
    const stored = (at % rows) * columns + Math.floor(at / rows);
    whole ??= isSmall ? read(0, rows * columns) : undefined;
    return whole === undefined ? (await read(stored, 1))[0] : (await whole)[stored];
  };
  return async (first, count) => {
    const elements: T[] = [];
    for (let at = first; at < first + count; at++) {
      const found = await element(at);
      if (found !== undefined) {
        elements.push(found);
      }
    }
    return elements;
  };
}

/** The stretch of a stored matrix that is one of its transpose. */
export function turnedWindow({ row, rows, column, columns }: TensorWindow): TensorWindow {
  return { row: column, rows: columns, column: row, columns: rows };
}

export function turnedTile({ rows, columns, values }: TensorTile): TensorTile {
  const turned = new Float32Array(values.length);
  values.forEach((value, at) => {
    turned[(at % columns) * rows + Math.floor(at / columns)] = value;
  });
  return { rows: columns, columns: rows, values: turned };
}

/** Figures of a stored matrix as those of its transpose: but for the place of an element they are the same. */
export function turnedStatistics(statistics: TensorStatistics): TensorStatistics {
  const { finite, ...others } = statistics;
  if (finite === undefined) {
    return statistics;
  }
  const { index, value } = finite.largest;
  return { ...others, finite: { ...finite, largest: { index: index.toReversed(), value } } };
}
