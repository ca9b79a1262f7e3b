import { changedSince } from '../onnx/file/errors';
import { elementCount } from '../onnx/graph/elementCount';
import type { ByteSource } from '../onnx/graph/model';
import { Failure, phrase } from '../shared/failure';
import type { ReadElements } from './dequantizedParts';
import type { GgufTensor } from './gguf';
import { blockDecoder } from './ggufBlocks';

/**
 * What reads a tensor of blocks in parts, as the numbers that llama.cpp makes of them.
 * @param file What to call the file in error messages.
 * @throws Failure of kind `unsupported` for types whose blocks Headlight does not take apart.
 */
export function ggufParts(tensor: GgufTensor, source: ByteSource, file: string): ReadElements {
  const { name, dims, type, offset } = tensor;
  const decode = blockDecoder(type.name);
  if (decode === undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'Tensor “{0}” has elements of type {1}, which Headlight cannot read',
        name,
        type.name,
      ),
      where: file,
      remedy: phrase('use a file with weights in F32, F16, BF16, Q4_0 to Q8_0 or Q2_K to Q6_K'),
    });
  }
  const all = elementCount(dims);
  return async (first, count) => {
    if (first + count > all) {
      throw new RangeError(`Tensor ${name} has ${all} elements, not ${first + count}`);
    }
    const start = Math.floor(first / type.elements);
    const blocks = Math.ceil((first + count) / type.elements) - start;
    const at = offset + start * type.bytes;
    const length = blocks * type.bytes;
    const bytes = at + length <= source.size ? await source.read(at, length) : undefined;
    if (bytes?.length !== length) {
      throw changedSince(file);
    }
    const numbers = new Float32Array(blocks * type.elements);
    for (let block = 0; block < blocks; block++) {
      decode(bytes, block * type.bytes, numbers, block * type.elements);
    }
    const before = first - start * type.elements;
    return numbers.subarray(before, before + count);
  };
}
