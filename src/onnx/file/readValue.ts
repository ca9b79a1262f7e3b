import { dtypeOf } from '../graph/dtype';
import type { Dimension, ValueInfo, ValueType } from '../graph/model';
import { DIMENSION, SHAPE, TENSOR_TYPE, TYPE, VALUE } from './schema';
import type { Field, WireReader } from './wireReader';

const OTHER_TYPES = new Map([
  [4, 'sequence'],
  [5, 'map'],
  [7, 'opaque'],
  [8, 'sparse'],
  [9, 'optional'],
] as const);

/** Reads a ValueInfoProto. */
export async function readValue(wire: WireReader, message: Field): Promise<ValueInfo> {
  wire.spend('values', message);
  const value: ValueInfo = { name: '' };
  await wire.readMessage(message, VALUE, async (field) => {
    switch (field.number) {
      case 1:
        value.name = await wire.name(field);
        break;
      case 2:
        await readType(wire, field, value);
        break;
    }
  });
  return value;
}

/** Reads a TypeProto, whose members exclude each other: the last one counts. */
function readType(wire: WireReader, message: Field, value: ValueInfo): Promise<void> {
  return wire.readMessage(message, TYPE, async (field) => {
    if (field.number === 1) {
      const type: ValueType = value.type?.kind === 'tensor' ? value.type : { kind: 'tensor' };
      value.type = type;
      return readTensorType(wire, field, type);
    }
    const kind = OTHER_TYPES.get(field.number as 4 | 5 | 7 | 8 | 9);
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
      case 1: {
        const dtype = dtypeOf(wire.int32(field));
        if (dtype === undefined) {
          delete type.dtype;
        } else {
          type.dtype = dtype;
        }
        break;
      }
      case 2:
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
      case 1: {
        const size = wire.int64(field);
        // Some exporters write −1 for what they do not know.
        dimension = size >= 0 && Number.isSafeInteger(size) ? size : null;
        break;
      }
      case 2:
        dimension = sizeOrName(await wire.name(field));
        break;
    }
  });
  return dimension;
}
