import {
  keyTokens,
  queryTokens,
  type AttentionSite,
  type OpenedHead,
  type RowReading,
  type Thumbnails,
  type TraceSummary,
} from '../shared/attention';
import { Failure, phrase } from '../shared/failure';
import { headKind } from './headKind';
import type { MapSource } from './mapSource';
import { meanOfHeads, rowReading } from './rowReading';

/** A text's way through a model: its tokens, and every attention map. */
export class AttentionTrace {
  /** What the heads of the last layer of cross attention look at on average. */
  private crossMean: Float32Array | undefined;

  /** @param maps gives the maps of all sites of the summary. */
  constructor(
    readonly summary: Omit<TraceSummary, 'trace'>,
    private readonly maps: MapSource,
  ) {}

  /**
   * Scaled-down maps of all heads of a site.
   * @param size cells at most on each side.
   * @throws Failure `input` for an unknown site, `runtime` when the model has to run again and
   *   fails; the signal's reason when it is aborted. So do the other methods.
   */
  async thumbnails(site: string, size: number, signal: AbortSignal): Promise<Thumbnails> {
    return this.maps.thumbnails(this.site(site).id, size, signal);
  }

  /** The probabilities of all heads of a site, [head][query][key]. */
  async layer(site: string, signal: AbortSignal): Promise<Float32Array> {
    return this.maps.layer(this.site(site).id, signal);
  }

  /** One head's whole map, and what the head does. Fails also for an unknown head. */
  async headMap(site: string, head: number, signal: AbortSignal): Promise<OpenedHead> {
    const found = this.site(site, head);
    const { queries, keys, kind } = found;
    const values = await this.maps.map(found.id, head, signal);
    const { sequences } = this.summary;
    const reading = headKind({
      map: values,
      kind,
      queries: queryTokens(sequences, found),
      keys: keyTokens(sequences, found),
    });
    return kind === 'cross'
      ? { queries, keys, values, reading, rows: await this.rowReading(values, found, signal) }
      : { queries, keys, values, reading };
  }

  private async rowReading(
    values: Float32Array,
    { queries, keys }: AttentionSite,
    signal: AbortSignal,
  ): Promise<RowReading> {
    if (this.crossMean === undefined) {
      const last = this.summary.sites.findLast(({ kind }) => kind === 'cross') as AttentionSite;
      this.crossMean = meanOfHeads(await this.maps.layer(last.id, signal), last.heads);
    }
    return rowReading(values, this.crossMean, queries, keys);
  }

  /** What one query attends to: probabilities [key]. Fails also for an unknown head or query. */
  async headRow(
    site: string,
    head: number,
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
  site(id: string, head = 0): AttentionSite {
    const site = this.summary.sites.find((candidate) => candidate.id === id);
    if (site === undefined) {
      throw unknown(id);
    }
    if (head >= site.heads) {
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
    todo: phrase('choose one of the heads that the trace lists'),
  });
}
