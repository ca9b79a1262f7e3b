import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../root';

/** Tiny models with an encoder, and what `transformers` computes for them. */
const folder = path.join(root, 'test/fixtures/seq2seq');

/** Attention maps [layer][head][query][key]. */
export type Maps = number[][][][];

/** A source and a target on their way through an encoder–decoder model. */
export interface AttendedPair {
  text: string;
  target: string;
  ids: number[];
  /** The token that begins every output, then the target's. */
  decoderIds: number[];
  /** Of each token of the target, given those before it. */
  logprobs: number[];
  /** [token][3] */
  best: number[][];
  encoder: Maps;
  decoder: Maps;
  cross: Maps;
}

/** A text on its way through an encoder-only model. */
export interface AttendedText {
  text: string;
  ids: number[];
  encoder: Maps;
}

export type Seq2SeqFamily = 'marian' | 't5';

export function seq2seqFixture(...names: string[]): Uint8Array {
  return readFileSync(path.join(folder, ...names));
}

export function attendedPairs(family: Seq2SeqFamily): AttendedPair[] {
  return (reference(family) as { attention: AttendedPair[] }).attention;
}

export function attendedTexts(): AttendedText[] {
  return (reference('bert') as { masked: AttendedText[] }).masked;
}

function reference(model: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, model, 'reference.json'), 'utf8'));
}
