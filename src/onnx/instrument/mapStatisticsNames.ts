import type { AttentionTap } from '../attention/tap';

/** Layers of one stack that attend alike: `decoder.cross`. Their maps have the same size. */
export type LayerGroup = string;

export function layerGroup({ component, kind }: AttentionTap): LayerGroup {
  return `${component}.${kind}`;
}

/** Names of the inputs that the layers of a group share. */
export interface GroupInputs {
  /**
   * int64 [chunks, 8], at least one: the part of the maps that each chunk is, all heads of some
   * queries and keys, as the pads of `Pad`; behind queries and keys counted from the start. Zeros
   * stand for what lies beyond the map, and other keys count as zeros. One chunk of one query
   * costs nothing.
   */
  windows: string;
  /** int64 [chunks, 8]: the pads that bring each chunk's tiles to the columns of all. */
  tilePads: string;
  /** float32 [chunks, queries, 1]: each chunk's queries by their numbers. */
  queryNumbers: string;
  /** float32 [keys]: the keys by their numbers, as many as the largest window has. */
  keyNumbers: string;
  /** int64 [4]: the shape [1, heads, any, span] of a chunk, with the keys of a tile last. */
  keyTiles: string;
  /** int64 [5]: the shape [1, heads, cells, span, columns] of a chunk whose keys are in tiles. */
  queryTiles: string;
  /** int64 [marks]: cells of a map, counted row by row. */
  marks: string;
  /** float32 [2, marks]: weights for the two sums of these cells. */
  weights: string;
}

export function groupInputs(group: LayerGroup): GroupInputs {
  const name = (what: string): string => `headlight.${group}.${what}`;
  return {
    windows: name('windows'),
    tilePads: name('tilePads'),
    queryNumbers: name('queryNumbers'),
    keyNumbers: name('keyNumbers'),
    keyTiles: name('keyTiles'),
    queryTiles: name('queryTiles'),
    marks: name('marks'),
    weights: name('weights'),
  };
}

/** Names of what belongs to one layer: two inputs, and the outputs, of type float32 but for
 * one. */
export interface LayerReductions extends Pick<AttentionTap, 'id' | 'component' | 'kind' | 'layer'> {
  group: LayerGroup;
  /** Whether the probabilities are had in full precision, so that rows sum to 1 within rounding. */
  isExact: boolean;
  /**
   * Inputs, int64 [2]: the first head and query of the part of the maps that is wanted, and the ones
   * behind the last. What lies beyond the map counts as its end, and an empty part costs nothing.
   */
  from: string;
  to: string;
  /**
   * Input, int64 [2]: how many queries and keys are a text's own, and not padding behind it. Only in
   * graphs that read a fixed number of tokens; all else here is of these queries and keys.
   */
  own?: string;
  /** [1, heads, queries, keys]: the probabilities of that part. */
  maps: string;
  /**
   * uint8 [1, heads, 1, chunks × cells × columns]: the largest probability of each cell, in 255ths of
   * the head's largest.
   */
  tiles: string;
  /** [1, heads, 1, 1]: the largest probability of a head. */
  peaks: string;
  /**
   * [chunks, 1, heads, 1, 3]: sums over the rows of a chunk, of their entropy −Σ p ln p in nats, their
   * maximum, and their expected distance Σ p |query − key|.
   */
  sums: string;
  /** [1, heads, 1, keys]: what each key gets from all rows that count. */
  received: string;
  /** [1, heads, 2, 1]: weighted sums of the marked cells. */
  marked: string;
}

/** @param isPadded whether texts are filled up with padding, which is cut off. */
export function layerReductions(tap: AttentionTap, isPadded: boolean): LayerReductions {
  const name = (what: string): string => `headlight.${tap.id}.${what}`;
  return {
    id: tap.id,
    component: tap.component,
    kind: tap.kind,
    layer: tap.layer,
    group: layerGroup(tap),
    isExact: tap.dtype === 'float32',
    from: name('from'),
    to: name('to'),
    ...(isPadded ? { own: name('own') } : {}),
    maps: name('maps'),
    tiles: name('tiles'),
    peaks: name('peaks'),
    sums: name('sums'),
    received: name('received'),
    marked: name('marked'),
  };
}
