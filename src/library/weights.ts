import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Failure, phrase } from '../shared/failure';
import { isMissing, unreadable } from './files';

/** The file that holds a model's graph, and what lies beside it. */
export interface Weights {
  /** Absolute path of the `.onnx` file. */
  file: string;
  /** The same, relative to the model folder, with forward slashes. */
  relative: string;
  /**
   * Absolute paths of the files beside it that are named like its external data. What the graph
   * really refers to is only known once it was read.
   */
  externalData: string[];
}

/** Folders of a model that hold graphs, the first one preferred. */
const PLACES = ['onnx', ''] as const;

/**
 * Graphs of decoder-only models, the first one preferred: Transformers.js and newer Optimum write
 * `model`, older Optimum writes the others. The merged one comes last: it takes an input of its own
 * that chooses between a branch for the first token and one for the later ones.
 */
const STEMS = ['model', 'decoder_model', 'decoder_model_merged'] as const;

/**
 * Suffixes of Transformers.js for the weights' type, the first one preferred: exact weights come
 * first, then those that a CPU runs fast, then those that it must convert while it computes.
 */
const SUFFIXES = [
  '', // float32
  '_quantized', // int8 or uint8, by dynamic quantization
  '_int8',
  '_uint8',
  '_fp16',
  '_q4', // 4 bits in blocks, computing in float32
  '_bnb4', // 4 bits, bitsandbytes
  '_q4f16', // 4 bits in blocks, computing in float16
] as const;

/**
 * Finds the graph of a decoder-only model. A name that is not in the tables above is taken when it
 * is the only `.onnx` file.
 * @param folder  absolute path
 * @throws Failure `unsupported` for an encoder–decoder model, `model` when there is no graph
 */
export async function findWeights(folder: string): Promise<Weights> {
  const names = new Map<string, string[]>();
  for (const place of PLACES) {
    names.set(place, await listFiles(path.join(folder, place)));
  }
  const graphs = PLACES.flatMap((place) =>
    (names.get(place) ?? [])
      .filter((name) => name.endsWith('.onnx'))
      .map((name) => ({ place, name })),
  );
  if (graphs.some(({ name }) => /^encoder_model/.test(name))) {
    throw encoderDecoder(folder);
  }
  const preferred = STEMS.flatMap((stem) =>
    PLACES.flatMap((place) => SUFFIXES.map((suffix) => ({ place, name: `${stem}${suffix}.onnx` }))),
  ).find(({ place, name }) => names.get(place)?.includes(name));
  const chosen = preferred ?? (graphs.length === 1 ? graphs[0] : undefined);
  if (chosen === undefined) {
    throw noGraph(folder, graphs.length > 0);
  }
  const { place, name } = chosen;
  return {
    file: path.join(folder, place, name),
    relative: place === '' ? name : `${place}/${name}`,
    externalData: (names.get(place) ?? [])
      .filter((other) => isDataOf(other, name))
      .sort()
      .map((other) => path.join(folder, place, other)),
  };
}

/** Exporters write `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data` and `model.data`. */
function isDataOf(other: string, graph: string): boolean {
  return (
    other.startsWith(`${graph}_data`) ||
    other === `${graph}.data` ||
    other === `${graph.slice(0, -'.onnx'.length)}.data`
  );
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => entry.name);
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw unreadable(folder, error);
  }
}

/** The failure for models with an encoder and a decoder. */
export function encoderDecoder(where: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase('This is an encoder–decoder model, which this version of Headlight cannot open'),
    where,
    todo: phrase('choose a text-generation model, such as GPT-2 or Llama'),
  });
}

function noGraph(where: string, others: boolean): Failure {
  return new Failure({
    kind: 'model',
    what: others
      ? phrase('The folder has several ONNX files, but none has the name of a whole model')
      : phrase('The folder has no ONNX file'),
    where,
    todo: phrase('put the exported model there and name it onnx/model.onnx'),
  });
}
