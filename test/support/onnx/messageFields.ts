import { fieldsOf, type FieldPlace } from '../../fuzz/messages';

/** The fields of a protobuf message between two bytes of a file, each with its own bytes. */
export function messageFields(
  bytes: Uint8Array,
  start: number,
  end: number,
): (FieldPlace & { whole: Uint8Array })[] {
  const fields = fieldsOf(bytes, start, end);
  if (fields === undefined) {
    throw new Error('not a protobuf message');
  }
  return fields.map((field) => ({ ...field, whole: bytes.subarray(field.at, field.end) }));
}
