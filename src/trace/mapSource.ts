import type { Thumbnails } from '../shared/attention';

/**
 * Where the maps of a trace come from: memory, or another run of the model. What it is asked for is
 * there; answers are the caller's own.
 */
export interface MapSource {
  /** All heads of a layer, scaled down to `size` cells at most on each side. */
  thumbnails(site: string, size: number, signal: AbortSignal): Promise<Thumbnails>;
  /** One head's probabilities [query][key]. */
  map(site: string, head: number, signal: AbortSignal): Promise<Float32Array>;
  /** The maps of all heads of a layer, [head][query][key]. */
  layer(site: string, signal: AbortSignal): Promise<Float32Array>;
  /** One row of them. */
  row(site: string, head: number, query: number, signal: AbortSignal): Promise<Float32Array>;
}
