import type { OnnxModel } from './model';

const GRAPH = 7;
const GRAPH_OUTPUT = 12;
const VALUE_NAME = 1;

/**
 * Bytes to append to a serialised model, so that it also returns the named values. Nothing of the
 * model itself is touched: protobuf merges the occurrences of a message that is not repeated
 * (protobuf.dev, "Encoding", "Last One Wins"), and the fragment is a second `graph` with nothing
 * but outputs. ONNX Runtime infers the types of outputs that are only named.
 *
 * Values that are outputs already are left out; the answer is empty if none remains.
 *
 * @param names Values of the model's own graph, as in `AttentionTap.value`.
 * @throws RangeError if the graph has no such value, which is a mistake of the caller.
 */
export function tapFragment(model: OnnxModel, names: Iterable<string>): Uint8Array<ArrayBuffer> {
  const { graph } = model;
  const outputs = new Set(graph.outputs.map((output) => output.name));
  const known = new Set(graph.nodes.flatMap((node) => node.outputs));
  const added = [...new Set(names)].filter((name) => !outputs.has(name));
  const unknown = added.find((name) => name === '' || !known.has(name));
  if (unknown !== undefined) {
    throw new RangeError(`The graph computes no value named "${unknown}"`);
  }
  const encoder = new TextEncoder();
  const fields = added.map((name) => field(GRAPH_OUTPUT, field(VALUE_NAME, encoder.encode(name))));
  return fields.length === 0 ? new Uint8Array(0) : field(GRAPH, concatenate(fields));
}

/** A field of wire type 2: tag, length, content. */
function field(number: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = [...varint((number << 3) | 2), ...varint(content.length)];
  return concatenate([Uint8Array.from(head), content]);
}

function varint(value: number): number[] {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) {
    bytes.push((value % 0x80) | 0x80);
  }
  return [...bytes, value];
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
