import type { Session } from '../runtime/session';
import { asFloat32, type Tensor } from '../runtime/tensor';
import { emptyCache } from './decoderCache';
import { decoderFeeds, textLogits } from './decoderFeeds';
import type { DecoderInterface } from './decoderInterface';
import type { EncodedText } from './encoder';
import { checkLogitsWidth } from './logitsWidth';
import { joinRows, takeRows } from './rows';

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
  /** Tokens that the model rates, as its config.json says; any number if absent. */
  vocabulary?: number;
  /** Whether no weight of the model is rounded; not known if absent. */
  fullPrecision?: boolean;
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

  /** Whether no weight of the model is known to be rounded to less than float32. */
  get fullPrecision(): boolean {
    return this.setup.fullPrecision ?? false;
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
   * @throws Failure `model` when the graph rates other tokens than config.json says; as a run does.
   * @param tokens as many for each sequence, at least one.
   */
  async appendEach(tokens: readonly (readonly number[])[]): Promise<Float32Array[]> {
    const { first, later = first } = this.setup;
    const begins = this.sequence.length === 0;
    const { cache, length } = (begins ? first : later).interface;
    const count = tokens[0]?.length ?? 0;
    if (cache !== undefined && length === 1 && count > 1) {
      return this.appendOneByOne(tokens, count);
    }
    this.ids = this.ids.map((ids, row) => [...ids, ...(tokens[row] ?? [])]);
    const running = begins ? first : later;
    const fresh = running.interface.cache === undefined ? this.sequence : (tokens[0] ?? []);
    const feeds = decoderFeeds(running.interface, this.ids, fresh.length, 1, this.encoded);
    for (const [name, tensor] of this.cache) {
      feeds.set(name, tensor);
    }
    const kept = (later.interface.cache ?? []).filter(({ kind }) => begins || kind !== 'cross');
    const fetches = ['logits', ...kept.map(({ present }) => present)];
    const outputs = await runTogether(running, feeds, fetches, this.ids.length);
    for (const { past, present } of kept) {
      this.cache.set(past, outputs.get(present) as Tensor);
    }
    const logits = textLogits(running.interface, outputs.get('logits') as Tensor, fresh.length);
    checkLogitsWidth(logits.dims.at(-1) ?? 0, this.setup.vocabulary);
    this.last = logits;
    return lastRows(logits, this.ids.length);
  }

  private async appendOneByOne(
    tokens: readonly (readonly number[])[],
    count: number,
  ): Promise<Float32Array[]> {
    let logits: Float32Array[] = [];
    for (let place = 0; place < count; place++) {
      logits = await this.appendEach(tokens.map((row) => row.slice(place, place + 1)));
    }
    return logits;
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
      later.interface.cache?.filter(({ kind }) => kind === 'cross').map(({ past }) => past),
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
 * Runs a model over several sequences: at once, or where the graph takes but one, one after the other.
 * @returns outputs [sequences, …].
 */
async function runTogether(
  { session, interface: { batch } }: LoadedDecoder,
  feeds: ReadonlyMap<string, Tensor>,
  fetches: readonly string[],
  sequences: number,
): Promise<Map<string, Tensor>> {
  if (batch === undefined || sequences === 1) {
    return session.run(feeds, fetches);
  }
  const runs: Map<string, Tensor>[] = [];
  for (let row = 0; row < sequences; row++) {
    const own = Array.from(feeds, ([name, tensor]): [string, Tensor] => [
      name,
      tensor.dims[0] === sequences ? takeRows(tensor, [row]) : tensor,
    ]);
    runs.push(await session.run(new Map(own), fetches));
  }
  return new Map(
    fetches.map((name) => [name, joinRows(runs.map((outputs) => outputs.get(name) as Tensor))]),
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
