import type { TensorRef } from '../onnx/graph/model';
import type { PackedBits } from '../onnx/graph/operatorInputs';

/** How the integers of a tensor stand for the elements of a parameter. */
export type Quantization =
  /**
   * `(integer − zero point) × scale`, as `DequantizeLinear` of ONNX has it. There is one scale for
   * the tensor, or one for each index of `axis`, or one for each `blockSize` indices of it.
   */
  | {
      kind: 'linear';
      scale: TensorRef;
      zeroPoint?: TensorRef;
      /** Of the tensor as it is stored; negative ones count from the last. */
      axis: number;
      blockSize?: number;
    }
  /**
   * Blocks of a row, packed into bytes, as `MatMulNBits` of ONNX Runtime has them: bytes [rows,
   * blocks, blockSize × bits / 8], scales [rows × blocks].
   */
  | {
      kind: 'packed';
      bits: PackedBits;
      blockSize: number;
      rows: number;
      columns: number;
      scale: TensorRef;
      zeroPoint?: TensorRef;
    }
  /**
   * Numbers of a table, each looked up by 4 bits, as `MatMulBnb4` of ONNX Runtime has them: all rows
   * [rows, columns] one behind the other, `blockSize` elements to a scale, wherever rows end.
   */
  | {
      kind: 'codes';
      table: CodeTable;
      blockSize: number;
      rows: number;
      columns: number;
      scale: TensorRef;
      zeroPoint?: never;
    };

/** The types of 4 bits that bitsandbytes brought: a small float, and quantiles of the normal distribution. */
export type CodeTable = 'fp4' | 'nf4';

/** Where the elements of a parameter are, and what was done to them when they were stored. */
export interface StoredParameter {
  tensor: TensorRef;
  /** Whether the tensor is [in, out] while the parameter is [out, in]. */
  transposed: boolean;
  /** Indices of an axis of {@link storedDims}, if the parameter is only a part of the tensor. */
  part?: { axis: number; start: number; length: number };
  quantization?: Quantization;
}

/** A parameter of a model, bound to the tensor of an ONNX file that stands for it. */
export interface BoundParameter extends StoredParameter {
  /** As `transformers` calls it, as far as the file tells: its root may be another module. */
  name: string;
  /** Shape as in `transformers`; that of a linear layer's weight is [out, in]. */
  dims: number[];
  /** Whether the tensor carries the name, or the name was made of the module that uses it. */
  from: 'name' | 'use';
  /**
   * Whether the exporter computed the tensor from the parameter in a way that the file does not
   * tell, so that its elements may differ: 1 + weight of a norm, weight normalisation.
   */
  altered: boolean;
  /** All names of the tensor: tied parameters, and equal ones that the exporter merged. */
  names: string[];
  /** Other tensors that hold the parameter again, for instance transposed for a tied output. */
  copies: StoredParameter[];
}

/** The parameters of an ONNX file. */
export interface BoundWeights {
  parameters: ReadonlyMap<string, BoundParameter>;
  /** Tensors of several floating-point or quantised elements that no parameter was found for. */
  unbound: StoredParameter[];
}

/** The transpose of a matrix, which may be how the tensor is stored. */
export function transposeOf(stored: StoredParameter): StoredParameter {
  return { ...stored, transposed: !stored.transposed };
}

/** The shape of the elements of a tensor, however they are packed. */
export function storedDims({ tensor, quantization }: StoredParameter): readonly number[] {
  return quantization === undefined || quantization.kind === 'linear'
    ? tensor.dims
    : [quantization.rows, quantization.columns];
}

/** The shape of a parameter as `transformers` has it. */
export function dimsOf(stored: StoredParameter): number[] {
  const { transposed, part } = stored;
  const dims = [...storedDims(stored)];
  if (part !== undefined) {
    dims.splice(part.axis, 1, part.length);
  }
  return transposed ? dims.reverse() : dims;
}
