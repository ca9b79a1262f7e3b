import type { AttentionKind } from '../shared/attention';
import type { Token } from '../shared/text';

/** One head's probabilities, [query][key], and the tokens that its rows and columns are of. */
export interface HeadPattern {
  map: Float32Array;
  kind: AttentionKind;
  queries: readonly HeadToken[];
  keys: readonly HeadToken[];
}

/** What the reading of a head needs to know of a token. */
export type HeadToken = Pick<Token, 'id' | 'text' | 'special'> & Partial<Pick<Token, 'piece'>>;

/** What one query attends to. */
export interface PatternRow {
  query: number;
  /** The probabilities of the keys that it sees, which are the first ones. */
  row: Float32Array;
}

/** The rows of the queries that see more than one key: only these could attend to something else. */
export function rowsWithChoice({ map, kind, queries, keys }: HeadPattern): PatternRow[] {
  return queries.flatMap((_, query) => {
    const visible = kind === 'masked' ? Math.min(query + 1, keys.length) : keys.length;
    const start = query * keys.length;
    return visible > 1 ? [{ query, row: map.subarray(start, start + visible) }] : [];
  });
}
