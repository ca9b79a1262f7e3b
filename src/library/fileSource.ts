import { open, type FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../onnx/graph/model';
import { Failure, phrase } from '../shared/failure';
import { statIfAny, unreadable } from './files';

/** A file that is read in parts, so that its size does not matter. */
export class FileSource implements ByteSource {
  private constructor(
    private readonly handle: FileHandle,
    private readonly file: string,
    readonly size: number,
  ) {}

  /**
   * Opens a file; the caller closes it.
   * @throws Failure of kind `model` when it does not exist, is no file, or may not be read
   */
  static async open(file: string): Promise<FileSource> {
    const found = await statIfAny(file);
    if (found?.isFile() !== true) {
      throw new Failure({
        kind: 'model',
        what: found ? phrase('This is not a file') : phrase('The file does not exist'),
        where: file,
        remedy: phrase('check the path'),
      });
    }
    try {
      return new FileSource(await open(file, 'r'), file, found.size);
    } catch (error) {
      throw unreadable(file, error);
    }
  }

  /**
   * Reads `length` bytes from `offset`; answers fewer only when the file shrank meanwhile.
   * @throws RangeError outside the file, Failure when the disk fails
   */
  async read(offset: number, length: number): Promise<Uint8Array> {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) {
      throw new RangeError(`${offset}+${length} is outside a file of ${this.size} bytes`);
    }
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const count = await this.readInto(bytes, done, offset + done);
      if (count === 0) {
        return bytes.subarray(0, done);
      }
      done += count;
    }
    return bytes;
  }

  private async readInto(bytes: Uint8Array, start: number, position: number): Promise<number> {
    try {
      const length = Math.min(bytes.length - start, MAX_BYTES_A_CALL);
      return (await this.handle.read(bytes, start, length, position)).bytesRead;
    } catch (error) {
      throw unreadable(this.file, error);
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** A file that is opened for each read, for what is read now and then over a long time. */
export class RereadFile implements ByteSource {
  private constructor(
    private readonly file: string,
    readonly size: number,
  ) {}

  /** @throws Failure as {@link FileSource.open} does. */
  static async find(file: string): Promise<RereadFile> {
    const source = await FileSource.open(file);
    await source.close();
    return new RereadFile(file, source.size);
  }

  /** @throws RangeError outside the file, Failure when it cannot be read any more. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const source = await FileSource.open(this.file);
    try {
      return await source.read(offset, length);
    } finally {
      await source.close();
    }
  }
}

/** Node refuses to read more than 2 GiB at once. */
const MAX_BYTES_A_CALL = 1024 * 1024 * 1024;
