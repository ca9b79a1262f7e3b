/** Which keys each query of a batch may see. */
export interface Mask {
  /** [batch, queries, keys] */
  dims: readonly [number, number, number];
  /** 1 where the query may see the key. */
  allowed: Uint8Array;
}

/** Of each sequence of a batch, 1 for a token and 0 for padding. */
export type Padding = readonly (readonly number[])[];

/** No query sees a key that is padding. */
export function paddingMask(padding: Padding, queries: number): Mask {
  const keys = padding[0]?.length ?? 0;
  return maskWhere(padding.length, queries, keys, (batch, _, key) => padding[batch]?.[key] !== 0);
}

/**
 * No query sees a key behind it, so that what is predicted depends on what came before alone:
 * "Attention Is All You Need" (2017), section 3.2.3, third point.
 */
export function causalMask(batches: number, tokens: number): Mask {
  return maskWhere(batches, tokens, tokens, (_, query, key) => key <= query);
}

/** A query sees the keys that both masks let it see. */
export function combineMasks(a: Mask, b: Mask): Mask {
  return { dims: a.dims, allowed: a.allowed.map((bit, i) => bit & (b.allowed[i] ?? 0)) };
}

function maskWhere(
  batches: number,
  queries: number,
  keys: number,
  isAllowed: (batch: number, query: number, key: number) => boolean,
): Mask {
  const allowed = new Uint8Array(batches * queries * keys);
  let i = 0;
  for (let batch = 0; batch < batches; batch++) {
    for (let query = 0; query < queries; query++) {
      for (let key = 0; key < keys; key++) {
        allowed[i++] = Number(isAllowed(batch, query, key));
      }
    }
  }
  return { dims: [batches, queries, keys], allowed };
}
