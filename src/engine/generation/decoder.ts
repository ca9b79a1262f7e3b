import type { Session } from '../runtime/session';
import { asFloat32, boolVector, int64Row, zeros, type Tensor } from '../runtime/tensor';
import type { CacheGeometry, DecoderInterface } from './decoderInterface';
import type { EncodedText } from './encoder';
import { int64Rows, takeRows } from './rows';

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
 * Sequences of one length on their way through a decoder, one at first. With a key–value cache each
 * call computes only the tokens it brings; without one it computes all of them again. The keys and
 * values that cross attention takes from the encoder are computed in the first step and kept.
 */
export class Decoder {
  private ids: (readonly number[])[] = [[]];
  private readonly cache: Map<string, Tensor>;
  private encoded: EncodedText | undefined;
  private last: Tensor | undefined;

  constructor(private readonly setup: DecoderSetup) {
    this.cache = emptyCache(setup.first.interface.cache);
    this.encoded = setup.encoded;
  }

  /** Every token so far of the first sequence, or the only one. */
  get sequence(): readonly number[] {
    return this.ids[0] ?? [];
  }

  /** Every token so far of each sequence. */
  get sequences(): readonly (readonly number[])[] {
    return this.ids;
  }

  /**
   * Logits [sequences, rows, vocabulary] of the last call, one row for each token that it computed,
   * or for the last few of them where the model returns no more; undefined before the first call.
   */
  get logits(): Tensor | undefined {
    return this.last;
  }

  /**
   * Appends tokens to the only sequence and runs the model: prefill with the prompt, decode step
   * with one token.
   * @param tokens at least one.
   * @returns logits [vocabulary] for the token after the last one.
   */
  async append(tokens: readonly number[]): Promise<Float32Array> {
    const [logits] = await this.appendEach([tokens]);
    return logits as Float32Array;
  }

  /**
   * The same for all sequences at once.
   * @param tokens as many for each sequence, at least one.
   */
  async appendEach(tokens: readonly (readonly number[])[]): Promise<Float32Array[]> {
    const { first, later = first } = this.setup;
    const begins = this.sequence.length === 0;
    this.ids = this.ids.map((ids, row) => [...ids, ...(tokens[row] ?? [])]);
    const running = begins ? first : later;
    const fresh = running.interface.cache === undefined ? this.sequence : (tokens[0] ?? []);
    const feeds = decoderFeeds(running.interface, this.ids, fresh.length, 1, this.encoded);
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
    return lastRows(logits, this.ids.length);
  }

  /**
   * Goes on with some of the sequences, each as often and in the order asked for.
   * @param rows at least one.
   */
  select(rows: readonly number[]): void {
    const { first, later = first } = this.setup;
    const count = this.ids.length;
    this.ids = rows.map((row) => this.ids[row] ?? []);
    const cross = new Set(
      later.interface.cache?.names.filter((name) => name.cross).map(({ past }) => past),
    );
    for (const [name, tensor] of this.cache) {
      // The encoder's keys and values are the same for all sequences.
      if (!cross.has(name) || rows.length !== count) {
        this.cache.set(name, takeRows(tensor, rows));
      }
    }
    if (this.encoded !== undefined && rows.length !== count) {
      this.encoded = { ...this.encoded, states: takeRows(this.encoded.states, rows) };
    }
  }
}

/**
 * The inputs of one run, the cache apart.
 * @param sequences all tokens of each sequence, as many for each.
 * @param fresh how many tokens at their ends are new to the model.
 * @param rows rows of logits that are wanted, where the model can be told.
 * @param encoded what an encoder–decoder model attends to, its states for each sequence.
 */
export function decoderFeeds(
  model: DecoderInterface,
  sequences: readonly (readonly number[])[],
  fresh: number,
  rows = 1,
  encoded?: EncodedText,
): Map<string, Tensor> {
  const past = (sequences[0]?.length ?? 0) - fresh;
  const feeds = new Map([['input_ids', int64Rows(sequences.map((ids) => ids.slice(past)))]]);
  if (model.attentionMask) {
    feeds.set('attention_mask', int64Rows(sequences.map((ids) => ids.map(() => 1))));
  }
  if (model.positionIds) {
    const positions = Array.from({ length: fresh }, (_, index) => past + index);
    feeds.set('position_ids', int64Rows(sequences.map(() => positions)));
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
    const mask = new Array<number>(encoded.length).fill(1);
    feeds.set('encoder_attention_mask', int64Rows(sequences.map(() => mask)));
  }
  return feeds;
}

/** The inputs of one run over all tokens of a text, whose logits are wanted at every position. */
export function wholeTextFeeds(
  model: DecoderInterface,
  ids: readonly number[],
  encoded?: EncodedText,
): Map<string, Tensor> {
  const feeds = decoderFeeds(model, [ids], ids.length, ids.length, encoded);
  for (const [name, tensor] of emptyCache(model.cache)) {
    feeds.set(name, tensor);
  }
  return feeds;
}

/**
 * A cache that holds no token yet: a tensor [1, heads, 0, head size] for each key and value, or one of
 * zeros that has room for a window of tokens.
 */
export function emptyCache(cache: CacheGeometry | undefined): Map<string, Tensor> {
  return new Map(
    cache?.names.map(({ past, window = 0 }) => [
      past,
      zeros(cache.type, [1, cache.heads, window, cache.headSize]),
    ]),
  );
}

/** The last row of each sequence's logits [sequences, rows, vocabulary]. */
function lastRows(logits: Tensor, sequences: number): Float32Array[] {
  const vocabulary = logits.dims.at(-1) ?? 0;
  const rows = logits.data.length / vocabulary / sequences;
  const last = takeRows(
    { ...logits, dims: [sequences * rows, vocabulary] },
    Array.from({ length: sequences }, (_, index) => (index + 1) * rows - 1),
  );
  const values = asFloat32(last);
  return Array.from({ length: sequences }, (_, index) =>
    values.subarray(index * vocabulary, (index + 1) * vocabulary),
  );
}
