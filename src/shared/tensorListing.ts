import type { ConstantKind, UnreadFile } from './modelOutline';

/** A tensor that a model file holds. */
export interface StoredTensor {
  /** Path of the model file that it is of: of a sharded model that of its shard. */
  file: string;
  /** As the file calls it; empty names do not occur. */
  name: string;
  /**
   * Which of the tensors of this name in the file it is, counted from 1: branches of an `If` may have
   * one each. Absent where the name is of one alone.
   */
  occurrence?: number;
  /**
   * The parameters of `transformers` that it is, as far as the file and what was saved beside it tell: the
   * modules in front may be left out. There are none where that is not known, several where they are
   * tied, were merged because they are equal, or are parts of it.
   */
  parameters: string[];
  /** Whether the parameter is stored as its transpose. */
  isTransposed: boolean;
  /**
   * Sizes of what its elements make up, of packed ones [rows, columns] of what is packed. A matrix that is
   * stored as its transpose has those of the parameter, and everything that is told of it goes by these.
   */
  dims: number[];
  /**
   * Element type; packed elements are called by their own, `uint4`, not by that of the bytes that they
   * are in; blocks of GGUF as llama.cpp calls them, in lower case: `q4_k`.
   */
  dtype: string;
  elements: number;
  /** In the file, which what only repeats another tensor's bytes has none of its own of. */
  bytes: number;
  /** Where its elements lie: in the file itself, or in another one beside it. */
  place: { kind: 'inside' } | { kind: 'external'; location: string; offset: number };
  /** What it is, if no parameter. */
  constant?: ConstantKind;
  /** The tensor that it is a copy of, maybe transposed or in another type, or whose bytes it shares. */
  copyOf?: { file: string; name: string; sharesBytes: boolean };
  quantization?: TensorQuantization;
}

/** How the numbers of a quantised tensor are got back. */
export interface TensorQuantization {
  bits: number;
  /** Names of the tensors with the scales and zero points; absent where a block holds its own. */
  scale?: string;
  zeroPoint?: string;
  /** Elements of a row that share a scale; absent where a row, a column or all do. */
  blockSize?: number;
}

/** What a path holds. */
export interface TensorListing {
  /** Of its files: a path has those of one alone. */
  format: TensorFormat;
  /** File by file, the encoder first, each in its own order. */
  tensors: StoredTensor[];
  /** Files beside them that cannot be read, and why. */
  unread: UnreadFile[];
  /** What files of weights say of themselves, in their order: `general.architecture`. */
  notes: FileNote[];
}

/** Formats of files with tensors; all but ONNX hold weights and no graph. */
export type TensorFormat = 'onnx' | 'safetensors' | 'gguf';

/** Something that a file of weights says of itself. */
export interface FileNote {
  name: string;
  /** Numbers and truth values as JSON has them. */
  value: string;
}

/** Names a tensor: names are unique within a file alone. */
export interface TensorId {
  /** Path that is inspected. */
  path: string;
  /** `StoredTensor.file`. */
  file: string;
  name: string;
  /** `StoredTensor.occurrence`; the first where it is absent. */
  occurrence?: number;
}

/** What the numbers of a tensor are, dequantised where they are stored as integers with a scale. */
export interface TensorStatistics {
  elements: number;
  /** Other figures leave out what is not finite. */
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
    /**
     * The 1st and the 99th percentile: exact for elements of up to 16 bits, else to a 4,096th of the
     * distance between minimum and maximum.
     */
    percentiles: { low: number; high: number };
    /** The first of those of the largest magnitude; one index for each dimension. */
    largest: { index: number[]; value: number };
    histogram: Histogram;
  };
  /** Of a quantised tensor, its scales: by channel or by block. */
  scales?: { count: number; minimum: number; maximum: number };
  isDequantized: boolean;
}

/** 64 bins of equal width, the last with its upper end. All numbers being one, they are 1 wide together. */
export interface Histogram {
  from: number;
  to: number;
  counts: number[];
}

/**
 * A stretch of a matrix: rows are all dimensions but the last one. A vector has one row, and a scalar one
 * column, too.
 */
export interface TensorWindow {
  row: number;
  rows: number;
  column: number;
  columns: number;
}

/**
 * A stretch of a matrix scaled down: each cell is the element of its stretch farthest from 0, or NaN
 * where one is.
 */
export interface TensorTile {
  /** No more than the window has. */
  rows: number;
  columns: number;
  /** [row][column] */
  values: Float32Array;
}

/** How far the work on a tensor is; some goes over it twice. */
export interface TensorProgress {
  /** From 0 to 1. */
  share: number;
}

/** A file that a tensor was written to. */
export interface SavedTensor {
  /** Absolute path. */
  file: string;
  /** As NumPy calls it: `<f4`. */
  descr: string;
  bytes: number;
}
