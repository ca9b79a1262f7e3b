import type { ConstantKind } from './modelOutline';

/** A tensor that a model file holds. */
export interface StoredTensor {
  /** Path of the model file that it is of. */
  file: string;
  /** As the file calls it; empty names do not occur. */
  name: string;
  /** The parameter of `transformers` that it is; absent where that is not known. */
  parameter?: string;
  /** Whether the parameter is stored as its transpose. */
  isTransposed: boolean;
  /** As stored. */
  dims: number[];
  /** Element type; packed elements are called by their own: `uint4`, not that of the bytes they are in. */
  dtype: string;
  elements: number;
  bytes: number;
  /** Where its elements lie: in the file itself, or in another one beside it. */
  place: { kind: 'inside' } | { kind: 'external'; location: string; offset: number };
  /** What it is, if no parameter. */
  constant?: ConstantKind;
  /** The name of the tensor that it is a copy of. */
  copyOf?: string;
  quantization?: TensorQuantization;
}

/** How the numbers of a quantised tensor are got back. */
export interface TensorQuantization {
  bits: number;
  /** Names of the tensors with the scales and zero points. */
  scale: string;
  zeroPoint?: string;
  /** Elements of a row that share a scale; absent where a row, a column or all do. */
  blockSize?: number;
}

/** Names a tensor: names are unique within a file alone. */
export interface TensorId {
  /** Path that is inspected. */
  path: string;
  /** `StoredTensor.file`. */
  file: string;
  name: string;
}

/** What the numbers of a tensor are, dequantised where they are stored as integers with a scale. */
export interface TensorStatistics {
  elements: number;
  /** The rest of the figures leaves these out. */
  nan: number;
  infinite: number;
  zeros: number;
  /** Absent where there is no finite number. */
  finite?: {
    minimum: number;
    maximum: number;
    mean: number;
    standardDeviation: number;
    /** Root of the sum of squares. */
    norm: number;
    /** The 1st and the 99th percentile, exact to the width of a bin of the histogram. */
    percentiles: { low: number; high: number };
    /** Of the largest magnitude, one index for each dimension. */
    largest: { index: number[]; value: number };
    histogram: Histogram;
  };
  /** Of a quantised tensor, its scales: by channel or by block. */
  scales?: { count: number; minimum: number; maximum: number };
  isDequantized: boolean;
}

/** Bins of equal width; the last one includes its upper end. */
export interface Histogram {
  from: number;
  to: number;
  counts: number[];
}

/** A stretch of a matrix: rows are all dimensions but the last one. */
export interface TensorWindow {
  row: number;
  rows: number;
  column: number;
  columns: number;
}

/** A stretch of a matrix scaled down: each cell is the element of its stretch farthest from 0. */
export interface TensorTile {
  rows: number;
  columns: number;
  /** [row][column] */
  values: Float32Array;
}
