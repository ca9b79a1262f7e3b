import type { Session } from '../runtime/session';
import { asFloat32, boolVector, emptyFloat, int64Row, type Tensor } from '../runtime/tensor';
import type { CacheGeometry, DecoderInterface } from './decoderInterface';
import type { EncodedText } from './encoder';

/** A decoder's graph, loaded, and what it wants to be fed. */
export interface LoadedDecoder {
  session: Session;
  interface: DecoderInterface;
}

/** What a {@link Decoder} runs. */
export interface DecoderSetup {
  /** Runs the first step; also the later ones where there is no `later`. */
  first: LoadedDecoder;
  later?: LoadedDecoder;
  /** What an encoder–decoder model attends to. */
  encoded?: EncodedText;
}

/**
 * One sequence on its way through a decoder. With a key–value cache each call computes only the
 * tokens it brings; without one it computes all of them again. The keys and values that cross
 * attention takes from the encoder are computed in the first step and kept.
 */
export class Decoder {
  private readonly ids: number[] = [];
  private readonly cache: Map<string, Tensor>;
  private last: Tensor | undefined;

  constructor(private readonly setup: DecoderSetup) {
    this.cache = emptyCache(setup.first.interface.cache);
  }

  /** Every token so far. */
  get sequence(): readonly number[] {
    return this.ids;
  }

  /**
   * Logits [1, rows, vocabulary] of the last call, one row for each token that it computed, or for
   * the last few of them where the model returns no more; undefined before the first call.
   */
  get logits(): Tensor | undefined {
    return this.last;
  }

  /**
   * Appends tokens and runs the model: prefill with the prompt, decode step with one token.
   * @param tokens at least one.
   * @returns logits [vocabulary] for the token after the last one.
   */
  async append(tokens: readonly number[]): Promise<Float32Array> {
    const { first, later = first, encoded } = this.setup;
    const begins = this.ids.length === 0;
    this.ids.push(...tokens);
    const running = begins ? first : later;
    const cached = running.interface.cache !== undefined;
    const feeds = decoderFeeds(
      running.interface,
      this.ids,
      cached ? tokens.length : this.ids.length,
      1,
      encoded,
    );
    for (const [name, tensor] of this.cache) {
      feeds.set(name, tensor);
    }
    const kept = (later.interface.cache?.names ?? []).filter(({ cross }) => begins || !cross);
    const outputs = await running.session.run(feeds, [
      'logits',
      ...kept.map(({ present }) => present),
    ]);
    for (const { past, present } of kept) {
      this.cache.set(past, outputs.get(present) as Tensor);
    }
    const logits = outputs.get('logits') as Tensor;
    this.last = logits;
    return lastRow(logits);
  }
}

/**
 * The inputs of one run, the cache apart.
 * @param ids the whole sequence.
 * @param fresh how many tokens at its end are new to the model.
 * @param rows rows of logits that are wanted, where the model can be told.
 * @param encoded what an encoder–decoder model attends to.
 */
export function decoderFeeds(
  model: DecoderInterface,
  ids: readonly number[],
  fresh: number,
  rows = 1,
  encoded?: EncodedText,
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
  if (model.cacheBranch) {
    feeds.set('use_cache_branch', boolVector(past > 0));
  }
  if (model.encoderStates && encoded !== undefined) {
    feeds.set('encoder_hidden_states', encoded.states);
  }
  if (model.encoderMask && encoded !== undefined) {
    feeds.set('encoder_attention_mask', int64Row(new Array<number>(encoded.length).fill(1)));
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
