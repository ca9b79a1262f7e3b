import assert from 'node:assert/strict';
import path from 'node:path';
import { bindWeights } from '../../../src/weights/bindWeights';
import { matchNames } from '../../../src/weights/matchNames';
import type { NameMatches } from '../../../src/weights/matchNames';
import { dimsOf } from '../../../src/weights/parameters';
import type { BoundWeights, Quantization, StoredParameter } from '../../../src/weights/parameters';
import { readParameter } from '../../../src/weights/readParameter';
import type { TensorReader } from '../../../src/weights/tensorReader';
import { families, openModel, openStateDict, shapesOf } from './files';
import type { OpenStateDict } from './files';

/** What an export rightly lacks of its model's state dict. */
interface Lack {
  family?: string;
  file: RegExp;
  names: RegExp;
}

const LACKS: readonly Lack[] = [
  // The other half of the model.
  { file: /^encoder_model/, names: /(^|\.)decoder\.|^final_logits_bias$|^lm_head\./ },
  { file: /^decoder_/, names: /(^|\.)encoder\./ },
  // Keys and values of the encoder's tokens come from the cache.
  { file: /^decoder_with_past/, names: /\.(encoder_attn|EncDecAttention)\.[kv]/ },
  // Replaces parts of the sound, and that only while the model learns.
  { family: 'wav2vec2', file: /^model/, names: /^wav2vec2\.masked_spec_embed$/ },
  // The exporters compute the weight that weight normalisation makes of these.
  {
    family: 'wav2vec2',
    file: /^model/,
    names: /\.pos_conv_embed\.conv\.parametrizations\.weight\./,
  },
  // Segments and masked words are not among its inputs.
  { family: 'xlnet', file: /^model/, names: /\.(r_s_bias|seg_embed)$|\.mask_emb$/ },
];

/** How what is bound compares with the state dict that the file was exported from. */
export interface Comparison extends NameMatches {
  weights: BoundWeights;
  reader: TensorReader;
  /** Names of the state dict whose elements are not what they should be, copies included. */
  different: string[];
}

/** Which half of an encoder–decoder model a file is, by its name. */
export function partOf(file: string): 'encoder' | 'decoder' | undefined {
  return /(encoder|decoder)_(with_past_)?model/.exec(file)?.[1] as ReturnType<typeof partOf>;
}

/**
 * Binds the weights of a file and compares every bound element with the state dict: float32 bit by
 * bit, float16 with the nearest of its type, integers within half a step.
 *
 * @param isDequantized whether the state dict has what the integers stand for. Then these are compared
 *   with that, less what adding in another order may change; their scales may be of half precision.
 */
export async function compareWeights(
  file: string,
  source: OpenStateDict,
  isDequantized = false,
): Promise<Comparison> {
  const { model, reader } = await openModel(file);
  const weights = bindWeights(model);
  const names = matchNames(weights, shapesOf(source.tensors), partOf(file));
  const different: string[] = [];
  for (const [name, { parameter }] of names.matches) {
    const tensor = source.tensors.get(name);
    assert.ok(tensor);
    const expected = await source.reader.elements(tensor);
    for (const stored of [parameter, ...parameter.copies]) {
      if (!(await isRight(stored, expected, reader, isDequantized))) {
        different.push(name);
      }
    }
  }
  return { ...names, weights, reader, different };
}

/**
 * Holds a file of a family against the family's state dict: every parameter but those that such a
 * file rightly lacks must be bound, and equal.
 */
export async function checkWeights(
  { family, source: folder }: { family: string; source: string },
  file: string,
): Promise<void> {
  const source = await openStateDict(path.join(families, folder, 'model.safetensors'));
  const isDequantized = folder !== family;
  const { missing, different } = await compareWeights(file, source, isDequantized);
  const lacking = [...source.tensors.keys()].filter((name) =>
    LACKS.some(
      (lack) =>
        (lack.family ?? family) === family &&
        lack.file.test(path.basename(file)) &&
        lack.names.test(name),
    ),
  );
  assert.deepEqual(missing.sort(), lacking.sort());
  assert.deepEqual(different, []);
}

async function isRight(
  stored: StoredParameter,
  expected: Float32Array,
  reader: TensorReader,
  isDequantized: boolean,
): Promise<boolean> {
  const actual = await readParameter(stored, reader);
  if (stored.quantization === undefined && stored.tensor.dtype === 'float32') {
    return Buffer.from(actual.buffer).equals(Buffer.from(expected.buffer));
  }
  const tolerance =
    stored.quantization === undefined
      ? halfPrecision
      : isDequantized
        ? stored.quantization.scale.dtype === 'float16'
          ? (element: number) => 2 ** -9 * Math.max(1, Math.abs(element))
          : () => 1e-6
        : await halfStep(stored, stored.quantization, reader, expected.length);
  return (
    actual.length === expected.length &&
    expected.every((element, i) => Math.abs(element - (actual[i] ?? NaN)) <= tolerance(element, i))
  );
}

/** Half the distance between neighbours of float16: 10 bits of fraction, exponents from −14. */
function halfPrecision(element: number): number {
  return Math.max(2 ** -25, 2 ** (Math.floor(Math.log2(Math.abs(element))) - 11));
}

/** Half the scale of an element's row, or of the tensor. A little more, since scales are rounded. */
async function halfStep(
  stored: StoredParameter,
  quantization: Quantization,
  reader: TensorReader,
  elements: number,
): Promise<(element: number, i: number) => number> {
  const scales = await reader.elements(quantization.scale);
  const [rows = 1] = dimsOf(stored);
  const first = stored.part?.start ?? 0;
  return (_, i) => {
    const row = scales.length === 1 ? 0 : first + Math.floor(i / (elements / rows));
    return 0.5001 * (scales[row] ?? NaN);
  };
}
