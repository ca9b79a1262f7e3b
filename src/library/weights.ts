import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Failure, phrase } from '../shared/failure';
import { isMissing, unreadable } from './files';

/** A file that holds a graph of a model. Its weights may be in other files beside it. */
export interface Weights {
  /** Absolute path of the `.onnx` file. */
  file: string;
  /** The same, relative to the model folder, with forward slashes. */
  relative: string;
}

/** The graphs of an encoder–decoder model. */
export interface EncoderDecoderWeights {
  encoder: Weights;
  /** Runs the first step; also the later ones when it is merged, or when it stands alone. */
  decoder: Weights;
  /** Runs the later steps from the cache. */
  decoderWithPast?: Weights;
}

/** Folders of a model that hold graphs, the first one preferred. */
const PLACES = ['onnx', ''] as const;

/**
 * Graphs of decoder-only models, the first one preferred: Transformers.js and newer Optimum write
 * `model`, older Optimum writes the others. The merged one comes last: it takes an input of its own
 * that chooses between a branch for the first token and one for the later ones.
 */
const DECODER_STEMS = ['model', 'decoder_model', 'decoder_model_merged'] as const;

const ENCODER_STEMS = ['model', 'encoder_model'] as const;

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

/** Those whose weights may be signed 8-bit integers, which not every processor multiplies exactly. */
const SIGNED_SUFFIXES: readonly string[] = ['_quantized', '_int8'];

/**
 * Whether sums of signed 8-bit products are cut off on this machine. Asked only where a folder
 * leaves the choice between such weights and others.
 */
export type Saturates = () => Promise<boolean>;

/**
 * Finds the graph of a decoder-only or encoder-only model. A name that is not in the tables above is
 * taken when it is the only `.onnx` file.
 * @param folder  absolute path
 * @throws Failure `model` when there is no graph
 */
export async function findWeights(
  folder: string,
  architecture: 'decoder' | 'encoder',
  saturates: Saturates,
): Promise<Weights> {
  const files = await GraphFiles.list(folder, saturates);
  const stems = architecture === 'decoder' ? DECODER_STEMS : ENCODER_STEMS;
  const preferred = firstOf(stems, (stem) => firstOf(PLACES, (place) => files.best(place, stem)));
  const chosen = preferred ?? files.sole();
  if (chosen === undefined) {
    throw noGraph(folder, files.count > 0);
  }
  return chosen;
}

/**
 * Finds the graphs of an encoder–decoder model, all in one folder and with one suffix where that is
 * possible. A merged decoder is preferred, since it holds its weights once; the pair of decoders
 * comes next, and last a decoder without a cache.
 * @param folder  absolute path
 * @throws Failure `model` that names the graph that is missing
 */
export async function findEncoderDecoderWeights(
  folder: string,
  saturates: Saturates,
): Promise<EncoderDecoderWeights> {
  const files = await GraphFiles.list(folder, saturates);
  const alike = firstOf(PLACES, (place) =>
    firstOf(files.suffixes, (suffix) => {
      const encoder = files.find(place, `encoder_model${suffix}`);
      const decoders = decodersWith(files, place, suffix);
      return encoder && decoders && { encoder, ...decoders };
    }),
  );
  if (alike !== undefined) {
    return alike;
  }
  const encoder = firstOf(PLACES, (place) => files.best(place, 'encoder_model'));
  const decoders = firstOf(PLACES, (place) =>
    firstOf(files.suffixes, (suffix) => decodersWith(files, place, suffix)),
  );
  if (encoder === undefined) {
    throw noPart(folder, 'encoder_model.onnx');
  }
  if (decoders === undefined) {
    throw noPart(folder, 'decoder_model_merged.onnx');
  }
  return { encoder, ...decoders };
}

/** A graph by its path, as one of a model folder. */
export function weightsOf(folder: string, file: string): Weights {
  const relative = path.relative(folder, file);
  const isInside = !relative.startsWith('..') && !path.isAbsolute(relative);
  return {
    file,
    relative: isInside ? relative.split(path.sep).join('/') : path.basename(file),
  };
}

/**
 * The graphs of an encoder–decoder model with one of them in the place of another: an encoder by its name, else
 * a decoder that reads a whole text.
 * @throws Failure `unsupported` for one that only goes on from a cache
 */
export function withChosenGraph(
  weights: EncoderDecoderWeights,
  folder: string,
  file: string,
): EncoderDecoderWeights {
  const chosen = weightsOf(folder, file);
  const name = path.basename(file);
  if (name.startsWith('decoder_with_past')) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The file only goes on from what another one has read, so it reads no text'),
      where: file,
      remedy: phrase('choose the model’s folder, or its decoder'),
    });
  }
  return name.startsWith('encoder')
    ? { ...weights, encoder: chosen }
    : { encoder: weights.encoder, decoder: chosen };
}

/**
 * The graphs of a folder that need not hold a model of ours: of each name the variant with the weights
 * that are preferred, of the first place that has any.
 * @param folder  absolute path
 * @throws Failure `model` when there is no graph
 */
export async function findAllWeights(folder: string): Promise<Weights[]> {
  const files = await GraphFiles.list(folder, () => Promise.resolve(false));
  const found = firstOf(PLACES, (place) => {
    const all = files.every(place);
    return all.length > 0 ? all : undefined;
  });
  if (found === undefined) {
    throw noGraph(folder, false);
  }
  return found;
}

/**
 * The graphs of a folder in sets that run together, whatever their weights' type: an encoder with its
 * decoders, or else each by itself. A decoder without a cache and one with it go beside a merged one, which
 * does what both do, by themselves.
 * @param folder  absolute path
 * @param isEncoderDecoder  whether the folder says so
 * @throws Failure `model` when there is no graph
 */
export async function findGraphSets(
  folder: string,
  isEncoderDecoder: boolean,
): Promise<Weights[][]> {
  const files = await GraphFiles.list(folder, () => Promise.resolve(false));
  const all = files.all();
  if (all.length === 0) {
    throw noGraph(folder, false);
  }
  const sets: Weights[][] = [];
  const taken = new Set<string>();
  for (const place of isEncoderDecoder ? PLACES : []) {
    for (const suffix of SUFFIXES) {
      const encoder = files.find(place, `encoder_model${suffix}`);
      const { decoder, decoderWithPast } = decodersWith(files, place, suffix) ?? {};
      const set = [encoder, decoder, decoderWithPast].filter((graph) => graph !== undefined);
      if (set.length > 0) {
        sets.push(set);
        set.forEach(({ file }) => taken.add(file));
      }
    }
  }
  const others = all.filter(({ file }) => !taken.has(file));
  return [...sets, ...others.map((graph) => [graph])];
}

function decodersWith(
  files: GraphFiles,
  place: string,
  suffix: string,
): Omit<EncoderDecoderWeights, 'encoder'> | undefined {
  const merged = files.find(place, `decoder_model_merged${suffix}`);
  if (merged !== undefined) {
    return { decoder: merged };
  }
  const decoder = files.find(place, `decoder_model${suffix}`);
  const decoderWithPast = files.find(place, `decoder_with_past_model${suffix}`);
  return decoder && { decoder, ...(decoderWithPast === undefined ? {} : { decoderWithPast }) };
}

/** What a function makes of the first item that it makes something of. */
function firstOf<T, R>(items: readonly T[], make: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const made = make(item);
    if (made !== undefined) {
      return made;
    }
  }
  return undefined;
}

/** The names of the files in the places where graphs lie. */
class GraphFiles {
  private constructor(
    private readonly folder: string,
    private readonly names: ReadonlyMap<string, readonly string[]>,
    /** As {@link SUFFIXES}; those that this machine cannot compute exactly come last. */
    readonly suffixes: readonly string[],
  ) {}

  static async list(folder: string, saturates: Saturates): Promise<GraphFiles> {
    const names = new Map<string, readonly string[]>();
    for (const place of PLACES) {
      names.set(place, await listFiles(path.join(folder, place)));
    }
    return new GraphFiles(folder, names, await suffixesHere([...names.values()].flat(), saturates));
  }

  /** Number of graphs. */
  get count(): number {
    return this.graphs().length;
  }

  /** The graph with this name, less `.onnx`. */
  find(place: string, name: string): Weights | undefined {
    const graph = `${name}.onnx`;
    return this.names.get(place)?.includes(graph) === true ? this.weights(place, graph) : undefined;
  }

  /** The graph of this stem with the best suffix. */
  best(place: string, stem: string): Weights | undefined {
    return firstOf(this.suffixes, (suffix) => this.find(place, stem + suffix));
  }

  /** The graph, where there is but one. */
  sole(): Weights | undefined {
    const [first, ...others] = this.graphs();
    return first !== undefined && others.length === 0
      ? this.weights(first.place, first.name)
      : undefined;
  }

  /** The graphs of a place, each with the best suffix that its name comes with. */
  every(place: string): Weights[] {
    const names = (this.names.get(place) ?? [])
      .filter((name) => name.endsWith('.onnx'))
      .map((name) => name.slice(0, -'.onnx'.length));
    const stems = new Set(names.map(withoutSuffix));
    return [...stems].sort().flatMap((stem) => this.best(place, stem) ?? []);
  }

  /** All graphs, in the order of their places and names. */
  all(): Weights[] {
    return this.graphs()
      .sort((a, b) => order(a.place, b.place) || order(a.name, b.name))
      .map(({ place, name }) => this.weights(place, name));
  }

  private graphs(): { place: string; name: string }[] {
    return Array.from(this.names).flatMap(([place, names]) =>
      names.filter((name) => name.endsWith('.onnx')).map((name) => ({ place, name })),
    );
  }

  private weights(place: string, graph: string): Weights {
    return {
      file: path.join(this.folder, place, graph),
      relative: place === '' ? graph : `${place}/${graph}`,
    };
  }
}

/** As `sort` takes it. */
function order(one: string, other: string): number {
  return Number(one > other) - Number(one < other);
}

/** The suffixes as they are preferred here, for graphs of these names. */
async function suffixesHere(
  names: readonly string[],
  saturates: Saturates,
): Promise<readonly string[]> {
  const has = (suffix: string): boolean => names.some((name) => name.endsWith(`${suffix}.onnx`));
  const others = SUFFIXES.filter((suffix) => !SIGNED_SUFFIXES.includes(suffix));
  const isChoice = SIGNED_SUFFIXES.some(has) && others.slice(1).some(has);
  return isChoice && (await saturates()) ? [...others, ...SIGNED_SUFFIXES] : SUFFIXES;
}

function withoutSuffix(name: string): string {
  const suffix = SUFFIXES.find((each) => each !== '' && name.endsWith(each)) ?? '';
  return name.slice(0, name.length - suffix.length);
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

function noGraph(where: string, others: boolean): Failure {
  return new Failure({
    kind: 'model',
    what: others
      ? phrase('The folder has several ONNX files, but none has the name of a whole model')
      : phrase('The folder has no ONNX file'),
    where,
    remedy: phrase('put the exported model there and name it onnx/model.onnx'),
  });
}

function noPart(where: string, file: string): Failure {
  return new Failure({
    kind: 'model',
    what: phrase('The encoder–decoder model has no onnx/{0}', file),
    where,
    remedy: phrase('export encoder and decoder with Optimum or for Transformers.js'),
  });
}
