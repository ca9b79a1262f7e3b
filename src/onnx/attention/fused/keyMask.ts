import type { GraphBuilder } from '../../graph/graphBuilder';
import type { Dimension } from '../../graph/model';

/**
 * The `mask_index` of `com.microsoft.Attention` as a `key_padding_mask` of `MultiHeadAttention`.
 *
 * Both take masks [batch, keys] and [batch, queries, keys] of zeros and ones. Where the file says
 * that `mask_index` is a list, it holds where each text ends, or all ends and then all starts, and
 * is written out as zeros and ones. One column stands for all keys alike, and so for no mask.
 *
 * @param shape that of the mask, as far as the file says it.
 * @param queries value [batch, tokens, hidden].
 * @param pastKeys value [batch, heads, tokens, size], or empty.
 */
export function maskOfKeys(
  to: GraphBuilder,
  mask: string,
  shape: readonly Dimension[] | undefined,
  queries: string,
  pastKeys: string,
): string {
  if (mask === '' || (shape?.length === 2 && shape[1] === 1)) {
    return '';
  }
  if (shape?.length !== 1) {
    return mask;
  }
  const batch = size(to, queries, 0);
  const ends = to.add('Slice', [mask, to.integers([0]), batch]);
  const starts = startsAfter(to, mask, ends, batch);
  const keys = keyNumbers(to, queries, pastKeys);
  const isInside = to.add('And', [
    to.add('Less', [keys, column(to, ends)]),
    to.add('Not', [to.add('Less', [keys, column(to, starts)])]),
  ]);
  return to.cast(isInside, 'int32');
}

/** The second half of a list, [batch]; zeros where the list has only one. */
function startsAfter(to: GraphBuilder, mask: string, ends: string, batch: string): string {
  const zeros = to.add('Sub', [ends, ends]);
  const list = to.add('Concat', [mask, zeros], { axis: { kind: 'int', value: 0 } });
  return to.add('Slice', [list, batch, to.add('Add', [batch, batch])]);
}

/** 0, 1, 2 … as int32 [keys]: those of earlier steps and of this one. */
function keyNumbers(to: GraphBuilder, queries: string, pastKeys: string): string {
  const own = size(to, queries, 1);
  const all = pastKeys === '' ? own : to.add('Add', [size(to, pastKeys, 2), own]);
  const count = to.add('Gather', [all, to.integer(0)]);
  const numbers = to.add('Range', [to.integer(0), count, to.integer(1)]);
  return to.cast(numbers, 'int32');
}

/** One size of a value, as a list of one. */
function size(to: GraphBuilder, value: string, axis: number): string {
  return to.add('Gather', [to.add('Shape', [value]), to.integers([axis])]);
}

/** A list as a column. */
function column(to: GraphBuilder, list: string): string {
  return to.add('Reshape', [list, to.integers([-1, 1])]);
}
