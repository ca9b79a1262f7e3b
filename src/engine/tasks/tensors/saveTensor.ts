import { link, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { elementCount } from '../../../onnx/graph/elementCount';
import type { TensorRef } from '../../../onnx/graph/model';
import type { ListedTensor } from '../../../inspect/tensors/listedTensor';
import { npyBytes, npyHeader, npyType, type NpyType } from '../../../inspect/tensors/npy';
import { isTurned } from '../../../inspect/tensors/turned';
import { stretches } from '../../../inspect/tensors/work';
import { givenPath } from '../../../library/givenPath';
import { Failure, phrase } from '../../../shared/failure';
import type { SavedTensor, TensorId } from '../../../shared/tensorListing';
import type { TensorParts } from '../../../weights/tensorParts';
import type { TensorListings } from './listings';
import { withTensor, workOf, type OpenTensor } from './openTensor';
import type { TensorContext } from './tensorTasks';

/**
 * Writes a tensor as an `.npy` file of version 1.0: dequantised ones as float32, others in their own type as
 * far as NumPy has it. It is written under another name beside, which goes when the work fails or is
 * stopped, and has its own name when it is whole.
 *
 * @param target the file's path, which ends in `.npy`.
 * @param isReplaced whether a file of that name may be replaced.
 * @throws Failure `input` where a file is there already or cannot be written; as reading the tensor does;
 *   the signal's reason.
 */
export async function saveTensor(
  listings: TensorListings,
  id: TensorId,
  target: string,
  isReplaced: boolean,
  context: TensorContext,
): Promise<SavedTensor> {
  const file = givenPath(target);
  if (!file.toLowerCase().endsWith('.npy')) {
    throw new Failure({
      kind: 'input',
      what: phrase('A NumPy file has a name that ends in .npy'),
      where: file,
      remedy: phrase('choose another name'),
    });
  }
  if (!isReplaced && (await isThere(file))) {
    throw alreadyThere(file);
  }
  const found = await listings.find(id);
  return withTensor(found.file, found.listed, (tensor) =>
    written(file, isReplaced, (handle) => write(tensor, handle, context)),
  );
}

async function write(
  { listed, numbers, parts }: OpenTensor,
  handle: FileHandle,
  context: TensorContext,
): Promise<{ descr: string; bytes: number }> {
  const type = typeOf(listed, numbers.isDequantized);
  const count = elementCount(numbers.dims);
  // Rows of the stored matrix are columns of its transpose.
  const header = npyHeader(type, listed.about.dims, isTurned(listed.about));
  await writeAll(handle, header);
  const read = readerOf(listed, type, parts, numbers.read);
  for await (const { elements } of stretches(count, read, workOf(context))) {
    await writeAll(handle, elements);
  }
  return { descr: type.descr, bytes: header.length + count * type.bytesEach };
}

function typeOf({ values }: ListedTensor, isDequantized: boolean): NpyType {
  return npyType(
    values.kind === 'blocks' ? { dtype: 'float32' } : values.tensor,
    isDequantized || values.kind === 'blocks',
  );
}

function readerOf(
  { values }: ListedTensor,
  type: NpyType,
  parts: TensorParts,
  numbers: OpenTensor['numbers']['read'],
): (first: number, count: number) => Promise<Uint8Array> {
  const stored: TensorRef | undefined =
    type.isStored && values.kind === 'elements' ? values.tensor : undefined;
  return stored === undefined
    ? async (first, count) => npyBytes(await numbers(first, count), type)
    : async (first, count) => {
        const { bytes, before } = await parts.bytes(stored, first, count);
        return bytes.subarray(before * type.bytesEach);
      };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done)).bytesWritten;
  }
}

/** Writes a file under another name, and gives it its own when it is whole. */
async function written<T extends object>(
  file: string,
  isReplaced: boolean,
  write: (handle: FileHandle) => Promise<T>,
): Promise<T & { file: string }> {
  const draft = path.join(
    path.dirname(file),
    `.${path.basename(file)}.${process.pid}-${(drafts += 1)}.part`,
  );
  let handle: FileHandle;
  try {
    handle = await open(draft, 'wx');
  } catch (error) {
    throw unwritable(file, error);
  }
  try {
    const result = await write(handle).catch((error: unknown) => {
      throw isSystemError(error) ? unwritable(file, error) : error;
    });
    await handle.close();
    await (isReplaced ? rename(draft, file) : renameToNew(draft, file));
    return { ...result, file };
  } finally {
    await handle.close().catch(() => undefined);
    await rm(draft, { force: true });
  }
}

let drafts = 0;

/** Gives a file a name that none may have: `rename` would replace another one. */
async function renameToNew(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (error) {
    if ((await isThere(file)) || codeOf(error) === 'EEXIST') {
      throw alreadyThere(file);
    }
    // Some file systems have no links.
    await rename(draft, file);
  }
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

function alreadyThere(file: string): Failure {
  return new Failure({
    kind: 'input',
    what: phrase('There is a file of this name already'),
    where: file,
    remedy: phrase('choose another name, or say that it may be replaced'),
  });
}

function unwritable(file: string, error: unknown): Failure {
  return new Failure(
    {
      kind: 'input',
      what: phrase('The file cannot be written ({0})', codeOf(error) ?? 'unknown'),
      where: file,
      remedy: phrase('choose a folder that exists, that you may write to and that has room'),
    },
    { cause: error },
  );
}

function isSystemError(error: unknown): boolean {
  return !(error instanceof Failure) && codeOf(error) !== undefined;
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
