import type { Session } from '../runtime/session';
import { asFloat32, emptyFloat, int64Row, type Tensor } from '../runtime/tensor';
import type { CacheGeometry, DecoderInterface } from './decoderInterface';

/**
 * One sequence on its way through a decoder-only model. With a key–value cache each call computes
 * only the tokens it brings; without one it computes all of them again.
 */
export class Decoder {
  private readonly ids: number[] = [];
  private readonly cache: Map<string, Tensor>;

  constructor(
    private readonly session: Session,
    private readonly model: DecoderInterface,
  ) {
    this.cache = emptyCache(model.cache);
  }

  /** Every token so far. */
  get sequence(): readonly number[] {
    return this.ids;
  }

  /**
   * Appends tokens and runs the model: prefill with the prompt, decode step with one token.
   * @param tokens at least one.
   * @returns logits [vocabulary] for the token after the last one.
   */
  async append(tokens: readonly number[]): Promise<Float32Array> {
    this.ids.push(...tokens);
    const { cache } = this.model;
    const feeds = decoderFeeds(this.model, this.ids, cache ? tokens.length : this.ids.length);
    for (const [name, tensor] of this.cache) {
      feeds.set(name, tensor);
    }
    const presents = cache?.names.map(({ present }) => present) ?? [];
    const outputs = await this.session.run(feeds, ['logits', ...presents]);
    for (const { past, present } of cache?.names ?? []) {
      this.cache.set(past, outputs.get(present) as Tensor);
    }
    return lastRow(outputs.get('logits') as Tensor);
  }
}

/**
 * The inputs of one run, the cache apart.
 * @param ids the whole sequence.
 * @param fresh how many tokens at its end are new to the model.
 * @param rows rows of logits that are wanted, where the model can be told.
 */
export function decoderFeeds(
  model: DecoderInterface,
  ids: readonly number[],
  fresh: number,
  rows = 1,
): Map<string, Tensor> {
  const past = ids.length - fresh;
  const feeds = new Map([['input_ids', int64Row(ids.slice(past))]]);
  if (model.attentionMask) {
    feeds.set('attention_mask', int64Row(ids.map(() => 1)));
  }
  if (model.positionIds) {
    feeds.set('position_ids', int64Row(Array.from({ length: fresh }, (_, i) => past + i)));
  }
  if (model.logitsToKeep !== undefined) {
    feeds.set(model.logitsToKeep, { ...int64Row([rows]), dims: [] });
  }
  return feeds;
}

/** A cache that holds no token yet: a tensor [1, heads, 0, head size] for each key and value. */
export function emptyCache(cache: CacheGeometry | undefined): Map<string, Tensor> {
  return new Map(
    cache?.names.map(({ past }) => [
      past,
      emptyFloat(cache.type, [1, cache.heads, 0, cache.headSize]),
    ]),
  );
}

/** The last row of logits [1, rows, vocabulary]. */
function lastRow(logits: Tensor): Float32Array {
  const values = asFloat32(logits);
  const vocabulary = logits.dims.at(-1) ?? values.length;
  return values.subarray(values.length - vocabulary);
}
