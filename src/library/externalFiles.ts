import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { ExternalFile } from '../onnx/graph/externalData';
import { beginningOf, placeholderOf } from '../onnx/file/otherFormats';
import { Failure, phrase } from '../shared/failure';
import { FileSource } from './fileSource';
import { isMissing, statIfAny, unreadable } from './files';

/**
 * Checks that the files with a model's weights are there, inside the folder of the graph (links
 * followed), and long enough.
 * @param modelFile  path of the graph
 * @param files  what the graph refers to, with locations that were checked as text
 * @throws Failure of kind `model` that names the file
 */
export async function checkExternalFiles(
  modelFile: string,
  files: readonly ExternalFile[],
): Promise<void> {
  const lack = await lackOfExternalFiles(modelFile, files);
  if (lack !== undefined) {
    throw lack;
  }
}

/**
 * What a model's weights lack: the first of their files that is missing or cut short.
 * @throws Failure of kind `model` for a file outside the folder of the graph
 */
export async function lackOfExternalFiles(
  modelFile: string,
  files: readonly ExternalFile[],
): Promise<Failure | undefined> {
  const [lack] = await lacksOfExternalFiles(modelFile, files);
  return lack;
}

/**
 * What a model's weights lack: each of their files that is missing or cut short.
 * @throws Failure of kind `model` for a file outside the folder of the graph
 */
export async function lacksOfExternalFiles(
  modelFile: string,
  files: readonly ExternalFile[],
): Promise<Failure[]> {
  if (files.length === 0) {
    return [];
  }
  const folder = path.dirname(path.resolve(modelFile));
  const homes = await homesOf(modelFile);
  const lacks: Failure[] = [];
  for (const { location, bytes } of files) {
    const file = path.join(folder, location);
    const realFile = await resolveLinks(file);
    if (realFile !== undefined && !homes.some((home) => isInside(realFile, home))) {
      throw new Failure({
        kind: 'model',
        what: phrase('The model refers to weights outside its own folder'),
        where: file,
        remedy: phrase('if you trust the model, copy the file itself into the folder'),
      });
    }
    const lack = realFile === undefined ? missing(file) : await lackOf(file, bytes);
    if (lack !== undefined) {
      lacks.push(lack);
    }
  }
  return lacks;
}

/**
 * The files with a model's weights that lie elsewhere than beside the graph and are only linked to
 * from there, as {@link checkExternalFiles} allows it, with their bytes by location. A runtime that
 * gets the graph as bytes does not know where the graph lies, and follows no such link.
 * @throws Failure of kind `model` when a file cannot be read
 */
export async function linkedExternalFiles(
  modelFile: string,
  files: readonly ExternalFile[],
): Promise<Map<string, Uint8Array>> {
  const folder = path.dirname(path.resolve(modelFile));
  const realFolder = (await resolveLinks(folder)) ?? folder;
  const linked = new Map<string, Uint8Array>();
  for (const { location } of files) {
    const file = path.join(folder, location);
    if (!isInside((await resolveLinks(file)) ?? file, realFolder)) {
      linked.set(location, await readWhole(file));
    }
  }
  return linked;
}

async function readWhole(file: string): Promise<Uint8Array> {
  const source = await FileSource.open(file);
  try {
    return await source.read(0, source.size);
  } finally {
    await source.close();
  }
}

/**
 * The folders in which a model's files may really lie: that of the graph, and where the graph is
 * itself a link, the one that it leads to. So the cache of the Hugging Face hub keeps models:
 * `snapshots/…/model.onnx` and the weights beside it are links to files in `blobs/`.
 */
async function homesOf(modelFile: string): Promise<string[]> {
  const file = path.resolve(modelFile);
  const [folder, realFile] = [await resolveLinks(path.dirname(file)), await resolveLinks(file)];
  return [folder, realFile && path.dirname(realFile)].filter((home) => home !== undefined);
}

async function lackOf(file: string, bytes: number): Promise<Failure | undefined> {
  const found = await statIfAny(file);
  if (found?.isFile() !== true) {
    return missing(file);
  }
  if (found.size >= bytes) {
    return undefined;
  }
  const source = await FileSource.open(file);
  try {
    const placeholder = placeholderOf(await beginningOf(source));
    return new Failure({
      kind: 'model',
      where: file,
      ...(placeholder ?? {
        what: phrase(
          'A file with the model’s weights is cut short: it has {0} of {1} bytes',
          found.size,
          bytes,
        ),
        remedy: phrase('download the file again from the model’s publisher'),
      }),
    });
  } finally {
    await source.close();
  }
}

/** Where a path really leads; undefined if there is nothing. */
async function resolveLinks(file: string): Promise<string | undefined> {
  try {
    return await realpath(file);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw unreadable(file, error);
  }
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
}

function missing(file: string): Failure {
  return new Failure({
    kind: 'model',
    what: phrase('A file with the model’s weights is missing'),
    where: file,
    remedy: phrase('put it beside the .onnx file that refers to it'),
  });
}
