import path from 'node:path';
import { Failure, phrase } from '../shared/failure';
import { architectureOf } from './architecture';
import { readObjectIfAny, statIfAny } from './files';
import { readGenerationConfig } from './generationConfig';
import type { GenerationConfig } from './generationConfig';
import { readModelConfig } from './modelConfig';
import type { ModelConfig } from './modelConfig';
import { MANIFEST_FILE, readModelPurpose } from './modelPurpose';
import type { ModelPurpose } from './modelPurpose';
import { readTokenizerIfAny } from './tokenizerFiles';
import type { TokenizerFiles } from './tokenizerFiles';
import { findEncoderDecoderWeights, findWeights } from './weights';
import type { EncoderDecoderWeights, Weights } from './weights';

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
  tokenizer: TokenizerFiles;
  purpose: ModelPurpose;
}

/**
 * Reads what describes a model, and finds its weights without reading them.
 * @param folder  path of the folder; relative ones start at the working directory
 * @throws Failure `model` where the folder lacks something or holds something unreadable
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const root = path.resolve(folder);
  await checkFolder(root);
  const file = (name: string) => path.join(root, name);

  const config = await readObjectIfAny(file('config.json'));
  if (config === undefined) {
    const isBuilt = (await statIfAny(file(BUILDER_FILE))) !== undefined;
    throw lacks(root, 'config.json', isBuilt ? TO_COPY : undefined);
  }
  const architecture = architectureOf(config);
  const weights =
    architecture === 'encoder-decoder'
      ? { architecture, weights: await findEncoderDecoderWeights(root) }
      : { architecture, weights: await findWeights(root, architecture) };
  const tokenizer = await readTokenizerFiles(root);
  const name = modelName(config['_name_or_path'], root);
  return {
    folder: root,
    name,
    config: readModelConfig(
      config,
      architecture,
      tokenizer.config?.['model_max_length'],
      file('config.json'),
    ),
    generation: readGenerationConfig(
      await readObjectIfAny(file('generation_config.json')),
      config,
      { generation: file('generation_config.json'), config: file('config.json') },
    ),
    tokenizer,
    purpose: readModelPurpose(
      await readObjectIfAny(file(MANIFEST_FILE)),
      config,
      name,
      file(MANIFEST_FILE),
    ),
    ...weights,
  };
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
      todo: phrase('check its path in the settings or on the command line'),
    });
  }
  if (!found.isDirectory()) {
    throw new Failure({
      kind: 'model',
      what: phrase('This is a file, but a model is a folder'),
      where: folder,
      todo: phrase('choose the folder that holds config.json'),
    });
  }
}

/** What ONNX Runtime's model builder writes in the place of config.json. */
const BUILDER_FILE = 'genai_config.json';

const TO_COPY = phrase('copy config.json of the model that it was built from into the folder');

function lacks(
  folder: string,
  file: string,
  todo = phrase('choose a folder that holds an exported model with its configuration'),
): Failure {
  return new Failure({
    kind: 'model',
    what: phrase('The model folder has no {0}', file),
    where: folder,
    todo,
  });
}

/** Exporters write a name (`gpt2`, `org/name`) or the path on their own machine. */
function modelName(nameOrPath: unknown, folder: string): string {
  return typeof nameOrPath === 'string' && /^\w[\w.-]{0,95}(\/[\w.-]{1,96})?$/.test(nameOrPath)
    ? nameOrPath
    : path.basename(folder);
}
