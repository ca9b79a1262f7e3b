import { readFileSync, readdirSync, existsSync } from 'node:fs';
import path from 'node:path';
import { plainKernel } from '../../../src/reference/kernel/plainKernel';
import { openReference } from '../../../src/reference/transformer';
import type { ReferenceInput, ReferenceModel } from '../../../src/reference/transformer';
import { stateDictParameters } from '../../../src/weights/parameterStore';
import type { ParameterStore } from '../../../src/weights/parameterStore';
import { root } from '../root';
import { WITHOUT_REFERENCE } from '../onnx/families';
import { families, openStateDict } from '../weights/files';

type Nested = readonly (number | Nested)[];

/** What `transformers` computes for one input; see test/fixtures/families/expected.py. */
export interface Example {
  name: string;
  inputs: Record<string, number[]>;
  attention: Record<string, Nested>;
  hidden: Record<string, Nested[]>;
  logits: Nested;
}

/** Models with settings that none of the families has. */
export const variantNames = ['original', 't5-relu', 'llama-scaled', 'wav2vec2-stable'];

/** Names of the folders with models of random weights, of the families that the reference covers. */
export const familyNames = readdirSync(families, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .filter(
    (family) =>
      existsSync(path.join(families, family, 'model.safetensors')) &&
      !WITHOUT_REFERENCE.has(family),
  );

export function configOf(family: string): Record<string, unknown> {
  return json(path.join(folderOf(family), 'config.json')) as Record<string, unknown>;
}

export function examplesOf(family: string): Example[] {
  return json(path.join(folderOf(family), 'expected.json')) as Example[];
}

/** The weights that `transformers` saved. */
export async function savedParameters(family: string): Promise<ParameterStore> {
  const { tensors, reader } = await openStateDict(path.join(folderOf(family), 'model.safetensors'));
  return stateDictParameters(tensors, reader);
}

export async function openFamily(family: string): Promise<ReferenceModel> {
  return openReference(configOf(family), await savedParameters(family), plainKernel);
}

/** One input, or several of one length as a batch. */
export function inputOf(...examples: Example[]): ReferenceInput {
  const of = (name: string): number[][] | undefined =>
    examples[0]?.inputs[name] && examples.map(({ inputs }) => inputs[name] ?? []);
  const [ids, mask, tokenTypes] = [of('input_ids'), of('attention_mask'), of('token_type_ids')];
  const [samples, decoderIds] = [of('input_values'), of('decoder_input_ids')];
  return {
    ...(ids && { ids }),
    ...(mask && { mask }),
    ...(tokenTypes && { tokenTypes }),
    ...(samples && { samples }),
    ...(decoderIds && { decoderIds }),
  };
}

/** A fixture of this room's own. */
export function fixture(...names: string[]): string {
  return path.join(root, 'test/fixtures/reference', ...names);
}

function folderOf(model: string): string {
  return variantNames.includes(model) ? fixture(model) : path.join(families, model);
}

/** The numbers of nested lists, in order. */
export function flat(nested: Nested): number[] {
  return (nested as unknown[]).flat(Infinity) as number[];
}

/** The largest difference, as a part of the largest magnitude that is expected. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) {
    return Infinity;
  }
  let [difference, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs((actual[i] ?? NaN) - (expected[i] ?? NaN)));
    scale = Math.max(scale, Math.abs(expected[i] ?? NaN));
  }
  return Number.isNaN(difference) ? Infinity : difference / scale;
}

export function json(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
