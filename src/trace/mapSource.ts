import type { HeadOrMean, Thumbnails } from '../shared/attention';

/**
 * Where the maps of a trace come from: memory, or another run of the model. Callers ask only for
 * sites and heads that exist, and may change what they get.
 */
export interface MapSource {
  /** All heads of a layer, scaled down to `size` cells at most on each side. */
  thumbnails(site: string, size: number, signal: AbortSignal): Promise<Thumbnails>;
  /** The probabilities of one head or of a layer's mean, [query][key]. */
  map(site: string, head: HeadOrMean, signal: AbortSignal): Promise<Float32Array>;
  /** The maps of all heads of a layer, [head][query][key]. */
  layer(site: string, signal: AbortSignal): Promise<Float32Array>;
  /** One row of them. */
  row(site: string, head: HeadOrMean, query: number, signal: AbortSignal): Promise<Float32Array>;
}
