import type { AttentionKind } from '../shared/attention';

/** Tokens of each sequence; 0 where a model does not have it. */
export interface SequenceLengths {
  encoder: number;
  decoder: number;
}

/** The attention layers of a model by kind, each with `heads` heads. */
export interface AttentionLayers {
  heads: number;
  layers: Record<AttentionKind, number>;
}

/**
 * Bytes that the maps of one layer may take. Layers run one after the other, so that the memory of a run is
 * bounded by one layer's scores, probabilities and what is computed of them. 4,096 tokens and 16 heads
 * reach the limit.
 */
const LAYER_MAX_BYTES = 2 ** 30;

/**
 * How many tokens of each sequence can be traced: as many as the model can see at once, and as the
 * maps of its largest layer allow. If the maps are the limit, both sequences are cut to one length.
 * @param context tokens that each stack can see at once.
 */
export function fitTrace(
  wanted: SequenceLengths,
  attention: AttentionLayers,
  context: number,
  maximumBytes = LAYER_MAX_BYTES,
): SequenceLengths {
  const seen = cut(wanted, context);
  return largestLayer(seen, attention) <= maximumBytes
    ? seen
    : cut(
        seen,
        Math.floor(Math.sqrt(maximumBytes / largestLayer({ encoder: 1, decoder: 1 }, attention))),
      );
}

/** Bytes of all maps together. */
export function bytesOfMaps(lengths: SequenceLengths, { heads, layers }: AttentionLayers): number {
  return KINDS.reduce((sum, kind) => sum + layers[kind] * bytesOfLayer(kind, lengths, heads), 0);
}

const KINDS: readonly AttentionKind[] = ['self', 'masked', 'cross'];

function largestLayer(lengths: SequenceLengths, { heads, layers }: AttentionLayers): number {
  const present = KINDS.filter((kind) => layers[kind] > 0);
  return Math.max(0, ...present.map((kind) => bytesOfLayer(kind, lengths, heads)));
}

/** Rows of a map are queries, and columns keys. */
function bytesOfLayer(
  kind: AttentionKind,
  { encoder, decoder }: SequenceLengths,
  heads: number,
): number {
  const cells = { self: encoder ** 2, masked: decoder ** 2, cross: decoder * encoder };
  return heads * cells[kind] * Float32Array.BYTES_PER_ELEMENT;
}

function cut({ encoder, decoder }: SequenceLengths, room: number): SequenceLengths {
  return { encoder: Math.min(encoder, room), decoder: Math.min(decoder, room) };
}
