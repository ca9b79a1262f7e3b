import assert from 'node:assert/strict';
import { openSession, type Session } from '../../../src/engine/runtime/session';
import type { Tensor } from '../../../src/engine/runtime/tensor';
import { findAttentionTaps } from '../../../src/onnx/attention/findAttention';
import type { OnnxModel } from '../../../src/onnx/graph/model';
import type { AttentionTap, GraphRole } from '../../../src/onnx/attention/tap';
import { readOnnx } from '../../../src/onnx/file/readModel';
import { tappedModel } from '../../../src/onnx/instrument/tappedModel';
import { MemorySource } from './fixtures';

/** A model with all its attention tapped, ready to run. */
export interface TappedSession {
  file: string;
  model: OnnxModel;
  taps: AttentionTap[];
  session: Session;
}

/**
 * Reads a model, taps all its attention and loads it into ONNX Runtime.
 * @param folder where its external data lies, if it has any.
 * @param file its name, which may tell its role.
 */
export async function openTapped(
  bytes: Uint8Array,
  folder: string,
  file: string,
  role?: GraphRole,
): Promise<TappedSession> {
  const source = new MemorySource(bytes);
  const model = await readOnnx(source, file);
  const taps = findAttentionTaps(model, file, role);
  const tapped = await tappedModel(source, file, model, taps);
  return { file, model, taps, session: await openSession({ bytes: tapped, folder }, file) };
}

/** How far numbers are from as many expected ones, at most; NaN if there is a NaN. */
export function largestDifference(actual: Float32Array, expected: readonly number[]): number {
  assert.equal(actual.length, expected.length);
  return expected.reduce(
    (worst, value, index) => Math.max(worst, Math.abs(value - (actual[index] ?? NaN))),
    0,
  );
}

/** An output of a run, which must be there. */
export function output(outputs: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = outputs.get(name);
  assert.ok(tensor, `there is no output ${name}`);
  return tensor;
}
