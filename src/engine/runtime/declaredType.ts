import { Tensor as OrtTensor } from 'onnxruntime-node';
import { Failure, phrase } from '../../shared/failure';
import { asNumbers, numberToHalf, type Tensor } from './tensor';

/**
 * A tensor in the type that a graph declares for its input. Exporters differ in it: token ids come as
 * int64 or int32, masks also as bool or floating-point numbers, of which 0 and 1 keep their meaning.
 * @param declared ONNX Runtime's name of the type.
 * @throws Failure `unsupported` for a type that numbers cannot be given in.
 */
export function inDeclaredType(name: string, tensor: Tensor, declared: string): OrtTensor {
  if (tensor.type === declared) {
    return asItIs(tensor);
  }
  const { dims } = tensor;
  const numbers = asNumbers(tensor);
  switch (declared) {
    case 'int64':
      return new OrtTensor(declared, BigInt64Array.from(numbers, BigInt), dims);
    case 'int32':
      return new OrtTensor(declared, Int32Array.from(numbers), dims);
    case 'int8':
      return new OrtTensor(declared, Int8Array.from(numbers), dims);
    case 'uint8':
    case 'bool':
      return new OrtTensor(declared, Uint8Array.from(numbers), dims);
    case 'float32':
      return new OrtTensor(declared, Float32Array.from(numbers), dims);
    case 'float64':
      return new OrtTensor(declared, Float64Array.from(numbers), dims);
    case 'float16':
      return new OrtTensor(declared, Uint16Array.from(numbers, numberToHalf), dims);
    default:
      throw new Failure({
        kind: 'unsupported',
        what: phrase(
          'The model takes “{0}” in the type {1}, which Headlight cannot give',
          name,
          declared,
        ),
        where: name,
        todo: phrase('export the model with inputs of whole or floating-point numbers'),
      });
  }
}

function asItIs({ type, data, dims }: Tensor): OrtTensor {
  switch (type) {
    case 'float32':
      return new OrtTensor(type, data, dims);
    case 'float16':
      return new OrtTensor(type, data, dims);
    case 'int64':
      return new OrtTensor(type, data, dims);
    case 'uint8':
      return new OrtTensor(type, data, dims);
    case 'bool':
      return new OrtTensor(type, data, dims);
  }
}
