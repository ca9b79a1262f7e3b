import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { BEGINNING_BYTES, placeholderOf } from '../onnx/otherFormats';
import { Failure, phrase } from '../shared/failure';

/**
 * Largest JSON file that is read. The largest tokenizers of published models, of some 260,000
 * tokens, take 35 MB.
 */
export const MAX_JSON_BYTES = 64 * 1024 * 1024;

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
 * Reads and parses a JSON file of at most {@link MAX_JSON_BYTES}; `undefined` where there is none.
 * @throws Failure of kind `model`
 */
export async function readJsonIfAny(path: string): Promise<unknown> {
  const found = await statIfAny(path);
  if (found === undefined) {
    return undefined;
  }
  if (!found.isFile()) {
    throw new Failure({
      kind: 'model',
      what: phrase('There is something other than a file here'),
      where: path,
      todo: phrase('replace it with the model’s own file'),
    });
  }
  if (found.size > MAX_JSON_BYTES) {
    throw new Failure({
      kind: 'model',
      what: phrase(
        'The file is too large: it has {0} MB, and Headlight reads at most {1} MB',
        Math.ceil(found.size / 1024 / 1024),
        MAX_JSON_BYTES / 1024 / 1024,
      ),
      where: path,
      todo: phrase('choose another model, or report that the limit is too low'),
    });
  }
  return parseJson(await readText(path), path);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
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
      todo: phrase('correct it, or download the file again from the model’s publisher'),
    };
    throw new Failure({ kind: 'model', where: path, ...other }, { cause: error });
  }
}

/** The failure for a file or folder that is there and cannot be read. */
export function unreadable(path: string, error: unknown): Failure {
  return new Failure(
    {
      kind: 'model',
      what: phrase('The file or folder cannot be read ({0})', codeOf(error) ?? 'unknown'),
      where: path,
      todo: phrase('check that you may read it and that its disk works'),
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
