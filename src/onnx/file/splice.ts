import { Failure, phrase } from '../../shared/failure';
import { changedSince } from './errors';
import type { ByteSource, Span } from '../graph/model';
import type { Field } from './wireReader';
import { head } from './wireWriter';

/** A part of a new file: a stretch of the original one, or new bytes. */
export type FileChunk = Span | Uint8Array;

/** A message of the original file that gets more fields at its end. */
export interface Extension {
  field: Field;
  fields: readonly Uint8Array[];
  /** Messages within this one, in the order of the file. */
  within: readonly Extension[];
}

/** Bytes that are read at once, so that copying a large file takes no second buffer of its size. */
const CHUNK_BYTES = 8 * 2 ** 20;

/** The most bytes of a serialised model: protobuf counts them in 31 bits (protobuf.dev, "Limits"). */
const MODEL_BYTES = 2 ** 31 - 1;

/**
 * A file whose messages get more fields: what is new, the new lengths of the messages around it,
 * and everything else as it is.
 * @param size bytes of the original file.
 * @param within messages to be extended, in the order of the file.
 * @param fields what the message that the whole file is gets at its end.
 */
export function extendFile(
  size: number,
  within: readonly Extension[],
  fields: readonly Uint8Array[],
): FileChunk[] {
  return contentOf(0, size, within, fields);
}

/**
 * Writes a new file into memory, the stretches of the original one copied chunk by chunk.
 * @param file What to call the original in error messages.
 * @throws Failure of kind `model` if the original has become shorter, of kind `unsupported` if the
 *   new file is larger than any that ONNX Runtime reads.
 */
export async function assemble(
  source: ByteSource,
  file: string,
  pieces: readonly FileChunk[],
): Promise<Uint8Array<ArrayBuffer>> {
  const size = lengthOf(pieces);
  if (size > MODEL_BYTES) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'The file has {0} bytes, and an ONNX model in one file may have at most {1}',
        size,
        MODEL_BYTES,
      ),
      where: file,
      remedy: phrase('export the model again with its weights in a file of their own'),
    });
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      whole.set(piece, at);
      at += piece.length;
      continue;
    }
    const end = piece.offset + piece.length;
    for (let offset = piece.offset; offset < end; offset += CHUNK_BYTES) {
      const length = Math.min(CHUNK_BYTES, end - offset);
      const bytes = await source.read(offset, length);
      if (bytes.length !== length) {
        throw changedSince(file);
      }
      whole.set(bytes, at);
      at += bytes.length;
    }
  }
  return whole;
}

function extended({ field, within, fields }: Extension): FileChunk[] {
  const content = contentOf(field.start, field.end, within, fields);
  return [head(field.number, lengthOf(content)), ...content];
}

function contentOf(
  start: number,
  end: number,
  within: readonly Extension[],
  fields: readonly Uint8Array[],
): FileChunk[] {
  const pieces: FileChunk[] = [];
  let copied = start;
  for (const inner of within) {
    pieces.push({ offset: copied, length: inner.field.at - copied }, ...extended(inner));
    copied = inner.field.end;
  }
  return [...pieces, { offset: copied, length: end - copied }, ...fields];
}

function lengthOf(pieces: readonly FileChunk[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
