import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ggufTensors, safetensorsTensors } from '../../../inspect/tensors/savedTensors';
import type { ListedTensor } from '../../../inspect/tensors/listedTensor';
import { onnxTensors } from '../../../inspect/tensors/onnxTensors';
import { checkExternalFiles } from '../../../library/externalFiles';
import { FileSource } from '../../../library/fileSource';
import { readJsonIfAny, statIfAny } from '../../../library/files';
import { findModelFolder } from '../../../library/findModelFolder';
import { givenPath } from '../../../library/givenPath';
import { findSavedWeights } from '../../../library/savedWeights';
import { beginningOf } from '../../../onnx/file/otherFormats';
import type { TensorRef } from '../../../onnx/graph/model';
import { Failure } from '../../../shared/failure';
import type { UnreadFile } from '../../../shared/modelOutline';
import type { FileNote, TensorFormat } from '../../../shared/tensorListing';
import { bindWeights } from '../../../weights/bindWeights';
import { readGguf } from '../../../weights/gguf';
import { readSafetensors, type Safetensors } from '../../../weights/safetensors';
import { readShardIndex } from '../../../weights/shards';
import { modelFiles, type ModelFiles } from '../modelFiles';
import type { GraphFile } from '../graphRole';
import { withGraphs, type InspectedGraph } from '../inspectedGraph';
import { equalWeights, type EqualWeights } from '../repeatedWeights';
import { singleGguf } from './singleGguf';

/** A file and its tensors. */
export interface ListedFile {
  file: string;
  format: TensorFormat;
  /** Text that is another one when the file has been written anew. */
  version: string;
  tensors: ListedTensor[];
  /** What it says of itself; only files of weights do. */
  notes?: FileNote[];
}

/** The files of a path, and those beside them that cannot be read. */
export interface ListedFiles {
  files: ListedFile[];
  unread: UnreadFile[];
}

/**
 * Lists the tensors of a model file, or of the files of a model folder: its graphs, or where it has none
 * what `transformers` saved, or one GGUF file. Reads headers, and of graphs a few elements of
 * matrices that may be stored twice.
 *
 * @throws Failure `model` or `unsupported`, where one file cannot be read that is all or is needed
 */
export async function listFiles(given: string): Promise<ListedFiles> {
  const content = await graphsAt(given);
  if (content === undefined) {
    return { files: await listWeights(givenPath(given)), unread: [] };
  }
  const { first, repeated, areSeparate, unread } = content;
  return areSeparate
    ? listEach(first)
    : { files: await listGraphs([...first, ...repeated]), unread };
}

/**
 * The graphs that a path stands for; undefined where it stands for files that only hold weights.
 * @throws Failure `model` where it is neither
 */
export async function graphsAt(given: string): Promise<ModelFiles | undefined> {
  const target = givenPath(given);
  const isFolder = (await statIfAny(target))?.isDirectory() === true;
  if (!isFolder) {
    return (await formatOf(target)) === 'onnx' ? modelFiles(target) : undefined;
  }
  const folder = await findModelFolder(target);
  try {
    return await modelFiles(folder);
  } catch (error) {
    if (error instanceof Failure && (await savedIn(folder)) !== undefined) {
      return undefined;
    }
    throw error;
  }
}

/** Lists the tensors of graphs that are open, graph by graph. */
export async function listOpened(
  opened: readonly InspectedGraph[],
): Promise<Omit<ListedFile, 'version'>[]> {
  const copies = copiesIn(await equalWeights(opened));
  return Promise.all(
    opened.map(async (graph) => ({
      file: graph.about.file,
      format: 'onnx' as const,
      tensors: await tensorsOf(graph, copies),
    })),
  );
}

/** Text that is another one when a file has been written anew. */
export async function versionOf(file: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(file);
    return `${size} ${mtimeMs} ${ino}`;
  } catch {
    return 'none';
  }
}

/** Lists the tensors of a file of weights, of the shards that one names, or of what a folder holds. */
async function listWeights(target: string): Promise<ListedFile[]> {
  const isFolder = (await statIfAny(target))?.isDirectory() === true;
  const file = isFolder ? await savedIn(await findModelFolder(target)) : target;
  if (file?.endsWith(SHARD_INDEX) === true) {
    return listShards(file);
  }
  const path = file ?? target;
  return [(await formatOf(path)) === 'gguf' ? await listGguf(path) : await listSafetensors(path)];
}

/** The file of weights that a folder without graphs holds. */
async function savedIn(folder: string): Promise<string | undefined> {
  return (await findSavedWeights([folder])) ?? (await singleGguf(folder));
}

/** Files that have nothing to do with each other: what is wrong with one is no fault of another. */
async function listEach(graphs: readonly GraphFile[]): Promise<ListedFiles> {
  const found: ListedFiles = { files: [], unread: [] };
  for (const graph of graphs) {
    try {
      found.files.push(...(await listGraphs([graph])));
    } catch (error) {
      if (!(error instanceof Failure)) {
        throw error;
      }
      found.unread.push({ file: graph.file, failure: error.data });
    }
  }
  return found;
}

const SHARD_INDEX = '.safetensors.index.json';

/** By its name, or else by what it begins with: files in the hub's cache may have names of their own. */
async function formatOf(file: string): Promise<TensorFormat> {
  if (file.endsWith(SHARD_INDEX)) {
    return 'safetensors';
  }
  const extension = path.extname(file).toLowerCase();
  if (extension === '.safetensors' || extension === '.gguf') {
    return extension === '.gguf' ? 'gguf' : 'safetensors';
  }
  if (extension === '.onnx') {
    return 'onnx';
  }
  const start = await withSource(file, beginningOf);
  const text = String.fromCharCode(...start.subarray(0, 10));
  return text.startsWith('GGUF') ? 'gguf' : text.startsWith('{"', 8) ? 'safetensors' : 'onnx';
}

async function listSafetensors(file: string): Promise<ListedFile> {
  const version = await versionOf(file);
  const header = await readHeader(file);
  return {
    ...{ file, version, format: 'safetensors', tensors: safetensorsTensors(file, header) },
    notes: notesOf(header.metadata),
  };
}

function readHeader(file: string): Promise<Safetensors> {
  return withSource(file, (source) => readSafetensors(source, file));
}

async function listGguf(file: string): Promise<ListedFile> {
  const version = await versionOf(file);
  const header = await withSource(file, (source) => readGguf(source, file));
  return {
    ...{ file, version, format: 'gguf', tensors: ggufTensors(file, header) },
    notes: notesOf(header.metadata),
  };
}

async function listShards(index: string): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  for (const file of await shardsOf(index)) {
    files.push(await listSafetensors(file));
  }
  return files;
}

function notesOf(metadata: ReadonlyMap<string, string | number | boolean>): FileNote[] {
  return Array.from(metadata, ([name, value]) => ({ name, value: String(value) }));
}

/** The files that an index names, which lie beside it. */
async function shardsOf(index: string): Promise<string[]> {
  const shards = new Set(readShardIndex(await readJsonIfAny(index), index).values());
  const locations = [...shards].sort();
  await checkExternalFiles(
    index,
    locations.map((location) => ({ location, bytes: 0 })),
  );
  return locations.map((location) => path.join(path.dirname(index), location));
}

async function listGraphs(graphs: readonly GraphFile[]): Promise<ListedFile[]> {
  // A file that is written anew meanwhile is another one than what is listed.
  const versions = await Promise.all(graphs.map(({ file }) => versionOf(file)));
  const files = await withGraphs(graphs, listOpened);
  return files.map((file, index) => ({ ...file, version: versions[index] ?? '' }));
}

/** Tensors whose elements are those of an earlier one, with that. */
type Copies = ReadonlyMap<TensorRef, { file: string; name: string }>;

function copiesIn(equal: readonly EqualWeights[]): Copies {
  const copies = new Map<TensorRef, { file: string; name: string }>();
  for (const [first, ...others] of equal) {
    const file = first?.graph.about.file ?? '';
    const name = first?.weight.tensor.name ?? '';
    for (const { weight } of others) {
      copies.set(weight.tensor, { file, name });
    }
  }
  return copies;
}

async function tensorsOf(graph: InspectedGraph, copies: Copies): Promise<ListedTensor[]> {
  const { about, onnx, weights } = graph;
  const { file, role } = about;
  const saved = await savedShapes(file);
  const part = role === 'encoder' || role === 'decoder' ? role : undefined;
  return onnxTensors({
    file,
    onnx,
    weights,
    bound: bindWeights(onnx),
    copies,
    ...(saved === undefined ? {} : { saved }),
    ...(part === undefined ? {} : { part }),
  });
}

/**
 * Shapes of the parameters that `transformers` saved beside a graph. Names are worth having, and not
 * worth failing for.
 */
async function savedShapes(
  graph: string,
): Promise<ReadonlyMap<string, readonly number[]> | undefined> {
  const inside = path.dirname(path.resolve(graph));
  try {
    const folders = path.basename(inside) === 'onnx' ? [inside, path.dirname(inside)] : [inside];
    const found = await findSavedWeights(folders);
    if (found === undefined) {
      return undefined;
    }
    const files = found.endsWith('.json') ? await shardsOf(found) : [found];
    const headers = await Promise.all(files.map(readHeader));
    return new Map(
      headers.flatMap(({ tensors }) => Array.from(tensors, ([name, { dims }]) => [name, dims])),
    );
  } catch (error) {
    if (error instanceof Failure) {
      return undefined;
    }
    throw error;
  }
}

async function withSource<T>(file: string, use: (source: FileSource) => Promise<T>): Promise<T> {
  const source = await FileSource.open(file);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}
