import { dtypeOf } from '../graph/dtype';
import type { Dimension, ValueInfo, ValueType } from '../graph/model';
import { DIMENSION, SHAPE, TENSOR_TYPE, TYPE, VALUE } from './schema';
import type { Field, WireReader } from './wireReader';

const OTHER_TYPES: ReadonlyMap<number, Exclude<ValueType['kind'], 'tensor'>> = new Map([
  [TYPE.sequence_type, 'sequence'],
  [TYPE.map_type, 'map'],
  [TYPE.opaque_type, 'opaque'],
  [TYPE.sparse_tensor_type, 'sparse'],
  [TYPE.optional_type, 'optional'],
]);

/** Reads a ValueInfoProto. */
export async function readValue(wire: WireReader, message: Field): Promise<ValueInfo> {
  wire.spend('values', message);
  const value: ValueInfo = { name: '' };
  await wire.readMessage(message, VALUE, async (field) => {
    switch (field.number) {
      case VALUE.name:
        value.name = await wire.name(field);
        break;
      case VALUE.type:
        await readType(wire, field, value);
        break;
    }
  });
  return value;
}

/** Reads a TypeProto, whose members exclude each other: the last one counts. */
function readType(wire: WireReader, message: Field, value: ValueInfo): Promise<void> {
  return wire.readMessage(message, TYPE, async (field) => {
    if (field.number === TYPE.tensor_type) {
      const type: ValueType = value.type?.kind === 'tensor' ? value.type : { kind: 'tensor' };
      value.type = type;
      return readTensorType(wire, field, type);
    }
    const kind = OTHER_TYPES.get(field.number);
    if (kind !== undefined) {
      value.type = { kind };
    }
    return;
  });
}

function readTensorType(
  wire: WireReader,
  message: Field,
  type: ValueType & { kind: 'tensor' },
): Promise<void> {
  return wire.readMessage(message, TENSOR_TYPE, async (field) => {
    switch (field.number) {
      case TENSOR_TYPE.elem_type: {
        const dtype = dtypeOf(wire.int32(field));
        if (dtype === undefined) {
          delete type.dtype;
        } else {
          type.dtype = dtype;
        }
        break;
      }
      case TENSOR_TYPE.shape:
        await readShape(wire, field, (type.shape ??= []));
        break;
    }
  });
}

function readShape(wire: WireReader, message: Field, shape: Dimension[]): Promise<void> {
  return wire.readMessage(message, SHAPE, async (field) => {
    wire.hold('rank', shape.length + 1, field);
    wire.spend('dimensions', field);
    shape.push(await readDimension(wire, field));
  });
}

/** PyTorch's newer exporter writes some fixed sizes as names of digits. */
function sizeOrName(name: string): Dimension {
  return /^\d{1,15}$/.test(name) ? Number(name) : name || null;
}

async function readDimension(wire: WireReader, message: Field): Promise<Dimension> {
  let dimension: Dimension = null;
  await wire.readMessage(message, DIMENSION, async (field) => {
    switch (field.number) {
      case DIMENSION.dim_value: {
        const size = wire.int64(field);
        // Some exporters write −1 for what they do not know.
        dimension = size >= 0 && Number.isSafeInteger(size) ? size : null;
        break;
      }
      case DIMENSION.dim_param:
        dimension = sizeOrName(await wire.name(field));
        break;
    }
  });
  return dimension;
}
