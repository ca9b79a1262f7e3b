import type { AttentionSite, HeadMap, Thumbnails, TraceSummary } from '../shared/attention';
import { Failure, phrase } from '../shared/failure';
import { headStatistics } from './headStatistics';
import { thumbnails } from './thumbnails';

/** One attention layer's probabilities, [head][query][key], with what identifies the layer. */
export interface AttentionPattern extends Omit<AttentionSite, 'statistics'> {
  values: Float32Array;
}

/** A text's way through a model: its tokens and every attention map. */
export class AttentionTrace {
  readonly summary: Omit<TraceSummary, 'trace'>;
  private readonly patterns: ReadonlyMap<string, AttentionPattern>;

  constructor(about: Omit<TraceSummary, 'trace' | 'sites'>, patterns: readonly AttentionPattern[]) {
    this.patterns = new Map(patterns.map((pattern) => [pattern.id, pattern]));
    this.summary = { ...about, sites: patterns.map(describe) };
  }

  /**
   * Scaled-down maps of all heads of a site.
   * @param size cells at most on each side.
   * @throws Failure `input` for an unknown site.
   */
  thumbnails(site: string, size: number): Thumbnails {
    const { values, heads, queries, keys } = this.pattern(site);
    return thumbnails(values, heads, queries, keys, size);
  }

  /**
   * One head's whole map.
   * @throws Failure `input` for an unknown site or head.
   */
  headMap(site: string, head: number): HeadMap {
    const pattern = this.pattern(site);
    // A copy: what leaves the process must not drag the whole layer along.
    return { queries: pattern.queries, keys: pattern.keys, values: headOf(pattern, head).slice() };
  }

  /**
   * What one query attends to: probabilities [key].
   * @throws Failure `input` for an unknown site, head or query.
   */
  headRow(site: string, head: number, query: number): Float32Array {
    const pattern = this.pattern(site);
    if (query >= pattern.queries) {
      throw unknown(`${site}.${head}[${query}]`);
    }
    const { keys } = pattern;
    return headOf(pattern, head).slice(query * keys, (query + 1) * keys);
  }

  private pattern(site: string): AttentionPattern {
    const pattern = this.patterns.get(site);
    if (pattern === undefined) {
      throw unknown(site);
    }
    return pattern;
  }
}

function describe({ values, ...site }: AttentionPattern): AttentionSite {
  const map = site.queries * site.keys;
  return {
    ...site,
    statistics: Array.from({ length: site.heads }, (_, head) =>
      headStatistics(values.subarray(head * map, (head + 1) * map), site.queries, site.keys),
    ),
  };
}

/** One head's map [query][key], as a view. */
function headOf(
  { id, values, heads, queries, keys }: AttentionPattern,
  head: number,
): Float32Array {
  if (head >= heads) {
    throw unknown(`${id}.${head}`);
  }
  return values.subarray(head * queries * keys, (head + 1) * queries * keys);
}

function unknown(where: string): Failure {
  return new Failure({
    kind: 'input',
    what: phrase('The trace does not have this attention head'),
    where,
    todo: phrase('choose one of the heads that the trace lists'),
  });
}
