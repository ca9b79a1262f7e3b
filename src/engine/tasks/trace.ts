import type { TracedToken, TraceSummary, Truncation } from '../../shared/attention';
import { Failure, phrase } from '../../shared/failure';
import type { Token } from '../../shared/text';
import { AttentionTrace, type AttentionPattern } from '../../trace/attentionTrace';
import { fitTrace, type HeadCounts } from '../../trace/fitTrace';
import { predictions } from '../../trace/prediction';
import { decoderFeeds, emptyCache } from '../generation/decoder';
import { encoderFeeds, type EncodedText } from '../generation/encoder';
import type { TappedGraph } from '../modelGraph';
import type {
  DecoderModel,
  DecoderPart,
  EncoderDecoderModel,
  EncoderModel,
  EncoderPart,
  OpenModel,
} from '../openModel';
import { asFloat32, type Tensor } from '../runtime/tensor';
import { generatedTarget, givenTarget, mostGenerated } from './tracedTarget';

/**
 * Runs a text through a model and keeps every attention map, with the probability that a decoder
 * gave each of its tokens. A text that is too long is cut at its end.
 * @param target what the decoder of an encoder–decoder model reads; when absent, what the model
 *   makes of the text itself, greedily. Other models have no use for it.
 * @throws Failure `input` when the text has no token, `unsupported` when the model shows no
 *   attention, `runtime` when a run fails; the signal's reason when it is aborted.
 */
export async function trace(
  model: OpenModel,
  text: string,
  target: string | undefined,
  signal: AbortSignal,
): Promise<AttentionTrace> {
  const source = readSource(model, text);
  if (source.every(({ special }) => special)) {
    throw new Failure({
      kind: 'input',
      what: phrase('There is no text to trace'),
      todo: phrase('select or type some text first'),
    });
  }
  switch (model.architecture) {
    case 'decoder':
      return traceDecoder(model, source, signal);
    case 'encoder':
      return traceEncoder(model, source, signal);
    case 'encoder-decoder':
      return traceBoth(model, source, target, signal);
  }
}

async function traceDecoder(
  model: DecoderModel,
  all: readonly Token[],
  signal: AbortSignal,
): Promise<AttentionTrace> {
  const { context } = model.limits;
  const tapped = await model.decoder.graph.tapped();
  const wanted = { encoder: 0, decoder: all.length };
  const { decoder: room } = fitTrace(wanted, headsOf(model, tapped), context);
  const { tokens, truncation } = cut(all, room);
  signal.throwIfAborted();
  const { patterns, logits } = await runDecoder(model.decoder, tapped, tokens);
  signal.throwIfAborted();
  return new AttentionTrace(
    {
      model: nameOf(model),
      sequences: { decoder: withPredictions(model, tokens, logits) },
      ...(truncation === undefined ? {} : { truncation }),
    },
    patterns,
  );
}

async function traceEncoder(
  model: EncoderModel,
  all: readonly Token[],
  signal: AbortSignal,
): Promise<AttentionTrace> {
  const { context } = model.limits;
  const tapped = await model.encoder.graph.tapped();
  const wanted = { encoder: all.length, decoder: 0 };
  const { encoder: room } = fitTrace(wanted, headsOf(model, tapped), context);
  const { tokens, truncation } = cut(all, room);
  signal.throwIfAborted();
  const { patterns } = await runEncoder(model.encoder, tapped, tokens, []);
  signal.throwIfAborted();
  return new AttentionTrace(
    {
      model: nameOf(model),
      sequences: { encoder: [...tokens] },
      ...(truncation === undefined ? {} : { truncation }),
    },
    patterns,
  );
}

async function traceBoth(
  model: EncoderDecoderModel,
  all: readonly Token[],
  target: string | undefined,
  signal: AbortSignal,
): Promise<AttentionTrace> {
  const { context } = model.limits;
  const encoder = await model.encoder.graph.tapped();
  const decoder = await model.decoder.graph.tapped();
  const given = target === undefined ? undefined : givenTarget(model, target);
  const rooms = fitTrace(
    { encoder: all.length, decoder: given?.tokens.length ?? mostGenerated(model) },
    headsOf(model, encoder, decoder),
    context,
  );
  const source = cut(all, rooms.encoder);
  signal.throwIfAborted();
  const ids = source.tokens.map(({ id }) => id);
  const { tokens, text } = given ?? (await generatedTarget(model, ids, signal));
  const read = cut(tokens, rooms.decoder);

  const states = model.encoder.interface.output;
  const encoded = await runEncoder(model.encoder, encoder, source.tokens, [states]);
  signal.throwIfAborted();
  const decoded = await runDecoder(model.decoder, decoder, read.tokens, {
    states: encoded.outputs.get(states) as Tensor,
    length: ids.length,
  });
  signal.throwIfAborted();
  return new AttentionTrace(
    {
      model: nameOf(model),
      sequences: {
        encoder: [...source.tokens],
        decoder: withPredictions(model, read.tokens, decoded.logits),
      },
      target: text,
      ...(source.truncation === undefined ? {} : { truncation: source.truncation }),
      ...(read.truncation === undefined ? {} : { targetTruncation: read.truncation }),
    },
    [...encoded.patterns, ...decoded.patterns],
  );
}

/**
 * Tokens of a text as the model reads it. What some models want in front of it counts as added: it
 * stands for no characters of the text.
 */
function readSource(model: OpenModel, text: string): Token[] {
  const prefix = model.architecture === 'encoder-decoder' ? prefixOf(model) : '';
  const tokens = model.tokenizer.encode(prefix + text, { addSpecialTokens: true });
  if (prefix === '') {
    return tokens;
  }
  return tokens.map((token) => {
    const range = {
      start: Math.max(0, token.start - prefix.length),
      end: Math.max(0, token.end - prefix.length),
    };
    return { ...token, ...range, special: token.special || token.end <= prefix.length };
  });
}

/** What stands in front of a source: that of the model's task, or the only one that it knows. */
function prefixOf({ folder }: EncoderDecoderModel): string {
  const { task, prefixes } = folder.purpose;
  if (task === 'translate' || task === 'summarize') {
    return prefixes[task];
  }
  const { translate, summarize } = prefixes;
  return translate === '' || summarize === '' ? translate + summarize : '';
}

async function runEncoder(
  part: EncoderPart,
  { session, taps }: TappedGraph,
  tokens: readonly Token[],
  outputs: readonly string[],
): Promise<{ patterns: AttentionPattern[]; outputs: Map<string, Tensor> }> {
  const feeds = encoderFeeds(
    part.interface,
    tokens.map(({ id }) => id),
  );
  const found = await session.run(feeds, [...outputs, ...taps.map(({ value }) => value)]);
  return { patterns: patternsOf(taps, found), outputs: found };
}

async function runDecoder(
  part: DecoderPart,
  { session, taps }: TappedGraph,
  tokens: readonly Token[],
  encoded?: EncodedText,
): Promise<{ patterns: AttentionPattern[]; logits: Tensor }> {
  const ids = tokens.map(({ id }) => id);
  const feeds = decoderFeeds(part.interface, ids, ids.length, ids.length, encoded);
  for (const [name, tensor] of emptyCache(part.interface.cache)) {
    feeds.set(name, tensor);
  }
  const found = await session.run(feeds, ['logits', ...taps.map(({ value }) => value)]);
  return { patterns: patternsOf(taps, found), logits: found.get('logits') as Tensor };
}

/** Heads of all layers together, by kind. */
function headsOf({ summary }: OpenModel, ...graphs: readonly TappedGraph[]): HeadCounts {
  const heads: HeadCounts = { self: 0, masked: 0, cross: 0 };
  for (const { kind } of graphs.flatMap(({ taps }) => taps)) {
    heads[kind] += summary.heads;
  }
  return heads;
}

/** Keeps the start of a sequence, and what the tokenizer put behind its end. */
function cut(
  tokens: readonly Token[],
  room: number,
): { tokens: readonly Token[]; truncation?: Truncation } {
  if (tokens.length <= room) {
    return { tokens };
  }
  const after = tokens.length - 1 - tokens.findLastIndex(({ special }) => !special);
  const end = after < room ? tokens.slice(tokens.length - after) : [];
  return {
    tokens: [...tokens.slice(0, room - end.length), ...end],
    truncation: { used: room, total: tokens.length, context: room, kept: 'start' },
  };
}

function nameOf({ summary }: OpenModel): TraceSummary['model'] {
  return { name: summary.name, folder: summary.folder };
}

function patternsOf(
  taps: TappedGraph['taps'],
  outputs: ReadonlyMap<string, Tensor>,
): AttentionPattern[] {
  return taps.map((tap) => pattern(tap, outputs.get(tap.value) as Tensor));
}

/** Names a layer's probabilities [1, heads, queries, keys]. */
function pattern(
  { id, component, kind, layer, value }: TappedGraph['taps'][number],
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
  if (logits.dims[1] !== tokens.length) {
    // Some exports return the last row alone.
    return [...tokens];
  }
  const ids = tokens.map(({ id }) => id);
  const ratings = predictions(asFloat32(logits), ids, (id) => tokenizer.tokenText(id));
  return tokens.map((token, position) => {
    const prediction = ratings[position];
    return prediction === undefined ? token : { ...token, prediction };
  });
}
