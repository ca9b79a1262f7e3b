import type { AttentionTap } from './model';

/** Layers of one stack that attend alike: `decoder.cross`. Their maps have the same size. */
export type LayerGroup = string;

export function layerGroup({ component, kind }: AttentionTap): LayerGroup {
  return `${component}.${kind}`;
}

/** Names of the inputs that the layers of a group share. */
export interface GroupInputs {
  /**
   * int64 [chunks, rows, 1], at least one of both: the queries, chunk after chunk. One chunk of one
   * row costs nothing.
   *
   * A chunk is `cells` groups of `span` rows, of which each makes one row of tiles; a group that is
   * short repeats a row.
   */
  rows: string;
  /** float32 [chunks, 1, rows]: 1 where a row counts in sums, 0 where it is a repeat. */
  counts: string;
  /** int64 [4]: heads, cells, span and keys; −1 for one of them that is not known. */
  cells: string;
  /** int64 [columns, span]: the keys of each column of tiles; a short one repeats a key. */
  columns: string;
  /** int64 [marks]: cells of a map, counted row by row. */
  marks: string;
  /** float32 [2, marks]: weights for the two sums of these cells. */
  weights: string;
}

export function groupInputs(group: LayerGroup): GroupInputs {
  const name = (what: string): string => `headlight.${group}.${what}`;
  return {
    rows: name('rows'),
    counts: name('counts'),
    cells: name('cells'),
    columns: name('columns'),
    marks: name('marks'),
    weights: name('weights'),
  };
}

/** Names of what belongs to one layer: two inputs, and the outputs, all of type float32. */
export interface LayerReductions extends Pick<AttentionTap, 'id' | 'component' | 'kind' | 'layer'> {
  group: LayerGroup;
  /**
   * Inputs, int64 [2]: the first head and query of the part of the maps that is wanted, and the ones
   * behind the last. What lies beyond the map counts as its end, and an empty part costs nothing.
   */
  from: string;
  to: string;
  /** [1, heads, queries, keys]: the probabilities of that part. */
  maps: string;
  /** [chunks, columns, heads, cells]: the largest probability of each cell. */
  tiles: string;
  /**
   * [chunks, heads, 1, 3]: sums over the rows of a chunk, of their entropy −Σ p ln p in nats, their
   * maximum, and their expected distance Σ p |query − key|.
   */
  sums: string;
  /** [1, heads, 1, keys]: what each key gets from all rows that count. */
  received: string;
  /** [1, heads, 2, 1]: weighted sums of the marked cells. */
  marked: string;
}

export function layerReductions(tap: AttentionTap): LayerReductions {
  const name = (what: string): string => `headlight.${tap.id}.${what}`;
  return {
    id: tap.id,
    component: tap.component,
    kind: tap.kind,
    layer: tap.layer,
    group: layerGroup(tap),
    from: name('from'),
    to: name('to'),
    maps: name('maps'),
    tiles: name('tiles'),
    sums: name('sums'),
    received: name('received'),
    marked: name('marked'),
  };
}
