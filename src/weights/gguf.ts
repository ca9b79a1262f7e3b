import type { ByteSource, DType } from '../onnx/graph/model';
import { elementCount } from '../onnx/graph/elementCount';
import { readOrRecognise, placeholderOf } from '../onnx/file/otherFormats';
import { phrase } from '../shared/failure';
import { blockTypes, type BlockType } from './ggufTypes';
import { WEIGHT_LIMITS, type WeightLimits } from './limits';
import { beyondWeightLimit, malformedWeights } from './malformed';

/** A tensor of a GGUF file. */
export interface GgufTensor {
  name: string;
  /** Row-major as everywhere else; the file has the sizes the other way round. */
  dims: number[];
  type: BlockType;
  /** In the file, in bytes. */
  offset: number;
  length: number;
}

/** A GGUF file, read without its tensors. */
export interface Gguf {
  version: number;
  /** In the order of the file. */
  tensors: GgufTensor[];
  /** What the file says of itself in single texts, numbers and truth values; lists are left out. */
  metadata: ReadonlyMap<string, string | number | boolean>;
}

/** Names and values of a header are read so many bytes at a time. */
const PIECE = 2 ** 18;

/** Where tensors begin in the data, unless the file says otherwise. */
const DEFAULT_ALIGNMENT = 32;

/** The key with which it says so. */
const ALIGNMENT_KEY = 'general.alignment';

/** No tensor of ggml has more dimensions. */
const MOST_DIMENSIONS = 4;

/** Lists in lists; real files have none. */
const MOST_NESTED = 4;

/** Sizes of the numbers and truth values among the types of values, by their number; 0 for others. */
const VALUE_BYTES = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
const BOOL = 7;
const STRING = 8;
const LIST = 9;

/** Texts of the metadata that are kept; chat templates may be longer, and are stepped over. */
const MOST_TEXT = 2 ** 16;

/**
 * Reads the header of a GGUF file of version 2 or 3, little endian: which tensors it has, of which type and
 * where. Format: docs/gguf.md of ggml-org/ggml. Lists of the metadata, such as a vocabulary, are stepped over and
 * of texts no more than their length is read, so that a header costs little memory whatever it holds.
 *
 * (The package `@huggingface/gguf` was not taken: bundled it is 250 kB, most of it tables of
 * `@huggingface/tasks`; it brings `fetch` into the engine, which has no other use for a network; it
 * keeps all metadata, whole vocabularies included; its complaints are no phrases that can be translated.)
 *
 * @param file What to call the file in error messages.
 * @throws Failure of kind `model` that tells what is malformed, or what stands in the place of the file; or
 *   whatever the source throws.
 */
export function readGguf(
  source: ByteSource,
  file: string,
  limits: WeightLimits = WEIGHT_LIMITS,
): Promise<Gguf> {
  return readOrRecognise(source, file, () => readHeader(source, file, limits), placeholderOf);
}

async function readHeader(source: ByteSource, file: string, limits: WeightLimits): Promise<Gguf> {
  const reader = new HeaderReader(source, file, limits);
  const magic = await reader.number(4);
  const version = await reader.number(4);
  if (magic !== 0x46554747 || version < 2 || version > 3) {
    throw malformedWeights(phrase('The file is no GGUF file of version 2 or 3'), file);
  }
  const count = await reader.number(8);
  const values = await reader.number(8);
  if (count > limits.tensors) {
    throw beyondWeightLimit('tensors', limits.tensors, file);
  }
  const metadata = new Map<string, string | number | boolean>();
  for (let i = 0; i < values; i++) {
    const key = await reader.text(limits.nameCharacters);
    const value = await readValue(reader, await reader.number(4), 0);
    if (value !== undefined && key !== undefined) {
      metadata.set(key, value);
    }
  }
  const infos: Omit<GgufTensor, 'length'>[] = [];
  for (let i = 0; i < count; i++) {
    infos.push(await readInfo(reader, limits));
  }
  const given = metadata.get(ALIGNMENT_KEY) ?? DEFAULT_ALIGNMENT;
  const alignment = typeof given === 'number' && given > 0 ? given : DEFAULT_ALIGNMENT;
  const data = Math.ceil(reader.position / alignment) * alignment;
  const tensors = infos.map((info): GgufTensor => {
    const blocks = elementCount(info.dims) / info.type.elements;
    const rest = (info.dims.at(-1) ?? 1) % info.type.elements;
    const length = blocks * info.type.bytes;
    const offset = data + info.offset;
    if (rest !== 0 || !Number.isSafeInteger(length) || !(offset + length <= source.size)) {
      throw misplaced(info.name, file);
    }
    return { ...info, offset, length };
  });
  return { version, tensors, metadata };
}

async function readInfo(
  reader: HeaderReader,
  limits: WeightLimits,
): Promise<Omit<GgufTensor, 'length'>> {
  const name = await reader.text(limits.nameCharacters);
  const rank = await reader.number(4);
  if (name === undefined) {
    throw beyondWeightLimit('nameCharacters', limits.nameCharacters, reader.file);
  }
  if (name === '' || rank > MOST_DIMENSIONS) {
    throw misplaced(name, reader.file);
  }
  const dims: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    dims.unshift(await reader.number(8));
  }
  const number = await reader.number(4);
  const type = blockTypes.get(number);
  if (type === undefined) {
    throw malformedWeights(
      phrase(
        'Tensor “{0}” has elements of a type that Headlight does not know: {1}',
        name,
        String(number),
      ),
      reader.file,
    );
  }
  return { name, dims, type, offset: await reader.number(8) };
}

/** Reads a value, or steps over it: lists are not kept. */
async function readValue(
  reader: HeaderReader,
  type: number,
  depth: number,
): Promise<string | number | boolean | undefined> {
  if (type === STRING) {
    return reader.text(MOST_TEXT);
  }
  if (type === LIST && depth < MOST_NESTED) {
    const inner = await reader.number(4);
    const count = await reader.number(8);
    const bytes = VALUE_BYTES[inner] ?? 0;
    if (bytes > 0) {
      await reader.skip(bytes * count);
      return undefined;
    }
    for (let i = 0; i < count; i++) {
      await (inner === STRING ? reader.skipText() : readValue(reader, inner, depth + 1));
    }
    return undefined;
  }
  const bytes = VALUE_BYTES[type] ?? 0;
  if (bytes === 0) {
    throw malformedWeights(
      phrase('The metadata of the GGUF file has a value of an unknown type'),
      reader.file,
    );
  }
  const value = await reader.value(type, bytes);
  return type === BOOL ? value !== 0 : value;
}

/** Reads a header from its start to its end, some bytes ahead. */
class HeaderReader {
  position = 0;
  private piece: DataView = new DataView(new ArrayBuffer(0));
  private start = 0;
  private fetched = 0;

  constructor(
    private readonly source: ByteSource,
    readonly file: string,
    private readonly limits: WeightLimits,
  ) {}

  /** A whole number that is not negative, of 4 or 8 bytes. */
  async number(bytes: 4 | 8): Promise<number> {
    const [view, at] = this.within(bytes) ?? (await this.fetch(bytes));
    const low = view.getUint32(at, true);
    const value = bytes === 4 ? low : view.getUint32(at + 4, true) * 2 ** 32 + low;
    if (!Number.isSafeInteger(value)) {
      throw cutShort(this.file);
    }
    this.position += bytes;
    return value;
  }

  /** A number of the metadata, by its type. */
  async value(type: number, bytes: number): Promise<number> {
    const [view, at] = this.within(bytes) ?? (await this.fetch(bytes));
    this.position += bytes;
    switch (type) {
      case 1:
        return view.getInt8(at);
      case 2:
        return view.getUint16(at, true);
      case 3:
        return view.getInt16(at, true);
      case 4:
        return view.getUint32(at, true);
      case 5:
        return view.getInt32(at, true);
      case 6:
        return view.getFloat32(at, true);
      case 10:
        return Number(view.getBigUint64(at, true));
      case 11:
        return Number(view.getBigInt64(at, true));
      case 12:
        return view.getFloat64(at, true);
      default:
        return view.getUint8(at);
    }
  }

  /** A text; undefined, and stepped over, if it is longer than `most` bytes. */
  async text(most: number): Promise<string | undefined> {
    const length = await this.number(8);
    if (length > most) {
      await this.skip(length);
      return undefined;
    }
    const [view, at] = this.within(length) ?? (await this.fetch(length));
    this.position += length;
    return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, length));
  }

  async skipText(): Promise<void> {
    await this.skip(await this.number(8));
  }

  skip(bytes: number): Promise<void> {
    if (!(this.position + bytes <= this.source.size)) {
      throw cutShort(this.file);
    }
    this.position += bytes;
    return Promise.resolve();
  }

  /** Where so many bytes lie, if they have been fetched. */
  private within(bytes: number): [view: DataView, at: number] | undefined {
    const at = this.position - this.start;
    return at + bytes <= this.piece.byteLength ? [this.piece, at] : undefined;
  }

  private async fetch(bytes: number): Promise<[view: DataView, at: number]> {
    const { source, file, limits, position } = this;
    if (position + bytes > source.size) {
      throw cutShort(file);
    }
    const length = Math.min(Math.max(bytes, PIECE), source.size - position);
    this.fetched += length;
    if (this.fetched > limits.headerBytes) {
      throw beyondWeightLimit('headerBytes', limits.headerBytes, file);
    }
    const read = await source.read(position, length);
    if (read.length !== length) {
      throw cutShort(file);
    }
    this.piece = new DataView(read.buffer, read.byteOffset, read.byteLength);
    this.start = position;
    return [this.piece, 0];
  }
}

/** The type of ONNX that has the same elements, if they are no blocks. */
export function plainType({ name }: BlockType): DType | undefined {
  return PLAIN.get(name);
}

const PLAIN: ReadonlyMap<string, DType> = new Map<string, DType>([
  ['f32', 'float32'],
  ['f16', 'float16'],
  ['bf16', 'bfloat16'],
  ['f64', 'float64'],
  ['i8', 'int8'],
  ['i16', 'int16'],
  ['i32', 'int32'],
  ['i64', 'int64'],
]);

function misplaced(name: string, file: string): Error {
  return malformedWeights(
    phrase('Tensor “{0}” of the GGUF file has no valid shape or place', name),
    file,
  );
}

function cutShort(file: string): Error {
  return malformedWeights(phrase('The header of the GGUF file is cut short'), file);
}
