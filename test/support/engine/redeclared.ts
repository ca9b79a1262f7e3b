import { readFileSync, writeFileSync } from 'node:fs';
import { block, int } from '../onnx/protobuf';
import { messageFields } from '../onnx/messageFields';

/** Numbers of `TensorProto.DataType`. */
const TYPES = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 } as const;

/** What a graph says of one of its inputs. */
export interface Declaration {
  dtype: keyof typeof TYPES;
  shape: readonly (number | string)[];
}

/** Field numbers of onnx.proto. */
const GRAPH = 7;
const [NODE, INPUT, OUTPUT] = [1, 11, 12];

/**
 * Writes over a model what its inputs are declared as, as an exporter that was given other examples
 * would have. Nodes stay as they are: those behind ids and masks take numbers of any type.
 */
export function redeclareInputs(file: string, inputs: Record<string, Declaration>): void {
  const missing = new Set(Object.keys(inputs));
  rewriteGraph(file, INPUT, (name, field) => {
    const declared = inputs[name];
    missing.delete(name);
    return declared === undefined ? field : block(INPUT, ...valueInfo(name, declared));
  });
  if (missing.size > 0) {
    throw new Error(`${file} has no input ${[...missing].join(', ')}`);
  }
}

/** Gives an output of a model another name. */
export function renameOutput(file: string, before: string, after: string): void {
  rewriteGraph(
    file,
    OUTPUT,
    (name, field) => (name === before ? block(OUTPUT, block(1, after)) : field),
    block(NODE, block(1, before), block(2, after), block(4, 'Identity')),
  );
}

/** @param change a field of the graph with this number, by the name of what it describes. */
function rewriteGraph(
  file: string,
  number: number,
  change: (name: string, field: Uint8Array) => Uint8Array,
  ...more: Uint8Array[]
): void {
  const bytes = readFileSync(file);
  const parts = messageFields(bytes, 0, bytes.length).map(({ number: outer, start, end, whole }) =>
    outer === GRAPH
      ? block(
          GRAPH,
          ...messageFields(bytes, start, end).map((field) =>
            field.number === number ? change(nameOf(bytes, field), field.whole) : field.whole,
          ),
          ...more,
        )
      : whole,
  );
  writeFileSync(file, Buffer.concat(parts));
}

/** `name` of ValueInfoProto. */
function nameOf(bytes: Uint8Array, { start, end }: { start: number; end: number }): string {
  const name = messageFields(bytes, start, end).find(({ number }) => number === 1);
  return name === undefined ? '' : Buffer.from(bytes.subarray(name.start, name.end)).toString();
}

/** Fields of ValueInfoProto with a TypeProto.Tensor. */
function valueInfo(name: string, { dtype, shape }: Declaration): Uint8Array[] {
  const dimensions = shape.map((size) =>
    block(1, typeof size === 'number' ? int(1, size) : block(2, size)),
  );
  return [block(1, name), block(2, block(1, int(1, TYPES[dtype]), block(2, ...dimensions)))];
}
