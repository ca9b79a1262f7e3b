import type { GenerationOptions, ModelSummary } from '../shared/engineApi';
import { Failure, phrase } from '../shared/failure';
import type { Domain } from '../library/modelPurpose';
import {
  readModelFolder,
  type DecoderFolder,
  type EncoderDecoderFolder,
  type EncoderFolder,
  type ModelFolder,
} from '../library/modelFolder';
import type { Weights } from '../library/weights';
import type { ValueInfo } from '../onnx/model';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { decoderInterface, type DecoderInterface } from './generation/decoderInterface';
import { encoderInterface, type EncoderInterface } from './generation/encoderInterface';
import type { GenerationLimits } from './generation/step';
import { ModelGraph } from './modelGraph';
import { openTokenizer } from './openTokenizer';

/** A model that is ready for work. Its folder, graphs and tokenizer were checked. */
export type OpenModel = DecoderModel | EncoderModel | EncoderDecoderModel;

/** Goes on with a text. */
export interface DecoderModel extends ModelDescription {
  architecture: 'decoder';
  folder: DecoderFolder;
  decoder: DecoderPart;
}

/** Fills blanks of a text. */
export interface EncoderModel extends ModelDescription {
  architecture: 'encoder';
  folder: EncoderFolder;
  encoder: EncoderPart;
}

/** Makes one text of another. */
export interface EncoderDecoderModel extends ModelDescription {
  architecture: 'encoder-decoder';
  folder: EncoderDecoderFolder;
  encoder: EncoderPart;
  /** Runs the first step; also the later ones where there is no `decoderWithPast`. */
  decoder: DecoderPart;
  decoderWithPast?: DecoderPart;
}

/** A graph and what it wants to be fed. */
export interface EncoderPart {
  graph: ModelGraph;
  interface: EncoderInterface;
}

export interface DecoderPart {
  graph: ModelGraph;
  interface: DecoderInterface;
}

interface ModelDescription {
  tokenizer: Tokenizer;
  summary: ModelSummary;
  limits: GenerationLimits;
  /** What generation_config.json says of choosing tokens. */
  recommended: Omit<GenerationOptions, 'maxNewTokens'>;
  /** What the model was trained on, where its folder says so. */
  domain?: Domain;
}

/**
 * Reads a model folder, weights apart.
 * @throws Failure `model` or `unsupported`, naming the file.
 */
export async function openModel(path: string): Promise<OpenModel> {
  const folder = await readModelFolder(path);
  const tokenizer = openTokenizer(folder.tokenizer, folder.config.vocabulary);
  switch (folder.architecture) {
    case 'decoder': {
      const { headSize } = folder.config;
      const decoder = await openDecoder(folder.weights, 'text-generation', headSize);
      const cached = decoder.interface.cache !== undefined;
      return {
        ...describe(folder, tokenizer, [decoder], cached),
        architecture: folder.architecture,
        folder,
        decoder,
      };
    }
    case 'encoder': {
      const encoder = await openEncoder(folder.weights, 'alone');
      return {
        ...describe(folder, tokenizer, [encoder], false),
        architecture: folder.architecture,
        folder,
        encoder,
      };
    }
    case 'encoder-decoder':
      return openEncoderDecoder(folder, tokenizer);
  }
}

/** The graphs that a model is traced on: of two decoders the one that reads a whole text. */
export function tracedGraphs(model: OpenModel): ModelGraph[] {
  switch (model.architecture) {
    case 'decoder':
      return [model.decoder.graph];
    case 'encoder':
      return [model.encoder.graph];
    case 'encoder-decoder':
      return [model.encoder.graph, model.decoder.graph];
  }
}

/** Loads the weights of all graphs that generating or filling a blank takes. */
export async function loadWeights(model: OpenModel): Promise<void> {
  const later = model.architecture === 'encoder-decoder' ? model.decoderWithPast : undefined;
  for (const graph of [...tracedGraphs(model), ...(later === undefined ? [] : [later.graph])]) {
    await graph.session();
  }
}

async function openEncoderDecoder(
  folder: EncoderDecoderFolder,
  tokenizer: Tokenizer,
): Promise<EncoderDecoderModel> {
  const { weights } = folder;
  const encoder = await openEncoder(weights.encoder, 'for-decoder');
  const decoder = await openDecoder(weights.decoder, 'text2text-generation');
  const decoderWithPast =
    weights.decoderWithPast && (await openDecoder(weights.decoderWithPast, 'text2text-generation'));
  const later = decoderWithPast ?? decoder;
  checkFirstStep(decoder);
  checkHandover(decoder, later);
  checkWidths(encoder, [decoder, later]);
  const parts = [encoder, decoder, ...(decoderWithPast === undefined ? [] : [decoderWithPast])];
  const cached = later.interface.cache !== undefined;
  return {
    ...describe(folder, tokenizer, parts, cached),
    architecture: folder.architecture,
    folder,
    encoder,
    decoder,
    ...(decoderWithPast === undefined ? {} : { decoderWithPast }),
  };
}

async function openEncoder(weights: Weights, use: 'for-decoder' | 'alone'): Promise<EncoderPart> {
  const graph = await ModelGraph.open(weights, use === 'alone' ? 'encoder-only' : 'encoder');
  return { graph, interface: encoderInterface(graph.onnx.graph, use, graph.file) };
}

async function openDecoder(
  weights: Weights,
  task: 'text-generation' | 'text2text-generation',
  headSize?: number,
): Promise<DecoderPart> {
  const graph = await ModelGraph.open(
    weights,
    task === 'text-generation' ? 'decoder-only' : 'decoder',
  );
  return { graph, interface: decoderInterface(graph.onnx.graph, task, graph.file, headSize) };
}

/** The first step must read the source, and make the keys of cross attention that later ones keep. */
function checkFirstStep({ graph, interface: first }: DecoderPart): void {
  const takesCross = first.cache?.names.find(({ cross }) => cross);
  if (first.encoderStates && (takesCross === undefined || first.cacheBranch)) {
    return;
  }
  throw new Failure({
    kind: 'unsupported',
    what: phrase('The decoder cannot begin a text: it needs what an earlier step has computed'),
    where: graph.file,
    todo: phrase('export encoder and decoder with Optimum or for Transformers.js'),
  });
}

/** What the encoder gives must be as wide as what the decoder takes, where both of them say so. */
function checkWidths(encoder: EncoderPart, decoders: readonly DecoderPart[]): void {
  const given = widthOf(encoder.graph.onnx.graph.outputs, encoder.interface.output);
  for (const { graph } of decoders) {
    const taken = widthOf(graph.onnx.graph.inputs, 'encoder_hidden_states');
    if (given !== undefined && taken !== undefined && given !== taken) {
      throw new Failure({
        kind: 'model',
        what: phrase(
          'Encoder and decoder come from different models: one is {0} wide, the other {1}',
          given,
          taken,
        ),
        where: graph.file,
        todo: phrase('export encoder and decoder with Optimum or for Transformers.js'),
      });
    }
  }
}

/** Size of the last dimension of a value, if that is fixed. */
function widthOf(values: readonly ValueInfo[], wanted: string): number | undefined {
  const type = values.find(({ name }) => name === wanted)?.type;
  const size = type?.kind === 'tensor' ? type.shape?.at(-1) : undefined;
  return typeof size === 'number' ? size : undefined;
}

/** The first step must return every key and value that the later ones go on from. */
function checkHandover(first: DecoderPart, later: DecoderPart): void {
  const given = new Set(first.graph.onnx.graph.outputs.map(({ name }) => name));
  const missing = later.interface.cache?.names.find(({ present }) => !given.has(present));
  if (missing !== undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'The decoder does not return “{0}”, which its later steps need',
        missing.present,
      ),
      where: first.graph.file,
      todo: phrase('export encoder and decoder with Optimum or for Transformers.js'),
    });
  }
}

function describe(
  { name, folder, config, generation, purpose }: ModelFolder,
  tokenizer: Tokenizer,
  parts: readonly { graph: ModelGraph }[],
  keyValueCache: boolean,
): ModelDescription {
  const { sample, temperature, topK, topP, repetitionPenalty, beams } = generation;
  return {
    tokenizer,
    summary: {
      name,
      folder,
      family: config.family,
      layers: config.layers,
      heads: config.heads,
      vocabulary: config.vocabulary,
      context: config.context,
      files: parts.map(({ graph }) => graph.file),
      keyValueCache,
    },
    limits: {
      endIds: new Set(generation.endTokens),
      context: config.context,
      rules: generation,
    },
    recommended: {
      temperature: sample ? (temperature ?? 1) : 0,
      ...(topK === undefined ? {} : { topK }),
      ...(topP === undefined ? {} : { topP }),
      ...(repetitionPenalty === undefined ? {} : { repetitionPenalty }),
      ...(beams === undefined ? {} : { beams }),
    },
    ...(purpose.domain === undefined ? {} : { domain: purpose.domain }),
  };
}
