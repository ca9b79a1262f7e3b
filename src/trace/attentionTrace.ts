import {
  hasMean,
  keyTokens,
  queryTokens,
  type AttentionSite,
  type HeadOrMean,
  type HeadDescription,
  type HeadView,
  type RowAlignment,
  type Thumbnails,
  type TraceSummary,
} from '../shared/attention';
import { Failure, phrase } from '../shared/failure';
import { headKind } from './headKind';
import { headStatistics } from './headStatistics';
import type { MapSource } from './mapSource';
import { rowAlignment } from './rowAlignment';
import { thumbnails } from './thumbnails';

/** A text's way through a model: its tokens, and every attention map. */
export class AttentionTrace {
  /** @param maps gives the maps of all sites of the summary. */
  constructor(
    readonly summary: Omit<TraceSummary, 'trace'>,
    private readonly maps: MapSource,
  ) {}

  /**
   * Scaled-down maps of all heads of a site, and of their mean where it is shown.
   * @param size cells at most on each side.
   * @throws Failure `input` for an unknown site, `runtime` when the model has to run again and
   *   fails; the signal's reason when it is aborted. So do the other methods.
   */
  async thumbnails(site: string, size: number, signal: AbortSignal): Promise<Thumbnails> {
    const found = this.site(site);
    const { values, maximum, ...cells } = await this.maps.thumbnails(site, size, signal);
    if (!hasMean(found)) {
      return { values, maximum, ...cells };
    }
    const map = await this.maps.map(site, 'mean', signal);
    const mean = thumbnails(map, 1, found.queries, found.keys, size);
    return {
      ...cells,
      values: Uint8Array.from([...values, ...mean.values]),
      maximum: [...maximum, ...mean.maximum],
    };
  }

  /** The probabilities of all heads of a site, [head][query][key]. */
  async layer(site: string, signal: AbortSignal): Promise<Float32Array> {
    return this.maps.layer(this.site(site).id, signal);
  }

  /**
   * The whole map of one head or of a layer's mean, and what it does. Fails also for an unknown head.
   */
  async headMap(site: string, head: HeadOrMean, signal: AbortSignal): Promise<HeadView> {
    const found = this.site(site, head);
    const { queries, keys, kind } = found;
    const values = await this.maps.map(found.id, head, signal);
    return {
      queries,
      keys,
      values,
      statistics: headStatistics(values, queries, keys),
      ...(head === 'mean' ? {} : { reading: this.reading(values, found) }),
      ...(kind === 'cross' ? { rows: await this.rowAlignment(values, found, signal) } : {}),
    };
  }

  private reading(map: Float32Array, site: AttentionSite): HeadDescription {
    const { sequences } = this.summary;
    return headKind({
      map,
      kind: site.kind,
      queries: queryTokens(sequences, site),
      keys: keyTokens(sequences, site),
    });
  }

  private async rowAlignment(
    values: Float32Array,
    { queries, keys }: AttentionSite,
    signal: AbortSignal,
  ): Promise<RowAlignment> {
    const last = this.summary.sites.findLast(({ kind }) => kind === 'cross') as AttentionSite;
    return rowAlignment(values, await this.maps.map(last.id, 'mean', signal), queries, keys);
  }

  /** What one query attends to: probabilities [key]. Fails also for an unknown head or query. */
  async headRow(
    site: string,
    head: HeadOrMean,
    query: number,
    signal: AbortSignal,
  ): Promise<Float32Array> {
    const { id, queries } = this.site(site, head);
    if (query >= queries) {
      throw unknown(`${site}.${head}[${query}]`);
    }
    return this.maps.row(id, head, query, signal);
  }

  /** @throws Failure `input` for a layer or a head that the trace does not have. */
  site(id: string, head: HeadOrMean = 0): AttentionSite {
    const site = this.summary.sites.find((candidate) => candidate.id === id);
    if (site === undefined) {
      throw unknown(id);
    }
    if (head !== 'mean' && head >= site.heads) {
      throw unknown(`${id}.${head}`);
    }
    return site;
  }
}

function unknown(where: string): Failure {
  return new Failure({
    kind: 'input',
    what: phrase('The trace does not have this attention head'),
    where,
    remedy: phrase('choose one of the heads that the trace lists'),
  });
}
