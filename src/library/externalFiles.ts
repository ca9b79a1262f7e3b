import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { ExternalFile } from '../onnx/externalData';
import { Failure, phrase } from '../shared/failure';
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
  if (files.length === 0) {
    return;
  }
  const folder = path.dirname(path.resolve(modelFile));
  const realFolder = await resolveLinks(folder);
  for (const { location, bytes } of files) {
    const file = path.join(folder, location);
    const realFile = await resolveLinks(file);
    if (!isInside(realFile, realFolder)) {
      throw new Failure({
        kind: 'model',
        what: phrase('The model refers to weights outside its own folder'),
        where: file,
        todo: phrase('if you trust the model, copy the file itself into the folder'),
      });
    }
    const found = await statIfAny(file);
    if (found?.isFile() !== true) {
      throw missing(file);
    }
    if (found.size < bytes) {
      throw new Failure({
        kind: 'model',
        what: phrase(
          'A file with the model’s weights is cut short: it has {0} of {1} bytes',
          found.size,
          bytes,
        ),
        where: file,
        todo: phrase('download the file again from the model’s publisher'),
      });
    }
  }
}

async function resolveLinks(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    throw isMissing(error) ? missing(file) : unreadable(file, error);
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
    todo: phrase('put it beside the .onnx file that refers to it'),
  });
}
