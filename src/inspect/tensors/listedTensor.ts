import type { TensorRef } from '../../onnx/graph/model';
import type { StoredTensor } from '../../shared/tensorListing';
import type { GgufTensor } from '../../weights/gguf';
import type { Quantization } from '../../weights/parameters';

/** A tensor of a list, and where its numbers are to be had. */
export interface ListedTensor {
  about: StoredTensor;
  values: TensorValues;
}

/** Where the numbers of a tensor are. */
export type TensorValues =
  | { kind: 'elements'; tensor: TensorRef; quantization?: Quantization }
  /** In blocks of ggml with scales of their own. */
  | { kind: 'blocks'; tensor: GgufTensor };

/** Numbers tensors that share a name, in their order. */
export function withOccurrences(tensors: readonly ListedTensor[]): ListedTensor[] {
  const counts = new Map<string, number>();
  for (const { about } of tensors) {
    counts.set(about.name, (counts.get(about.name) ?? 0) + 1);
  }
  const met = new Map<string, number>();
  return tensors.map(({ about, values }) => {
    if ((counts.get(about.name) ?? 0) < 2) {
      return { about, values };
    }
    const occurrence = (met.get(about.name) ?? 0) + 1;
    met.set(about.name, occurrence);
    return { about: { ...about, occurrence }, values };
  });
}
