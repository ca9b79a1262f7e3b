import type { HeadMap, RowAlignment } from './attention';

/** A map whose rows are about the tokens of a sequence, from one of them on. */
export interface RowsOfTokens extends HeadMap {
  /** Index of the token that the first row is about. */
  first: number;
}

/**
 * A map by the tokens that its rows are about. Where a row is about the next token, the first token has
 * no row, and the last row is left out: the token that it is about is not there.
 * @param rows absent where each row is about the token that it is computed for, as in self-attention.
 */
export function rowsOfTokens(map: HeadMap, rows: RowAlignment | undefined): RowsOfTokens {
  const { queries, keys, values } = map;
  if (rows !== 'next') {
    return { queries, keys, values, first: 0 };
  }
  const kept = queries - 1;
  return { queries: kept, keys, values: values.subarray(0, kept * keys), first: 1 };
}
