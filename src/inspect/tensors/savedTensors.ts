import { elementCount } from '../../onnx/graph/elementCount';
import type { TensorRef } from '../../onnx/graph/model';
import { plainType, type Gguf, type GgufTensor } from '../../weights/gguf';
import type { Safetensors } from '../../weights/safetensors';
import type { ListedTensor } from './listedTensor';

/** The tensors of a safetensors file, which are parameters under the names that they have. */
export function safetensorsTensors(file: string, { tensors }: Safetensors): ListedTensor[] {
  return [...tensors.values()].map((tensor) => ({
    about: {
      file,
      name: tensor.name,
      parameters: [tensor.name],
      isTransposed: false,
      dims: tensor.dims,
      dtype: tensor.dtype,
      elements: elementCount(tensor.dims),
      bytes: tensor.data.kind === 'raw' ? tensor.data.span.length : 0,
      place: { kind: 'inside' },
    },
    values: { kind: 'elements', tensor },
  }));
}

/** The tensors of a GGUF file, whose names are those of llama.cpp. */
export function ggufTensors(file: string, { tensors }: Gguf): ListedTensor[] {
  return tensors.map((tensor) => {
    const { name, dims, type, length } = tensor;
    const plain = plainOf(tensor);
    return {
      about: {
        file,
        name,
        parameters: [],
        isTransposed: false,
        dims,
        dtype: plain?.dtype ?? type.name,
        elements: elementCount(dims),
        bytes: length,
        place: { kind: 'inside' },
        ...(plain === undefined
          ? { quantization: { bits: type.bits, blockSize: type.elements } }
          : {}),
      },
      values:
        plain === undefined ? { kind: 'blocks', tensor } : { kind: 'elements', tensor: plain },
    };
  });
}

/** A tensor that is not quantised, as one of ONNX. */
function plainOf({ name, dims, type, offset, length }: GgufTensor): TensorRef | undefined {
  const dtype = plainType(type);
  return dtype && { name, dtype, dims, data: { kind: 'raw', span: { offset, length } } };
}
