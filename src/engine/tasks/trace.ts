import type { AttentionSite, TracedToken, TraceSummary } from '../../shared/attention';
import { Failure, phrase } from '../../shared/failure';
import type { NamedToken, Token } from '../../shared/text';
import { AttentionTrace } from '../../trace/attentionTrace';
import {
  bytesOfMaps,
  fitTrace,
  type AttentionLayers,
  type SequenceLengths,
} from '../../trace/fitTrace';
import { RATING_NUMBERS } from '../../onnx/instrument/nextTokenStatistics';
import { predictions } from '../../trace/tokenRatings';
import { wholeTextFeeds } from '../generation/decoderFeeds';
import { encoderFeeds, type EncodedText } from '../generation/encoder';
import { trimPadding } from '../generation/padding';
import type { TappedGraph } from '../modelGraph';
import type {
  DecoderModel,
  DecoderPart,
  EncoderDecoderModel,
  EncoderModel,
  EncoderPart,
  OpenModel,
} from '../openModel';
import type { Tensor } from '../runtime/tensor';
import type { ModelOutputs } from '../tracing/graphRun';
import { Tracing } from '../tracing/tracing';
import { namedToken } from './namedToken';
import { truncate, sourceTokens } from './tracedSource';
import { generatedTarget, givenTarget, maxGeneratedTokens } from './tracedTarget';

/**
 * Runs a text through a model, with every attention map to be had of it afterwards, and the
 * probability that a decoder gave each of its tokens. A text that is too long is cut at its end.
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
  const source = sourceTokens(model, text);
  if (source.every(({ special }) => special)) {
    throw new Failure({
      kind: 'input',
      what: phrase('There is no text to trace'),
      remedy: phrase('select or type some text first'),
    });
  }
  switch (model.architecture) {
    case 'decoder':
    case 'encoder':
      return traceStack(model, source, signal);
    case 'encoder-decoder':
      return traceBoth(model, source, target, signal);
  }
}

/**
 * Runs tokens through a model of one stack, as {@link trace} runs a text.
 * @param tokens at least one; those that do not fit are cut off.
 * @throws as {@link trace} does.
 */
export function traceTokens(
  model: DecoderModel | EncoderModel,
  tokens: readonly Token[],
  signal: AbortSignal,
): Promise<AttentionTrace> {
  return traceStack(model, tokens, signal);
}

async function traceStack(
  model: DecoderModel | EncoderModel,
  all: readonly Token[],
  signal: AbortSignal,
): Promise<AttentionTrace> {
  const component = model.architecture;
  const { graph } = model.architecture === 'decoder' ? model.decoder : model.encoder;
  const tapped = await graph.tapped();
  const attention = attentionOf(model, tapped);
  const none = { encoder: 0, decoder: 0 };
  const wanted = { ...none, [component]: all.length };
  const limit = fitTrace(wanted, attention, model.limits.context)[component];
  const { tokens, truncation } = truncate(all, limit);
  const tracing = tracingOf(attention, { ...none, [component]: tokens.length });
  signal.throwIfAborted();
  const read = await runStack(model, tracing, tapped, tokens);
  signal.throwIfAborted();
  return traced(model, tracing, {
    sequences: { [component]: read },
    ...(truncation === undefined ? {} : { truncation }),
  });
}

/** @returns the tokens, those of a decoder with its ratings of them. */
async function runStack(
  model: DecoderModel | EncoderModel,
  tracing: Tracing,
  graph: TappedGraph,
  tokens: readonly Token[],
): Promise<TracedToken[]> {
  if (model.architecture === 'encoder') {
    await runEncoder(tracing, model.encoder, graph, tokens, []);
    return [...tokens];
  }
  const { vocabulary } = model.folder.config;
  const ratings = await runDecoder(tracing, model.decoder, graph, tokens, vocabulary);
  return withPredictions(model, tokens, ratings);
}

async function traceBoth(
  model: EncoderDecoderModel,
  all: readonly Token[],
  target: string | undefined,
  signal: AbortSignal,
): Promise<AttentionTrace> {
  const { context } = model.limits;
  const { vocabulary, outputVocabulary = vocabulary } = model.folder.config;
  const encoder = await model.encoder.graph.tapped();
  const decoder = await model.decoder.graph.tapped();
  const attention = attentionOf(model, encoder, decoder);
  const given = target === undefined ? undefined : givenTarget(model, target);
  const limits = fitTrace(
    { encoder: all.length, decoder: given?.tokens.length ?? maxGeneratedTokens(model) },
    attention,
    context,
  );
  const source = truncate(all, limits.encoder);
  signal.throwIfAborted();
  const ids = source.tokens.map(({ id }) => id);
  const { tokens, text } = given ?? (await generatedTarget(model, ids, signal));
  const read = truncate(tokens, limits.decoder);

  const lengths = { encoder: source.tokens.length, decoder: read.tokens.length };
  const tracing = tracingOf(attention, lengths);
  const output = model.encoder.interface.output;
  const encoded = await runEncoder(tracing, model.encoder, encoder, source.tokens, [output]);
  signal.throwIfAborted();
  const padded = encoded.get(output) as Tensor;
  const own = trimPadding(padded, model.encoder.interface.length, ids.length);
  const states = { states: own, length: ids.length };
  const ratings = await runDecoder(
    tracing,
    model.decoder,
    decoder,
    read.tokens,
    outputVocabulary,
    states,
  );
  signal.throwIfAborted();
  return traced(model, tracing, {
    sequences: {
      encoder: [...source.tokens],
      decoder: withPredictions(model, read.tokens, ratings),
    },
    target: text,
    ...(source.truncation === undefined ? {} : { truncation: source.truncation }),
    ...(read.truncation === undefined ? {} : { targetTruncation: read.truncation }),
  });
}

/** The trace of a model whose graphs have run. */
function traced(
  model: OpenModel,
  tracing: Tracing,
  read: Pick<TraceSummary, 'sequences' | 'target' | 'truncation' | 'targetTruncation'>,
): AttentionTrace {
  const { sites, maps } = tracing.result;
  return new AttentionTrace(
    { model: nameOf(model), ...read, sites, ...maplessLayers(model, sites) },
    maps,
  );
}

async function runEncoder(
  tracing: Tracing,
  part: EncoderPart,
  graph: TappedGraph,
  tokens: readonly Token[],
  wanted: readonly string[],
): Promise<ModelOutputs> {
  const feeds = encoderFeeds(
    part.interface,
    tokens.map(({ id }) => id),
  );
  const { outputs } = await tracing.run(graph, feeds, wanted);
  return outputs;
}

/** @returns how it rates the tokens, if the graph tells. */
async function runDecoder(
  tracing: Tracing,
  part: DecoderPart,
  graph: TappedGraph,
  tokens: readonly Token[],
  vocabulary: number,
  encoded?: EncodedText,
): Promise<Float32Array | undefined> {
  const ids = tokens.map(({ id }) => id);
  const feeds = wholeTextFeeds(part.interface, ids, encoded);
  const { ratings } = await tracing.run(graph, feeds, [], { ids, vocabulary });
  return ratings;
}

function attentionOf({ summary }: OpenModel, ...graphs: readonly TappedGraph[]): AttentionLayers {
  const layers = { self: 0, masked: 0, cross: 0 };
  for (const { kind } of graphs.flatMap((graph) => graph.layers)) {
    layers[kind]++;
  }
  return { heads: summary.heads, layers };
}

function tracingOf(attention: AttentionLayers, lengths: SequenceLengths): Tracing {
  const { encoder, decoder } = lengths;
  return new Tracing(bytesOfMaps(lengths, attention), attention.heads, {
    self: { queries: encoder, keys: encoder },
    masked: { queries: decoder, keys: decoder },
    cross: { queries: decoder, keys: encoder },
  });
}

/**
 * Stacks that have more layers than maps: some bring tokens together in another way, by convolution
 * or by a state, or in parts.
 */
function maplessLayers(
  { summary }: OpenModel,
  sites: readonly AttentionSite[],
): Pick<TraceSummary, 'mapless'> {
  const mapless = (['encoder', 'decoder'] as const)
    .map((component) => ({
      component,
      maps: sites.filter((site) => site.component === component && site.kind !== 'cross').length,
      layers: summary.layers[component] ?? 0,
    }))
    .filter(({ maps, layers }) => maps < layers);
  return mapless.length === 0 ? {} : { mapless };
}

function nameOf({ summary }: OpenModel): TraceSummary['model'] {
  return { name: summary.name, folder: summary.folder };
}

/** @param ratings undefined where the model tells nothing of all its tokens. */
function withPredictions(
  { tokenizer }: OpenModel,
  tokens: readonly Token[],
  ratings: Float32Array | undefined,
): TracedToken[] {
  if (ratings === undefined) {
    return [...tokens];
  }
  const nameOf = (id: number): NamedToken => namedToken(tokenizer, id);
  const rated = predictions(ratings, RATING_NUMBERS, tokens.length, nameOf);
  return tokens.map((token, position) => {
    const prediction = rated[position];
    return prediction === undefined ? token : { ...token, prediction };
  });
}
