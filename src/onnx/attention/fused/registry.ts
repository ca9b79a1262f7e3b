import type { Attention } from '../attention';
import type { Node } from '../../graph/model';
import { decoderMaskedMultiHead } from './decoderMasked';
import { groupQuery } from './groupQuery';
import { multiHead } from './multiHead';
import { onnxAttention } from './onnxAttention';
import { type FusedPlace, type FusedReader } from './operator';
import { operatorName } from '../../graph/operators';
import { projectedAttention, quantizedAttention } from './projected';
import { isLinearAttention, refused } from './withoutMap';

/** Operators that attention is fused into and whose map can be had on ONNX Runtime's CPU. */
const READERS: ReadonlyMap<string, FusedReader> = new Map([
  ['Attention', onnxAttention],
  ['com.microsoft.Attention', projectedAttention],
  ['com.microsoft.QAttention', quantizedAttention],
  ['com.microsoft.MultiHeadAttention', multiHead],
  ['com.microsoft.DecoderMaskedMultiHeadAttention', decoderMaskedMultiHead],
  ['com.microsoft.GroupQueryAttention', groupQuery],
]);

/**
 * Whether attention is fused into a node, its map to be had or not. The names of all such operators
 * end alike; linear attention is none of them.
 */
export function isFused(node: Node): boolean {
  return /Attention$/.test(node.opType) && !isLinearAttention(node);
}

/**
 * Reads an operator that attention is fused into.
 * @throws Failure of kind `unsupported` that says why there is no map of it.
 */
export function readFused(node: Node, place: FusedPlace): Attention {
  const read = READERS.get(operatorName(node));
  if (read === undefined) {
    throw refused(node, place.where);
  }
  return read(node, place);
}
