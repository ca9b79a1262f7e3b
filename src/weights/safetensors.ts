import { phrase } from '../shared/failure';
import { isJsonObject } from '../shared/jsonObject';
import { rawBytes } from '../onnx/graph/dtype';
import { elementCount } from '../onnx/graph/elementCount';
import type { ByteSource, DType, TensorRef } from '../onnx/graph/model';
import { placeholderOf, readOrRecognise } from '../onnx/file/otherFormats';
import { WEIGHT_LIMITS, type WeightLimits } from './limits';
import { beyondWeightLimit, malformedWeights, wrongByteLength } from './malformed';

/** The tensors of a file or of several, by the names that `transformers` gives them. */
export type StateDict = ReadonlyMap<string, TensorRef>;

/** A safetensors file, read without its tensors. */
export interface Safetensors {
  /** In the order of the data. */
  tensors: StateDict;
  /** What the writer noted, such as `{ format: 'pt' }`. */
  metadata: ReadonlyMap<string, string>;
}

/** Element types by their names in the format. Those of 6 bits are in no ONNX file and left out. */
const DTYPES: ReadonlyMap<unknown, DType> = new Map<unknown, DType>([
  ['BOOL', 'bool'],
  ['U8', 'uint8'],
  ['I8', 'int8'],
  ['U16', 'uint16'],
  ['I16', 'int16'],
  ['U32', 'uint32'],
  ['I32', 'int32'],
  ['U64', 'uint64'],
  ['I64', 'int64'],
  ['F4', 'float4e2m1'],
  ['F8_E4M3', 'float8e4m3fn'],
  ['F8_E4M3FNUZ', 'float8e4m3fnuz'],
  ['F8_E5M2', 'float8e5m2'],
  ['F8_E5M2FNUZ', 'float8e5m2fnuz'],
  ['F8_E8M0', 'float8e8m0'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['F32', 'float32'],
  ['F64', 'float64'],
  ['C64', 'complex64'],
]);

/** The length of the header, before it. */
const LENGTH_BYTES = 8;

/** The key beside the names of tensors. */
const METADATA = '__metadata__';

/**
 * Reads the header of a safetensors file: 8 bytes of length, then JSON with type, shape and place of
 * each tensor. Two reads, and none of the data. Format: README of huggingface/safetensors, section
 * "Format"; the tensors must fill the data without overlap and without gap.
 *
 * @param file What to call the file in error messages.
 * @throws Failure of kind `model` that tells what is malformed, or what stands in the place of the
 *   file; or whatever the source throws.
 */
export function readSafetensors(
  source: ByteSource,
  file: string,
  limits: WeightLimits = WEIGHT_LIMITS,
): Promise<Safetensors> {
  return readOrRecognise(source, file, () => readWhole(source, file, limits), placeholderOf);
}

async function readWhole(
  source: ByteSource,
  file: string,
  limits: WeightLimits,
): Promise<Safetensors> {
  const { text, end } = await readHeader(source, file, limits);
  const header = parseHeader(text, file);
  const metadata = readMetadata(header, file);
  const entries = Object.entries(header).filter(([name]) => name !== METADATA);
  if (entries.length > limits.tensors) {
    throw beyondWeightLimit('tensors', limits.tensors, file);
  }
  const places = entries.map(([name, entry]) => readEntry(name, entry, file, limits));
  places.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  for (const { tensor, begin, end: next } of places) {
    if (begin !== position) {
      throw malformedWeights(
        phrase(
          'Tensor “{0}” begins at byte {1} of the data instead of {2}: tensors overlap or leave a gap',
          tensor.name,
          begin,
          position,
        ),
        file,
      );
    }
    position = next;
  }
  if (end + position !== source.size) {
    throw malformedWeights(
      phrase(
        'The tensors of the file end at byte {0}, but the file at byte {1}',
        end + position,
        source.size,
      ),
      file,
    );
  }
  const tensors = new Map(
    places.map(({ tensor, begin, end: next }) => [
      tensor.name,
      next === begin
        ? tensor
        : {
            ...tensor,
            data: { kind: 'raw' as const, span: { offset: end + begin, length: next - begin } },
          },
    ]),
  );
  return { tensors, metadata };
}

/** The text of the header, and where it ends. */
async function readHeader(
  source: ByteSource,
  file: string,
  limits: WeightLimits,
): Promise<{ text: string; end: number }> {
  if (source.size < LENGTH_BYTES) {
    throw malformedWeights(
      phrase('The file of {0} bytes is too short for safetensors', source.size),
      file,
    );
  }
  const lengthBytes = await readExactly(source, 0, LENGTH_BYTES, file);
  const view = new DataView(lengthBytes.buffer, lengthBytes.byteOffset, LENGTH_BYTES);
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  const end = LENGTH_BYTES + length;
  if (end > source.size) {
    throw malformedWeights(
      phrase(
        'The header of the safetensors file should end at byte {0}, but the file ends at byte {1}',
        end,
        source.size,
      ),
      file,
    );
  }
  if (length > limits.headerBytes) {
    throw beyondWeightLimit('headerBytes', limits.headerBytes, file);
  }
  const bytes = await readExactly(source, LENGTH_BYTES, length, file);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), end };
  } catch (error) {
    throw notAHeader(file, error);
  }
}

async function readExactly(
  source: ByteSource,
  offset: number,
  length: number,
  file: string,
): Promise<Uint8Array> {
  const bytes = await source.read(offset, length);
  if (bytes.length !== length) {
    throw malformedWeights(
      phrase('Only {0} of {1} bytes could be read at byte {2}', bytes.length, length, offset),
      file,
    );
  }
  return bytes;
}

function parseHeader(text: string, file: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = text.startsWith('{') ? JSON.parse(text) : undefined;
  } catch (error) {
    throw notAHeader(file, error);
  }
  if (!isJsonObject(header)) {
    throw notAHeader(file);
  }
  return header;
}

function readMetadata(
  header: Readonly<Record<string, unknown>>,
  file: string,
): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  if (!Object.hasOwn(header, METADATA)) {
    return metadata;
  }
  const entries = header[METADATA];
  if (!isJsonObject(entries)) {
    throw notAHeader(file);
  }
  for (const [key, value] of Object.entries(entries)) {
    if (typeof value !== 'string') {
      throw notAHeader(file);
    }
    metadata.set(key, value);
  }
  return metadata;
}

/** A tensor, and where it lies in the data. */
interface Place {
  tensor: TensorRef;
  begin: number;
  end: number;
}

function readEntry(name: string, entry: unknown, file: string, limits: WeightLimits): Place {
  if (name.length > limits.nameCharacters) {
    throw beyondWeightLimit('nameCharacters', limits.nameCharacters, file);
  }
  const { dtype: type, shape, data_offsets: offsets } = isJsonObject(entry) ? entry : {};
  if (!isSizes(shape) || !isSizes(offsets)) {
    throw malformedWeights(
      phrase('Tensor “{0}” of the safetensors file has no valid shape or place', name),
      file,
    );
  }
  if (shape.length > limits.rank) {
    throw beyondWeightLimit('rank', limits.rank, file);
  }
  const dtype = DTYPES.get(type);
  if (dtype === undefined) {
    throw malformedWeights(
      phrase(
        'Tensor “{0}” has elements of a type that Headlight does not know: {1}',
        name,
        typeof type === 'string' ? type.slice(0, 32) : '?',
      ),
      file,
    );
  }
  const [begin = -1, end = -1] = offsets;
  const elements = elementCount(shape);
  const bytes = Number.isSafeInteger(elements) ? rawBytes(dtype, elements) : undefined;
  if (offsets.length !== 2 || end - begin !== bytes) {
    throw wrongByteLength(name, end - begin, shape, file);
  }
  return { tensor: { name, dtype, dims: shape, data: { kind: 'none' } }, begin, end };
}

function notAHeader(file: string, cause?: unknown): Error {
  return malformedWeights(
    phrase('The header of the file is not the JSON object that safetensors asks for'),
    file,
    cause,
  );
}

/** Whether a value is a list of whole numbers of at least 0; −0, which JSON can hold, is none. */
function isSizes(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((size) => Number.isSafeInteger(size) && Number(size) >= 0 && !Object.is(size, -0))
  );
}
