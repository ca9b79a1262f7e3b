import { phrase } from '../../shared/failure';
import type { TensorFormat, TensorListing } from '../../shared/tensorListing';
import { percent } from '../../shared/percent';
import type { FactWords } from './factWords';

/** Elements by their type, as shares of 1, the largest first. */
export function dtypeShares({
  tensors,
}: Pick<TensorListing, 'tensors'>): { dtype: string; share: number }[] {
  const counts = new Map<string, number>();
  for (const { dtype, elements } of tensors) {
    counts.set(dtype, (counts.get(dtype) ?? 0) + elements);
  }
  const all = elementsOf(tensors);
  return Array.from(counts, ([dtype, count]) => ({ dtype, share: count / Math.max(1, all) })).sort(
    (one, other) => other.share - one.share,
  );
}

/**
 * What is known of files that hold weights and no graph, and what they say of themselves.
 * @param language that numbers are written in, a BCP 47 tag.
 */
export function weightFacts(listing: TensorListing, language: string): FactWords[][] {
  const { format, tensors, notes } = listing;
  const shares = dtypeShares(listing);
  return [
    [
      {
        label: phrase('Format'),
        value: formatName(format),
        aside: phrase('weights without a graph'),
      },
      { label: phrase('Numbers'), value: elementsOf(tensors).toLocaleString(language) },
      {
        label: phrase('Stored as'),
        value: shares
          .map(
            ({ dtype, share }) =>
              `${percent(share, language, { maximumFractionDigits: 1 })} ${dtype}`,
          )
          .join(', '),
        below: 'dtypes' as const,
      },
    ],
    notes.map(({ name, value }) => ({ label: name, value })),
  ].filter((group) => group.length > 0);
}

function elementsOf(tensors: TensorListing['tensors']): number {
  return tensors.reduce((sum, { elements }) => sum + elements, 0);
}

function formatName(format: TensorFormat): string {
  return { onnx: 'ONNX', safetensors: 'Safetensors', gguf: 'GGUF' }[format];
}
