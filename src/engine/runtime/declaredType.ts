import { Failure, phrase } from '../../shared/failure';
import { asNumbers, toFloat16, type Tensor } from './tensor';

/** A tensor in one of the types that a graph may ask for. */
export type FedTensor =
  | Tensor
  | { type: 'int32'; data: Int32Array; dims: readonly number[] }
  | { type: 'int8'; data: Int8Array; dims: readonly number[] }
  | { type: 'float64'; data: Float64Array; dims: readonly number[] };

/**
 * A tensor in the type that a graph declares for its input. Exporters differ in it: token ids come as
 * int64 or int32, masks also as bool or floating-point numbers, of which 0 and 1 keep their meaning.
 * @param declared ONNX Runtime's name of the type.
 * @throws Failure `unsupported` for a type that numbers cannot be given in.
 */
export function castToDeclaredType(name: string, tensor: Tensor, declared: string): FedTensor {
  if (tensor.type === declared) {
    return tensor;
  }
  const { dims } = tensor;
  const numbers = asNumbers(tensor);
  switch (declared) {
    case 'int64':
      return { type: declared, data: BigInt64Array.from(numbers, BigInt), dims };
    case 'int32':
      return { type: declared, data: Int32Array.from(numbers), dims };
    case 'int8':
      return { type: declared, data: Int8Array.from(numbers), dims };
    case 'uint8':
    case 'bool':
      return { type: declared, data: Uint8Array.from(numbers), dims };
    case 'float32':
      return { type: declared, data: Float32Array.from(numbers), dims };
    case 'float64':
      return { type: declared, data: Float64Array.from(numbers), dims };
    case 'float16':
      return { type: declared, data: Uint16Array.from(numbers, toFloat16), dims };
    default:
      throw new Failure({
        kind: 'unsupported',
        what: phrase(
          'The model takes “{0}” in the type {1}, which Headlight cannot give',
          name,
          declared,
        ),
        where: name,
        remedy: phrase('export the model with inputs of whole or floating-point numbers'),
      });
  }
}
