import type { ModelSummary } from '../shared/modelSummary';
import { Failure, phrase } from '../shared/failure';
import type { Token } from '../shared/text';
import type { Domain } from '../library/modelPurpose';
import {
  findGraphs,
  readModelFolder,
  type DecoderFolder,
  type EncoderDecoderFolder,
  type EncoderFolder,
  type ModelFolder,
} from '../library/modelFolder';
import type { Weights } from '../library/weights';
import type { ValueInfo } from '../onnx/graph/model';
import type { Tokenizer } from '../tokenizer/tokenizer';
import {
  decoderInterface,
  spoiledCache,
  type DecoderInterface,
} from './generation/decoderInterface';
import { encoderInterface, type EncoderInterface } from './generation/encoderInterface';
import { graphInputs } from './generation/graphInputs';
import { nonTextInput } from './generation/nonTextInput';
import { singleGraphEncoderDecoder } from './generation/singleGraph';
import { generationSettingsOf, type RecommendedSettings } from './generation/settings';
import type { GenerationLimits } from './generation/step';
import { languageChoices } from './languages/languageChoices';
import { findLanguageScheme, type LanguageScheme } from './languages/languageScheme';
import { ModelGraph } from './modelGraph';
import { openTokenizer } from './openTokenizer';
import { int8ProductsSaturate } from './runtime/int8Products';

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
  /** How it is told which languages to translate between. */
  languages: LanguageScheme;
  /** Reads what its decoder is to have written, the token that ends it included. */
  readTarget: (text: string) => Token[];
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
  recommended: RecommendedSettings;
  /** What the model was trained on, where its folder says so. */
  domain?: Domain;
}

/**
 * Reads a model folder, weights apart.
 * @param file a graph to take in the place of the one that the folder's own choice would be.
 * @throws Failure `model` or `unsupported`, naming the file.
 */
export async function openModel(path: string, file?: string): Promise<OpenModel> {
  const folder = await readTextModel(path, file);
  const tokenizer = openTokenizer(folder.tokenizer, folder.config.vocabulary);
  switch (folder.architecture) {
    case 'decoder': {
      const { headSize } = folder.config;
      const decoder = await openDecoder(folder.weights, 'text-generation', headSize);
      const cached = decoder.interface.cache !== undefined;
      return {
        ...describe(
          folder,
          tokenizer,
          [decoder],
          cached,
          [wholeLength(decoder)],
          decoder.interface.instead,
        ),
        architecture: folder.architecture,
        folder,
        decoder,
      };
    }
    case 'encoder': {
      const encoder = await openEncoder(folder.weights, 'alone');
      return {
        ...describe(folder, tokenizer, [encoder], false, [encoder.interface.length]),
        architecture: folder.architecture,
        folder,
        encoder,
      };
    }
    case 'encoder-decoder':
      return openEncoderDecoder(folder, tokenizer);
  }
}

/**
 * Reads a model folder. One that holds a model of sound or images, or encoder and decoder in one graph,
 * lacks what others must have, which is not what is wrong with it.
 */
async function readTextModel(path: string, file?: string): Promise<ModelFolder> {
  try {
    return await readModelFolder(path, int8ProductsSaturate, file);
  } catch (error) {
    throw (await otherKind(path)) ?? error;
  }
}

/** Why the graph of a folder is none of those that Headlight runs, where that is what is wrong. */
async function otherKind(path: string): Promise<Failure | undefined> {
  try {
    const graphs = await findGraphs(path);
    const [first] =
      graphs.architecture === 'encoder-decoder'
        ? [graphs.weights.encoder]
        : [graphs.weights].flat();
    if (first === undefined) {
      return undefined;
    }
    const { onnx, file } = await ModelGraph.open(first, 'encoder');
    const inputs = graphInputs(onnx.graph);
    return nonTextInput(inputs, file) ?? singleGraphEncoderDecoder(inputs, file);
  } catch (error) {
    // Then what was wrong first is what there is to say.
    if (error instanceof Failure) {
      return undefined;
    }
    throw error;
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
  for (const graph of allGraphs(model)) {
    await graph.session();
  }
}

function allGraphs(model: OpenModel): ModelGraph[] {
  const later = model.architecture === 'encoder-decoder' ? model.decoderWithPast : undefined;
  return [...tracedGraphs(model), ...(later === undefined ? [] : [later.graph])];
}

/** Frees the sessions of a model that is used no more. */
export async function disposeModel(model: OpenModel): Promise<void> {
  await Promise.all(allGraphs(model).map((graph) => graph.dispose()));
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
  const languages = findLanguageScheme(folder, tokenizer);
  const described = describe(folder, tokenizer, parts, cached, [
    encoder.interface.length,
    decoder.interface.encoderLength,
    later.interface.encoderLength,
    wholeLength(later),
  ]);
  const choices = languageChoices(languages, folder.generation);
  return {
    ...described,
    summary: {
      ...described.summary,
      ...(choices === undefined ? {} : { languages: choices }),
    },
    languages,
    readTarget: (text) => tokenizer.encode(text, { addSpecialTokens: true }),
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

/** How many tokens a decoder reads at most that computes all of them in every step. */
function wholeLength({ interface: { cache, length } }: DecoderPart): number | undefined {
  return cache === undefined ? length : undefined;
}

/** The first step must read the source, and make the keys of cross attention that later ones keep. */
function checkFirstStep({ graph, interface: first }: DecoderPart): void {
  const takesCross = first.cache?.find(({ kind }) => kind === 'cross');
  if (first.encoderStates && (takesCross === undefined || first.cacheBranch)) {
    return;
  }
  throw new Failure({
    kind: 'unsupported',
    what: phrase('The decoder cannot begin a text: it needs what an earlier step has computed'),
    where: graph.file,
    remedy: phrase('export encoder and decoder with Optimum or for Transformers.js'),
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
        remedy: phrase('export encoder and decoder with Optimum or for Transformers.js'),
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

/** The first step must return every key and value that the later ones go on from, and no more. */
function checkHandover(first: DecoderPart, later: DecoderPart): void {
  const { length } = first.interface;
  if (later.interface.cache !== undefined && length !== undefined && length > 1) {
    throw spoiledCache(length, first.graph.file);
  }
  const given = new Set(first.graph.onnx.graph.outputs.map(({ name }) => name));
  const missing = later.interface.cache?.find(({ present }) => !given.has(present));
  if (missing !== undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'The decoder does not return “{0}”, which its later steps need',
        missing.present,
      ),
      where: first.graph.file,
      remedy: phrase('export encoder and decoder with Optimum or for Transformers.js'),
    });
  }
}

/**
 * @param lengths numbers of tokens that the graphs were made for, where they are fixed.
 * @param instead what comes out in place of logits.
 */
function describe(
  { name, folder, config, generation, purpose }: ModelFolder,
  tokenizer: Tokenizer,
  parts: readonly { graph: ModelGraph }[],
  keyValueCache: boolean,
  lengths: readonly (number | undefined)[],
  instead?: string,
): ModelDescription {
  const context = Math.min(config.context, ...lengths.map((length) => length ?? Infinity));
  return {
    tokenizer,
    summary: {
      name,
      folder,
      family: config.family,
      layers: config.layers,
      heads: config.heads,
      vocabulary: config.vocabulary,
      context,
      files: parts.map(({ graph }) => graph.file),
      keyValueCache,
      ...(instead === undefined ? {} : { instead }),
    },
    ...generationSettingsOf(generation, tokenizer, context),
    ...(purpose.domain === undefined ? {} : { domain: purpose.domain }),
  };
}
