import { Failure, phrase, type Phrase } from '../../shared/failure';
import type { ByteSource } from '../graph/model';
import { LENGTH, VARINT } from './wireType';

/** What a file is that is not what its name promises, and what to do about it. */
export interface OtherFormat {
  what: Phrase;
  remedy: Phrase;
}

/** Bytes from the start of a file that are looked at. */
export const BEGINNING_BYTES = 512;

/** Characters of a text that are quoted. */
const QUOTED = 60;

/** What binary formats begin with, by their names; `at` is the place of the mark. */
const MARKS: readonly { name: string; mark: string; at?: number }[] = [
  { name: 'GGUF', mark: 'GGUF' },
  { name: 'ORT', mark: 'ORTM', at: 4 },
  { name: 'TensorFlow Lite', mark: 'TFL3', at: 4 },
  { name: 'safetensors', mark: '{"', at: 8 },
  { name: 'HDF5', mark: '\x89HDF' },
  // Newer PyTorch wraps what it pickles in a ZIP archive.
  { name: 'ZIP (PyTorch)', mark: 'PK\x03\x04' },
  { name: 'pickle (PyTorch)', mark: '\x80\x02' },
  { name: 'gzip', mark: '\x1f\x8b' },
];

/** What stands in the place of a file that was not downloaded: nothing, or a note about it. */
export function placeholderOf(beginning: Uint8Array): OtherFormat | undefined {
  if (beginning.length === 0) {
    return {
      what: phrase('The file is empty'),
      remedy: phrase('download the file again from the model’s publisher'),
    };
  }
  const text = textOf(beginning)?.trimStart();
  if (text === undefined) {
    return undefined;
  }
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    return {
      what: phrase('This is only the pointer that Git LFS leaves in the place of the file'),
      remedy: phrase('run “git lfs pull” in the folder, or download the file itself'),
    };
  }
  if (/^<(!doctype html|html|head|\?xml)\b/i.test(text)) {
    return {
      what: phrase('This is a web page that was saved in the place of the file'),
      remedy: phrase('download the file itself, signing in first if its page asks for that'),
    };
  }
  return undefined;
}

const CHOOSE_ANOTHER = phrase('choose the .onnx file of the model, or export the model to ONNX');

/**
 * What a file is that was taken for a model; undefined if that cannot be told. No ONNX file begins
 * so: its first byte is a control character as a rule, and its text is never all there is.
 * @param file its name tells whether it should have been a model.
 */
export function otherFormatOf(beginning: Uint8Array, file: string): OtherFormat | undefined {
  const placeholder = placeholderOf(beginning);
  if (placeholder !== undefined) {
    return placeholder;
  }
  const text = textOf(beginning)?.trim();
  if (text !== undefined) {
    const [start = ''] = text.split(/[\r\n]/);
    return {
      what: phrase('This is text, and not a model; it begins with “{0}”', start.slice(0, QUOTED)),
      remedy: file.endsWith('.onnx')
        ? phrase('download the file again from the model’s publisher')
        : phrase('choose the .onnx file of the model, or its folder'),
    };
  }
  const bytes = String.fromCharCode(...beginning.subarray(0, 16));
  const known = MARKS.find(({ mark, at = 0 }) => bytes.startsWith(mark, at));
  if (known !== undefined) {
    return {
      what: phrase('This is a file of another format: {0}', known.name),
      remedy: CHOOSE_ANOTHER,
    };
  }
  return beginsAsModel(beginning)
    ? undefined
    : { what: phrase('This is not an ONNX file'), remedy: CHOOSE_ANOTHER };
}

/** Fields of a ModelProto, by their wire type. */
const MODEL_FIELDS: ReadonlyMap<number, readonly number[]> = new Map([
  [VARINT, [1, 5]],
  [LENGTH, [2, 3, 4, 6, 7, 8, 14, 20, 25, 26]],
]);

/** Whether a file begins with the tag of a field that a ModelProto has. */
function beginsAsModel([first = 0, second = 0]: Uint8Array): boolean {
  const tag = first < 0x80 ? first : (first & 0x7f) | (second << 7);
  return MODEL_FIELDS.get(tag & 7)?.includes(tag >>> 3) === true;
}

/** The first bytes of a file; fewer than {@link BEGINNING_BYTES} if it has no more. */
export function beginningOf(source: ByteSource): Promise<Uint8Array> {
  return source.read(0, Math.min(BEGINNING_BYTES, source.size));
}

/**
 * Reads a file, and says what it is instead where it cannot be read and its beginning tells.
 * @param recognise {@link placeholderOf} or {@link otherFormatOf}
 * @throws Failure of kind `model` for another format; else what `read` throws
 */
export async function readOrRecognise<T>(
  source: ByteSource,
  file: string,
  read: () => Promise<T>,
  recognise: (beginning: Uint8Array, file: string) => OtherFormat | undefined,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const other = error instanceof Failure ? recognise(await beginningOf(source), file) : undefined;
    throw other === undefined
      ? error
      : new Failure({ kind: 'model', where: file, ...other }, { cause: error });
  }
}

/** Bytes as text, if they are printable; a character that is cut off at the end is dropped. */
function textOf(bytes: Uint8Array): string | undefined {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return /^[^\p{Cc}]*$/u.test(text.replaceAll(/[\t\r\n\f]/g, ' ')) ? text : undefined;
  } catch {
    return undefined;
  }
}
