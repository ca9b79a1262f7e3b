import { phrase } from '../shared/failure';
import { dtypeOf, rawBytes } from './dtype';
import type { DType, Span, SparseTensorRef, TensorData, TensorRef, TypedField } from './model';
import { readEntry } from './readEntry';
import { spanOf } from './wire';
import type { Field, WireReader } from './wire';

/** Numbers of the fields of TensorProto that hold elements one by one. */
const TYPED_FIELDS: ReadonlyMap<number, TypedField> = new Map([
  [4, 'float_data'],
  [5, 'int32_data'],
  [6, 'string_data'],
  [7, 'int64_data'],
  [10, 'double_data'],
  [11, 'uint64_data'],
]);

/**
 * A TensorProto in the making. Like all builders of this room it takes several fields, because
 * protobuf merges the occurrences of a message that stands for one thing.
 */
export class TensorBuilder {
  private name = '';
  private typeNumber = 0;
  private readonly dims: number[] = [];
  private raw: Span | undefined;
  private typed: { field: TypedField; spans: Span[] } | undefined;
  private isExternal = false;
  private readonly external = new Map<string, string>();

  constructor(
    private readonly wire: WireReader,
    private readonly first: Field,
  ) {
    wire.spend('tensors', first);
  }

  read(message: Field): Promise<void> {
    return this.wire.readMessage(message, async (field) => {
      switch (field.number) {
        case 1:
          return this.wire.integers(field, this.dims);
        case 2:
          this.typeNumber = this.wire.integer(field);
          return;
        case 8:
          return this.readName(field);
        case 9:
          this.raw = spanOf(field);
          return;
        case 13:
          return readEntry(this.wire, field, this.external);
        case 14:
          this.isExternal = this.wire.integer(field) === 1;
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
    this.wire.hold('rank', this.dims.length, this.first);
    const elements = this.dims.reduce((product, dim) => product * dim, 1);
    if (this.dims.some((dim) => dim < 0) || !Number.isSafeInteger(elements)) {
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
    if (location === undefined || offset === undefined || length === undefined) {
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
export class SparseTensorBuilder {
  private values: TensorBuilder | undefined;
  private indices: TensorBuilder | undefined;
  private readonly dims: number[] = [];

  constructor(
    private readonly wire: WireReader,
    private readonly first: Field,
  ) {}

  read(message: Field): Promise<void> {
    return this.wire.readMessage(message, async (field) => {
      switch (field.number) {
        case 1:
          this.values ??= new TensorBuilder(this.wire, field);
          return this.values.read(field);
        case 2:
          this.indices ??= new TensorBuilder(this.wire, field);
          return this.indices.read(field);
        case 3:
          return this.wire.integers(field, this.dims);
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
    return { values: this.values.finish(), indices: this.indices.finish(), dims: this.dims };
  }
}

/** A number of the decimal form that external data is described with; undefined if it is none. */
function wholeNumber(text: string): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}
