import type { Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { BEGINNING_BYTES, placeholderOf } from '../onnx/file/otherFormats';
import { Failure, phrase } from '../shared/failure';
import { isJsonObject, type JsonObject } from '../shared/jsonObject';
import { CONFIGURATION_JSON, type JsonLimits } from '../shared/limits';
import { checkJsonBounds } from './jsonBounds';

/** Status of a file or folder; `undefined` where there is none. */
export async function statIfAny(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw unreadable(path, error);
  }
}

/**
 * Reads and parses a JSON file within limits; `undefined` where there is none.
 * @throws Failure of kind `model`
 */
export async function readJsonIfAny(
  path: string,
  limits: JsonLimits = CONFIGURATION_JSON,
): Promise<unknown> {
  const found = await statIfAny(path);
  if (found === undefined) {
    return undefined;
  }
  if (!found.isFile()) {
    throw new Failure({
      kind: 'model',
      what: phrase('There is something other than a file here'),
      where: path,
      remedy: phrase('replace it with the model’s own file'),
    });
  }
  if (found.size > limits.bytes) {
    throw new Failure({
      kind: 'model',
      what: phrase(
        'The file is too large: it has {0} MB, and Headlight reads at most {1} MB',
        Math.ceil(found.size / 1024 / 1024),
        limits.bytes / 1024 / 1024,
      ),
      where: path,
      remedy: phrase('choose another model, or report that the limit is too low'),
    });
  }
  const bytes = await readBytes(path);
  checkJsonBounds(bytes, limits, path);
  return parseJson(bytes.toString('utf8'), path);
}

/**
 * Reads a JSON file that holds an object; `undefined` where there is none.
 * @throws Failure of kind `model`
 */
export async function readObjectIfAny(
  path: string,
  limits?: JsonLimits,
): Promise<JsonObject | undefined> {
  const json = await readJsonIfAny(path, limits);
  if (json === undefined) {
    return undefined;
  }
  if (!isJsonObject(json)) {
    throw new Failure({
      kind: 'model',
      what: phrase('The file holds something other than a JSON object'),
      where: path,
      remedy: phrase('download the file again from the model’s publisher'),
    });
  }
  return json;
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const beginning = text.trimStart().slice(0, BEGINNING_BYTES);
    const other = placeholderOf(new TextEncoder().encode(beginning)) ?? {
      what: phrase('The file is damaged or cut short: it is not valid JSON'),
      remedy: phrase('correct it, or download the file again from the model’s publisher'),
    };
    throw new Failure({ kind: 'model', where: path, ...other }, { cause: error });
  }
}

/**
 * Names of what a folder holds; none where there is no folder.
 * @throws Failure of kind `model`
 */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw unreadable(folder, error);
  }
}

/** The failure for a file or folder that is there and cannot be read. */
export function unreadable(path: string, error: unknown): Failure {
  return new Failure(
    {
      kind: 'model',
      what: phrase('The file or folder cannot be read ({0})', codeOf(error) ?? 'unknown'),
      where: path,
      remedy: phrase('check that you may read it and that its disk works'),
    },
    { cause: error },
  );
}

/**
 * Neither a file nor a folder: a part of the path is missing, a part of it is a file, or no path is
 * as long.
 */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(codeOf(error) ?? '');
}

/** What the system calls an error. */
function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
