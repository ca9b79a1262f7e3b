import type { AttentionKind } from '../shared/attention';

/** Tokens of each sequence; 0 where a model does not have it. */
export interface SequenceLengths {
  encoder: number;
  decoder: number;
}

/** Attention heads of all layers together, by kind. */
export type HeadCounts = Record<AttentionKind, number>;

/**
 * Memory that one trace's maps may take, in bytes. They stay until the trace is released, and the
 * runtime holds a second copy while it runs.
 */
const MAPS_MAX_BYTES = 512 * 2 ** 20;

/**
 * How many tokens of each sequence can be traced: as many as the model can see at once, and as the
 * maps' memory allows. Where that does not suffice both sequences get the same room.
 * @param context tokens that each stack can see at once.
 */
export function fitTrace(
  wanted: SequenceLengths,
  heads: HeadCounts,
  context: number,
  maximumBytes = MAPS_MAX_BYTES,
): SequenceLengths {
  const seen = cut(wanted, context);
  return bytesOf(seen, heads) <= maximumBytes
    ? seen
    : cut(seen, Math.floor(Math.sqrt(maximumBytes / bytesOf({ encoder: 1, decoder: 1 }, heads))));
}

function cut({ encoder, decoder }: SequenceLengths, room: number): SequenceLengths {
  return { encoder: Math.min(encoder, room), decoder: Math.min(decoder, room) };
}

/** Size of all maps: rows are queries and columns keys. */
function bytesOf({ encoder, decoder }: SequenceLengths, heads: HeadCounts): number {
  const cells =
    heads.self * encoder ** 2 + heads.masked * decoder ** 2 + heads.cross * decoder * encoder;
  return cells * Float32Array.BYTES_PER_ELEMENT;
}
