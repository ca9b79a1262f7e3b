import { phrase } from '../../shared/failure';
import { dtypeOf, rawBytes } from '../graph/dtype';
import { elementCount } from '../graph/elementCount';
import type {
  DType,
  Span,
  SparseTensorRef,
  TensorData,
  TensorRef,
  TypedField,
} from '../graph/model';
import { DATA_LOCATION, ENTRY, SPARSE_TENSOR, TENSOR } from './schema';
import { spanOf, type Field, type WireReader } from './wireReader';

/** Numbers of the fields of TensorProto that hold elements one by one. */
const TYPED_FIELDS: ReadonlyMap<number, TypedField> = new Map([
  [TENSOR.float_data, 'float_data'],
  [TENSOR.int32_data, 'int32_data'],
  [TENSOR.string_data, 'string_data'],
  [TENSOR.int64_data, 'int64_data'],
  [TENSOR.double_data, 'double_data'],
  [TENSOR.uint64_data, 'uint64_data'],
]);

/**
 * Whether a tensor lies in another file, by its location. Protobuf
 * steps over one that an enum has not, and the value before it stays.
 */
const LOCATIONS: ReadonlyMap<number, boolean> = new Map([
  [DATA_LOCATION.DEFAULT, false],
  [DATA_LOCATION.EXTERNAL, true],
]);

/** Elements one by one, and where they lie. */
interface TypedData {
  field: TypedField;
  spans: Span[];
}

/** The most bytes that protobuf writes a number in, of the types without a fixed length. */
const MOST_VARINT_BYTES = 10;

/**
 * A TensorProto in the making. Like all readers of messages in this room it takes several fields, because
 * protobuf merges the occurrences of a message that stands for one thing.
 */
export class TensorMessageReader {
  private name = '';
  private typeNumber = 0;
  private readonly dims: number[] = [];
  private raw: Span | undefined;
  private typed: TypedData | undefined;
  private isExternal = false;
  private readonly external = new Map<string, string>();

  constructor(
    private readonly wire: WireReader,
    private readonly first: Field,
  ) {
    wire.spend('tensors', first);
  }

  read(message: Field): Promise<void> {
    return this.wire.readMessage(message, TENSOR, async (field) => {
      switch (field.number) {
        case TENSOR.dims:
          return readSizes(this.wire, field, this.dims);
        case TENSOR.data_type:
          this.typeNumber = this.wire.int32(field);
          return;
        case TENSOR.name:
          return this.readName(field);
        case TENSOR.raw_data:
          this.raw = spanOf(field);
          return;
        case TENSOR.external_data:
          return this.readExternal(field);
        case TENSOR.data_location:
          this.isExternal = LOCATIONS.get(this.wire.int32(field)) ?? this.isExternal;
          return;
        default:
          this.addTyped(field);
          return;
      }
    });
  }

  finish(): TensorRef {
    const dtype = dtypeOf(this.typeNumber);
    if (dtype === undefined) {
      throw this.wire.malformed(
        phrase(
          'Tensor “{0}” at byte {1} has an unknown element type, number {2}',
          this.name,
          this.first.at,
          this.typeNumber,
        ),
      );
    }
    const elements = elementsOf(this.dims);
    if (elements === undefined) {
      throw this.wire.malformed(
        phrase(
          'Tensor “{0}” at byte {1} has an impossible shape, [{2}]',
          this.name,
          this.first.at,
          this.dims.join(', '),
        ),
      );
    }
    return { name: this.name, dtype, dims: this.dims, data: this.data(dtype, elements) };
  }

  private async readName(field: Field): Promise<void> {
    this.name = await this.wire.name(field);
  }

  /** Reads an entry of `external_data`. A path is kept as it is or refused, never in part. */
  private async readExternal(message: Field): Promise<void> {
    this.wire.spend('entries', message);
    const entry = { key: '', value: '' };
    await this.wire.readMessage(message, ENTRY, async (field) => {
      entry[field.number === ENTRY.key ? 'key' : 'value'] = await this.wire.name(field);
    });
    this.external.set(entry.key, entry.value);
  }

  private addTyped(field: Field): void {
    const typedField = TYPED_FIELDS.get(field.number);
    if (typedField === undefined) {
      return;
    }
    if (this.typed?.field !== typedField) {
      this.typed = { field: typedField, spans: [] };
    }
    this.wire.spend('elements', field);
    this.typed.spans.push(spanOf(field));
  }

  private data(dtype: DType, elements: number): TensorData {
    const expected = rawBytes(dtype, elements);
    if (this.isExternal) {
      return this.externalData(expected);
    }
    if (elements === 0) {
      return { kind: 'none' };
    }
    if (this.raw !== undefined) {
      this.checkLength(this.raw.length, expected);
      return { kind: 'raw', span: this.raw };
    }
    if (this.typed !== undefined) {
      this.checkTyped(this.typed, dtype, elements);
      return { kind: 'typed', ...this.typed };
    }
    throw this.wire.malformed(
      phrase('Tensor “{0}” at byte {1} has no data', this.name, this.first.at),
    );
  }

  private externalData(expected: number | undefined): TensorData {
    const location = this.external.get('location');
    const offset = wholeNumber(this.external.get('offset') ?? '0');
    const length = wholeNumber(this.external.get('length') ?? String(expected));
    if (
      location === undefined ||
      offset === undefined ||
      length === undefined ||
      !Number.isSafeInteger(offset + length)
    ) {
      throw this.wire.malformed(
        phrase(
          'Tensor “{0}” at byte {1} lies in another file, but the model does not say where',
          this.name,
          this.first.at,
        ),
      );
    }
    this.checkLength(length, expected);
    return { kind: 'external', location, offset, length };
  }

  private checkTyped({ field, spans }: TypedData, dtype: DType, elements: number): void {
    if (typedField(dtype) !== field) {
      throw this.wire.malformed(
        phrase(
          'Tensor “{0}” at byte {1} has its elements in {2}, where those of type {3} do not belong',
          this.name,
          this.first.at,
          field,
          dtype,
        ),
      );
    }
    const bytes = spans.reduce((sum, { length }) => sum + length, 0);
    const { least, most } = typedBytes(field, dtype, elements);
    const fits =
      field === 'string_data' ? spans.length === elements : bytes >= least && bytes <= most;
    if (!fits) {
      this.checkLength(bytes, undefined);
    }
  }

  private checkLength(bytes: number, expected: number | undefined): void {
    if (bytes !== expected) {
      throw this.wire.malformed(
        phrase(
          'Tensor “{0}” at byte {1} has {2} bytes of data, which its shape [{3}] does not fit',
          this.name,
          this.first.at,
          bytes,
          this.dims.join(', '),
        ),
      );
    }
  }
}

/** A SparseTensorProto in the making. */
export class SparseTensorReader {
  private values: TensorMessageReader | undefined;
  private indices: TensorMessageReader | undefined;
  private readonly dims: number[] = [];

  constructor(
    private readonly wire: WireReader,
    private readonly first: Field,
  ) {}

  read(message: Field): Promise<void> {
    return this.wire.readMessage(message, SPARSE_TENSOR, async (field) => {
      switch (field.number) {
        case SPARSE_TENSOR.values:
          this.values ??= new TensorMessageReader(this.wire, field);
          return this.values.read(field);
        case SPARSE_TENSOR.indices:
          this.indices ??= new TensorMessageReader(this.wire, field);
          return this.indices.read(field);
        case SPARSE_TENSOR.dims:
          return readSizes(this.wire, field, this.dims);
        default:
          return;
      }
    });
  }

  finish(): SparseTensorRef {
    if (this.values === undefined || this.indices === undefined) {
      throw this.wire.malformed(
        phrase('The sparse tensor at byte {0} lacks its values or indices', this.first.at),
      );
    }
    if (elementsOf(this.dims) === undefined) {
      throw this.wire.malformed(
        phrase(
          'The sparse tensor at byte {0} has an impossible shape, [{1}]',
          this.first.at,
          this.dims.join(', '),
        ),
      );
    }
    return { values: this.values.finish(), indices: this.indices.finish(), dims: this.dims };
  }
}

/** Adds sizes of a shape; checked at once, since they come in a list of any length. */
async function readSizes(wire: WireReader, field: Field, to: number[]): Promise<void> {
  const before = to.length;
  await wire.integers(field, to);
  wire.hold('rank', to.length, field);
  wire.spend('dimensions', field, to.length - before);
}

/** Elements of a shape; undefined where a size is negative or no memory could hold as many. */
function elementsOf(dims: readonly number[]): number | undefined {
  const elements = elementCount(dims);
  return dims.every((dim) => dim >= 0) && Number.isSafeInteger(elements) ? elements : undefined;
}

/** The field in which a tensor lists elements of a type, as `onnx.proto` says. */
function typedField(dtype: DType): TypedField {
  switch (dtype) {
    case 'float32':
    case 'complex64':
      return 'float_data';
    case 'float64':
    case 'complex128':
      return 'double_data';
    case 'int64':
      return 'int64_data';
    case 'uint32':
    case 'uint64':
      return 'uint64_data';
    case 'string':
      return 'string_data';
    default:
      return 'int32_data';
  }
}

/**
 * Bytes that elements listed one by one can take: numbers of fixed length have one answer, the
 * others (protobuf.dev, "Encoding", "Base 128 Varints") a range.
 */
function typedBytes(
  field: TypedField,
  dtype: DType,
  elements: number,
): { least: number; most: number } {
  const parts = dtype === 'complex64' || dtype === 'complex128' ? 2 : 1;
  switch (field) {
    case 'float_data':
      return { least: 4 * parts * elements, most: 4 * parts * elements };
    case 'double_data':
      return { least: 8 * parts * elements, most: 8 * parts * elements };
    default: {
      // Types of less than a byte share one number, as they would share the byte.
      const numbers = Math.min(elements, rawBytes(dtype, elements) ?? elements);
      return { least: numbers, most: MOST_VARINT_BYTES * numbers };
    }
  }
}

/** A number of the decimal form that external data is described with; undefined if it is none. */
function wholeNumber(text: string): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}
