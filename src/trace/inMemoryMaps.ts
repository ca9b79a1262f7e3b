import type { AttentionSite, HeadOrMean, Thumbnails } from '../shared/attention';
import { headStatistics } from './headStatistics';
import type { MapSource } from './mapSource';
import { meanOfHeads } from './meanOfHeads';
import { thumbnails } from './thumbnails';

/** What identifies a layer of a trace, and the size of its maps. */
export type MapSite = Omit<AttentionSite, 'statistics'>;

/** One attention layer's probabilities, [head][query][key], with what identifies the layer. */
export interface AttentionPattern extends MapSite {
  values: Float32Array;
}

/** Maps that are all in memory. */
export class InMemoryMaps implements MapSource {
  private readonly patterns: ReadonlyMap<string, AttentionPattern>;

  constructor(patterns: readonly AttentionPattern[]) {
    this.patterns = new Map(patterns.map((pattern) => [pattern.id, pattern]));
  }

  /** The layers, with figures for each head. */
  get sites(): AttentionSite[] {
    return [...this.patterns.values()].map(({ values, ...site }) => {
      const { heads, queries, keys } = site;
      const map = queries * keys;
      const statistics = Array.from({ length: heads }, (_, head) =>
        headStatistics(values.subarray(head * map, (head + 1) * map), queries, keys),
      );
      return { ...site, statistics };
    });
  }

  thumbnails(site: string, size: number): Promise<Thumbnails> {
    const { values, heads, queries, keys } = this.pattern(site);
    return Promise.resolve(thumbnails(values, heads, queries, keys, size));
  }

  map(site: string, head: HeadOrMean): Promise<Float32Array> {
    const { values, heads, queries, keys } = this.pattern(site);
    const cells = queries * keys;
    if (head === 'mean') {
      return Promise.resolve(meanOfHeads(values, heads));
    }
    // A copy: what leaves the process must not drag the whole layer along.
    return Promise.resolve(values.slice(head * cells, (head + 1) * cells));
  }

  layer(site: string): Promise<Float32Array> {
    return Promise.resolve(this.pattern(site).values.slice());
  }

  async row(site: string, head: HeadOrMean, query: number): Promise<Float32Array> {
    const { keys } = this.pattern(site);
    return (await this.map(site, head)).slice(query * keys, (query + 1) * keys);
  }

  private pattern(site: string): AttentionPattern {
    return this.patterns.get(site) as AttentionPattern;
  }
}
