import type { AttentionKind } from '../shared/attention';
import type { Token } from '../shared/text';

/** One head's probabilities, [query][key], and the tokens that its rows and columns are of. */
export interface ReadHead {
  map: Float32Array;
  kind: AttentionKind;
  queries: readonly HeadToken[];
  keys: readonly HeadToken[];
}

/** What the reading of a head needs to know of a token. */
export type HeadToken = Pick<Token, 'id' | 'text' | 'special'>;

/** How many keys a query sees, the first ones. */
export function visibleKeys(
  { kind, keys }: Pick<ReadHead, 'kind' | 'keys'>,
  query: number,
): number {
  return kind === 'masked' ? Math.min(query + 1, keys.length) : keys.length;
}
