import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AttentionSite, HeadOrMean, Thumbnails } from '../../shared/attention';
import type { MapSource } from '../../trace/mapSource';
import { meanOfHeads } from '../../trace/meanOfHeads';
import type { GraphRun, ReducedLayer } from './graphRun';
import { MapCache } from './mapCache';

/** Memory for the maps of one trace that were looked at: two heads of 4,096 tokens, 32 of 1,024. */
const CACHE_BYTES = 128 * 2 ** 20;

/** Thumbnails of all layers, by site. */
interface ThumbnailSet {
  size: number;
  bySite: ReadonlyMap<string, Thumbnails>;
}

/**
 * Maps that the first run did not return: each is computed by another run when it is asked for, and cached.
 * Runs are queued, and a run whose caller has cancelled is skipped.
 */
export class RerunMaps implements MapSource {
  private readonly cache: MapCache;
  private thumbnailSet: ThumbnailSet;
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param runs one for each graph of the model.
   * @param layers what the first run made of the maps.
   * @param size that of the thumbnails of `layers`.
   */
  constructor(
    private readonly runs: readonly GraphRun[],
    layers: readonly ReducedLayer[],
    size: number,
    private readonly cacheBytes = CACHE_BYTES,
  ) {
    this.cache = new MapCache(cacheBytes);
    this.thumbnailSet = { size, bySite: thumbnailsBySite(layers) };
    this.sizes = new Map(layers.map(({ site }) => [site.id, site]));
  }

  private readonly sizes: ReadonlyMap<string, AttentionSite>;

  thumbnails(site: string, size: number, signal: AbortSignal): Promise<Thumbnails> {
    return this.inTurn(signal, async () => {
      if (this.thumbnailSet.size !== size) {
        const heads = this.sizes.get(site)?.heads ?? 1;
        const layers: ReducedLayer[] = [];
        for (const run of this.runs) {
          signal.throwIfAborted();
          layers.push(...(await run.reduced(size, heads, [])).layers);
        }
        this.thumbnailSet = { size, bySite: thumbnailsBySite(layers) };
      }
      return this.thumbnailSet.bySite.get(site) as Thumbnails;
    });
  }

  map(site: string, head: HeadOrMean, signal: AbortSignal): Promise<Float32Array> {
    return this.inTurn(signal, async () => (await this.wholeMap(site, head)).slice());
  }

  /** Nothing of it is kept: it is large, and asked for once. */
  layer(site: string, signal: AbortSignal): Promise<Float32Array> {
    return this.inTurn(signal, () => this.runOf(site).layer(site));
  }

  /** Of a map that would be kept, all rows are computed at once: the next one is asked for soon. */
  row(site: string, head: HeadOrMean, query: number, signal: AbortSignal): Promise<Float32Array> {
    const { queries, keys } = this.sizes.get(site) as AttentionSite;
    const bytes = queries * keys * Float32Array.BYTES_PER_ELEMENT;
    return this.inTurn(signal, async () => {
      if (bytes > this.cacheBytes && head !== 'mean') {
        return this.runOf(site).map(site, head, [query, query + 1]);
      }
      const map = await this.wholeMap(site, head);
      return map.slice(query * keys, (query + 1) * keys);
    });
  }

  private async wholeMap(site: string, head: HeadOrMean): Promise<Float32Array> {
    const name = `${site}.${head}`;
    const kept = this.cache.get(name);
    if (kept !== undefined) {
      return kept;
    }
    const run = this.runOf(site);
    const map =
      head === 'mean'
        ? meanOfHeads(await run.layer(site), this.sizes.get(site)?.heads ?? 1)
        : await run.map(site, head);
    this.cache.add(name, map);
    return map;
  }

  private runOf(site: string): GraphRun {
    return this.runs.find((run) => run.has(site)) as GraphRun;
  }

  /** Works when all that was asked for before is done, unless the caller has given up by then. */
  private inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(async () => {
      // A run blocks the process; only now can it hear that a call was cancelled.
      await nextTurn();
      signal.throwIfAborted();
      return work();
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

function thumbnailsBySite(layers: readonly ReducedLayer[]): ReadonlyMap<string, Thumbnails> {
  return new Map(layers.map(({ site, thumbnails }) => [site.id, thumbnails]));
}
