import type { TracedToken, Truncation } from '../../shared/attention';
import { Failure, phrase } from '../../shared/failure';
import type { Token } from '../../shared/text';
import { AttentionTrace, type AttentionPattern } from '../../trace/attentionTrace';
import { logSumExp, mostLikely, rank } from '../../trace/prediction';
import { decoderFeeds, emptyCache } from '../generation/decoder';
import type { OpenModel, TappedModel } from '../openModel';
import { asFloat32, type Tensor } from '../runtime/tensor';

/**
 * Memory that one trace's maps may take, in bytes. They stay until the trace is released, and the
 * runtime holds a second copy while it runs.
 */
const MAPS_MAX_BYTES = 512 * 2 ** 20;

/** How many alternatives are kept for each token. */
const ALTERNATIVES = 3;

/**
 * Runs a text through a decoder-only model and keeps every attention map, with the probability
 * that the model gave each token. A text that is too long is cut at its end.
 * @throws Failure `input` when the text has no token, `unsupported` when the model shows no
 *   attention, `runtime` when the run fails.
 */
export async function trace(
  model: OpenModel,
  text: string,
  signal: AbortSignal,
): Promise<AttentionTrace> {
  const all = model.tokenizer.encode(text, { addSpecialTokens: true });
  if (all.every(({ special }) => special)) {
    throw new Failure({
      kind: 'input',
      what: phrase('There is no text to trace'),
      todo: phrase('select or type some text first'),
    });
  }
  const tapped = await model.tapped();
  const { tokens, truncation } = fitTrace(all, model.limits.context, headsOf(model, tapped));
  signal.throwIfAborted();

  const ids = tokens.map(({ id }) => id);
  const feeds = decoderFeeds(model.decoder, ids, ids.length, ids.length);
  for (const [name, tensor] of emptyCache(model.decoder.cache)) {
    feeds.set(name, tensor);
  }
  const outputs = await tapped.session.run(feeds, [
    'logits',
    ...tapped.taps.map(({ value }) => value),
  ]);
  signal.throwIfAborted();

  const { name, folder } = model.summary;
  return new AttentionTrace(
    {
      model: { name, folder },
      tokens: withPredictions(model, tokens, outputs.get('logits') as Tensor),
      ...(truncation === undefined ? {} : { truncation }),
    },
    tapped.taps.map((tap) => pattern(tap, outputs.get(tap.value) as Tensor)),
  );
}

/** Heads of all layers together. */
function headsOf(model: OpenModel, { taps }: TappedModel): number {
  return model.summary.heads * taps.length;
}

/** Keeps as many tokens from the start as the model can see and as the maps' memory allows. */
function fitTrace(
  tokens: readonly Token[],
  context: number,
  heads: number,
): { tokens: readonly Token[]; truncation?: Truncation } {
  const affordable = Math.floor(
    Math.sqrt(MAPS_MAX_BYTES / (heads * Float32Array.BYTES_PER_ELEMENT)),
  );
  const room = Math.min(context, affordable);
  return tokens.length <= room
    ? { tokens }
    : {
        tokens: tokens.slice(0, room),
        truncation: { used: room, total: tokens.length, context: room, kept: 'start' },
      };
}

/** Names a layer's probabilities [1, heads, queries, keys]. */
function pattern(
  { id, component, kind, layer, value }: TappedModel['taps'][number],
  tensor: Tensor,
): AttentionPattern {
  const [batch, heads, queries, keys] = tensor.dims;
  if (batch !== 1 || heads === undefined || queries === undefined || keys === undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'The attention probabilities have the shape [{0}], which Headlight does not know',
        tensor.dims.join(', '),
      ),
      where: value,
      todo: phrase('export the model again so that they are [batch, heads, queries, keys]'),
    });
  }
  return { id, component, kind, layer, heads, queries, keys, values: asFloat32(tensor) };
}

/** Rates each token by the logits [1, tokens, vocabulary] of the position before it. */
function withPredictions(
  { tokenizer }: OpenModel,
  tokens: readonly Token[],
  logits: Tensor,
): TracedToken[] {
  const values = asFloat32(logits);
  const [, rows, vocabulary = 0] = logits.dims;
  if (rows !== tokens.length) {
    // Some exports return the last row alone.
    return [...tokens];
  }
  return tokens.map((token, position) => {
    if (position === 0) {
      return token;
    }
    const row = values.subarray((position - 1) * vocabulary, position * vocabulary);
    const total = logSumExp(row);
    const probability = (id: number): number => Math.exp((row[id] ?? -Infinity) - total);
    return {
      ...token,
      prediction: {
        probability: probability(token.id),
        rank: rank(row, token.id),
        best: mostLikely(row, ALTERNATIVES).map((id) => ({
          text: tokenizer.tokenText(id),
          probability: probability(id),
        })),
      },
    };
  });
}
