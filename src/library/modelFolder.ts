import path from 'node:path';
import { Failure, phrase } from '../shared/failure';
import { architectureOf, type Architecture } from './architecture';
import { readObjectIfAny, statIfAny } from './files';
import { modelFolderName } from './findModelFolder';
import { readGenerationConfig, readTaskGeneration } from './generationConfig';
import type { GenerationConfig } from './generationConfig';
import { readModelConfig } from './modelConfig';
import type { ModelConfig } from './modelConfig';
import { LEXICON_FILE, readLexicon, type Lexicon } from './lexicon';
import { MANIFEST_FILE, readModelPurpose } from './modelPurpose';
import type { ModelPurpose } from './modelPurpose';
import { readTokenizerIfAny } from './tokenizerFiles';
import type { TokenizerFiles } from './tokenizerFiles';
import {
  findAllWeights,
  findEncoderDecoderWeights,
  findWeights,
  withChosenGraph,
  weightsOf,
} from './weights';
import type { EncoderDecoderWeights, Saturates, Weights } from './weights';

/** A model folder in the Hugging Face / Transformers.js layout, read and validated. */
export type ModelFolder = DecoderFolder | EncoderFolder | EncoderDecoderFolder;

/** Llama, GPT-2 and the like: goes on with a text. */
export interface DecoderFolder extends FolderDescription {
  architecture: 'decoder';
  weights: Weights;
}

/** BERT and its kin: fills blanks. */
export interface EncoderFolder extends FolderDescription {
  architecture: 'encoder';
  weights: Weights;
}

/** Marian, T5, BART and the like: makes one text of another. */
export interface EncoderDecoderFolder extends FolderDescription {
  architecture: 'encoder-decoder';
  weights: EncoderDecoderWeights;
}

interface FolderDescription {
  /** Absolute path. */
  folder: string;
  /** For people: `_name_or_path` of config.json where it is a model's name, else the folder's. */
  name: string;
  config: ModelConfig;
  generation: GenerationConfig;
  /** By the names of `task_specific_params`: the same with what is said for one task. */
  taskGeneration: ReadonlyMap<string, GenerationConfig>;
  tokenizer: TokenizerFiles;
  purpose: ModelPurpose;
  /** How a translator's training text translates words. */
  lexicon?: Lexicon;
}

const NEVER: Saturates = () => Promise.resolve(false);

/**
 * Reads what describes a model, and finds its weights without reading them.
 * @param folder  path of the folder; relative ones start at the working directory
 * @param saturates  whether this machine computes 8-bit products wrongly; absent if it does not
 * @param graph  path of a graph to take in the place of the one that the folder's own choice would be; it
 *   may lie elsewhere
 * @throws Failure `model` where the folder lacks something or holds something unreadable
 */
export async function readModelFolder(
  folder: string,
  saturates: Saturates = NEVER,
  graph?: string,
): Promise<ModelFolder> {
  const root = path.resolve(folder);
  await checkFolder(root);
  const file = (name: string) => path.join(root, name);

  const config = await readObjectIfAny(file('config.json'));
  if (config === undefined) {
    const isBuilt = (await statIfAny(file(BUILDER_FILE))) !== undefined;
    throw lacks(root, 'config.json', isBuilt ? TO_COPY : undefined);
  }
  const architecture = architectureOf(config);
  const weights = await graphsOf(root, architecture, saturates, graph);
  const tokenizer = await readTokenizerFiles(root);
  const generation = await readObjectIfAny(file('generation_config.json'));
  const name = modelName(config['_name_or_path'], root);
  const purpose = readModelPurpose(
    await readObjectIfAny(file(MANIFEST_FILE)),
    config,
    name,
    file(MANIFEST_FILE),
  );
  // Folders of others may have a file of this name for another use.
  const isAsked = purpose.domain?.wrong?.weights.unmatchedWords !== undefined;
  const lexicon = isAsked ? await readObjectIfAny(file(LEXICON_FILE)) : undefined;
  return {
    folder: root,
    name,
    config: readModelConfig(
      config,
      architecture,
      tokenizer.config?.['model_max_length'],
      file('config.json'),
    ),
    generation: readGenerationConfig(generation, config),
    taskGeneration: readTaskGeneration(generation, config),
    tokenizer,
    purpose,
    ...(lexicon === undefined ? {} : { lexicon: readLexicon(lexicon, file(LEXICON_FILE)) }),
    ...weights,
  };
}

/**
 * Graphs of a folder, and which stacks of a Transformer they are, where its config.json tells. Without
 * one, nothing says that they are of one model.
 */
export type FolderGraphs =
  | Pick<DecoderFolder, 'architecture' | 'weights'>
  | Pick<EncoderFolder, 'architecture' | 'weights'>
  | Pick<EncoderDecoderFolder, 'architecture' | 'weights'>
  | { architecture?: undefined; weights: Weights[]; areOneModel: boolean };

/**
 * Finds the graphs of a folder, whatever kind of model it holds: it need have no tokenizer, and no
 * configuration of a model that reads text. One that cannot be read tells nothing but that there is one.
 * @throws Failure `model` when there is no graph
 */
export async function findGraphs(
  folder: string,
  saturates: Saturates = NEVER,
): Promise<FolderGraphs> {
  const root = path.resolve(folder);
  await checkFolder(root);
  let isConfigured = true;
  try {
    const config = await readObjectIfAny(path.join(root, 'config.json'));
    isConfigured = config !== undefined;
    if (config !== undefined) {
      return await graphsOf(root, architectureOf(config), saturates);
    }
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw error;
    }
  }
  return { weights: await findAllWeights(root), areOneModel: isConfigured };
}

async function graphsOf(
  root: string,
  architecture: Architecture,
  saturates: Saturates,
  graph?: string,
) {
  if (architecture === 'encoder-decoder') {
    const weights = await findEncoderDecoderWeights(root, saturates);
    return {
      architecture,
      weights: graph === undefined ? weights : withChosenGraph(weights, root, graph),
    };
  }
  const weights =
    graph === undefined ? await findWeights(root, architecture, saturates) : weightsOf(root, graph);
  return { architecture, weights };
}

/**
 * Reads a folder's tokenizer, which need not have a model beside it.
 * @throws Failure `model`
 */
export async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const root = path.resolve(folder);
  await checkFolder(root);
  const files = await readTokenizerIfAny(root);
  if (files === undefined) {
    throw lacks(root, 'tokenizer.json');
  }
  return files;
}

async function checkFolder(folder: string): Promise<void> {
  const found = await statIfAny(folder);
  if (found === undefined) {
    throw new Failure({
      kind: 'model',
      what: phrase('The model folder does not exist'),
      where: folder,
      remedy: phrase('check its path in the settings or on the command line'),
    });
  }
  if (!found.isDirectory()) {
    throw new Failure({
      kind: 'model',
      what: phrase('This is a file, but a model is a folder'),
      where: folder,
      remedy: phrase('choose the folder that holds config.json'),
    });
  }
}

/** What ONNX Runtime's model builder writes in the place of config.json. */
const BUILDER_FILE = 'genai_config.json';

const TO_COPY = phrase('copy config.json of the model that it was built from into the folder');

function lacks(
  folder: string,
  file: string,
  remedy = phrase('choose a folder that holds an exported model with its configuration'),
): Failure {
  return new Failure({
    kind: 'model',
    what: phrase('The model folder has no {0}', file),
    where: folder,
    remedy,
  });
}

/** Exporters write a name (`gpt2`, `org/name`) or the path on their own machine. */
export function modelName(nameOrPath: unknown, folder: string): string {
  return typeof nameOrPath === 'string' && /^\w[\w.-]{0,95}(\/[\w.-]{1,96})?$/.test(nameOrPath)
    ? nameOrPath
    : modelFolderName(folder);
}
