import { rawBytes } from '../onnx/graph/dtype';
import { safeLocation } from '../onnx/graph/externalData';
import { changedSince } from '../onnx/file/errors';
import { elementCount } from '../onnx/graph/elementCount';
import type { ByteSource, Span, TensorRef } from '../onnx/graph/model';
import { joinedSpans, LARGEST_NUMBER, mayHold, rawLayout } from '../onnx/graph/typedData';
import { Failure, phrase } from '../shared/failure';
import { elementsOf } from './elements';
import { WEIGHT_LIMITS, type WeightLimits } from './limits';
import { beyondWeightLimit, wrongByteLength } from './malformed';

/** The files that the tensors of a model lie in. */
export interface TensorFiles {
  /** The file that the model or the header was read from. */
  source: ByteSource;
  /** What to call that file in error messages. */
  file: string;
  /**
   * Opens another file beside it. The location was checked as text; that no link leads out of the
   * folder is for this function to check. Called for every tensor, so it should keep what is open.
   */
  open(location: string): Promise<ByteSource>;
}

/** Reads tensors of ONNX and safetensors files, of each only its own bytes. */
export class TensorReader {
  constructor(
    private readonly files: TensorFiles,
    private readonly limits: WeightLimits = WEIGHT_LIMITS,
  ) {}

  /**
   * The bytes of a tensor, laid out raw: little endian, row-major.
   * @throws Failure of kind `model` if they are not all there, `unsupported` for strings.
   */
  async bytes(tensor: TensorRef): Promise<Uint8Array> {
    const elements = this.count(tensor);
    const length = rawBytes(tensor.dtype, elements);
    if (length === undefined) {
      throw new Failure({
        kind: 'unsupported',
        what: phrase('Tensor “{0}” holds texts and no numbers', tensor.name),
        where: this.files.file,
        remedy: phrase('use a model file with weights in float32, float16, bfloat16 or int8'),
      });
    }
    const { data } = tensor;
    switch (data.kind) {
      case 'none':
        return this.checked(new Uint8Array(0), length, tensor);
      case 'raw':
        return this.checked(await this.span(data.span), length, tensor);
      case 'external': {
        const location = safeLocation(data.location, this.files.file);
        const source = await this.files.open(location);
        const end = data.offset + data.length;
        if (end > source.size) {
          throw new Failure({
            kind: 'model',
            what: phrase(
              'A file with the model’s weights is cut short: it has {0} of {1} bytes',
              source.size,
              end,
            ),
            where: location,
            remedy: phrase('download the file again from the model’s publisher'),
          });
        }
        return this.checked(await readAll(source, data, location), length, tensor);
      }
      case 'typed': {
        const content = await this.typedContent(tensor, data.spans, elements);
        const numbers = rawBytes(tensor.dtype, 1) === rawBytes(tensor.dtype, 2) ? length : elements;
        const raw = mayHold(data.field, tensor.dtype)
          ? rawLayout(content, data.field, length, numbers)
          : undefined;
        if (raw === undefined) {
          throw wrongByteLength(tensor.name, content.length, tensor.dims, this.files.file);
        }
        return raw;
      }
    }
  }

  /**
   * The elements of a tensor as 32-bit floats, row-major, in the order of the file.
   * @throws Failure as {@link bytes} does, and of kind `unsupported` for types without numbers.
   */
  async elements(tensor: TensorRef): Promise<Float32Array> {
    const bytes = await this.bytes(tensor);
    return elementsOf(bytes, tensor.dtype, this.count(tensor), tensor.name);
  }

  /** How many elements a tensor has. */
  private count({ dims }: TensorRef): number {
    const elements = elementCount(dims);
    if (elements > this.limits.elements) {
      throw beyondWeightLimit('elements', this.limits.elements, this.files.file);
    }
    return elements;
  }

  /** What the fields with a tensor's elements hold. */
  private async typedContent(
    tensor: TensorRef,
    spans: readonly Span[],
    elements: number,
  ): Promise<Uint8Array> {
    const length = spans.reduce((sum, span) => sum + span.length, 0);
    const start = spans.reduce((least, { offset }) => Math.min(least, offset), Infinity);
    const end = spans.reduce((most, span) => Math.max(most, span.offset + span.length), 0);
    if (length > LARGEST_NUMBER * elements || end - start > 2 * LARGEST_NUMBER * elements) {
      throw wrongByteLength(tensor.name, length, tensor.dims, this.files.file);
    }
    const around = await this.span({ offset: start, length: end - start });
    return joinedSpans(around, start, spans);
  }

  private async span(span: Span): Promise<Uint8Array> {
    const { source, file } = this.files;
    if (span.offset + span.length > source.size) {
      throw changedSince(file);
    }
    return readAll(source, span, file);
  }

  private checked(bytes: Uint8Array, length: number, tensor: TensorRef): Uint8Array {
    if (bytes.length !== length) {
      throw wrongByteLength(tensor.name, bytes.length, tensor.dims, this.files.file);
    }
    return bytes;
  }
}

async function readAll(source: ByteSource, span: Span, file: string): Promise<Uint8Array> {
  const bytes = await source.read(span.offset, span.length);
  if (bytes.length !== span.length) {
    throw changedSince(file);
  }
  return bytes;
}
