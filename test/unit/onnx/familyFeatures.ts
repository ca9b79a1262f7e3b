import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findAttentionTaps } from '../../../src/onnx/attentionSites';
import type { OnnxModel } from '../../../src/onnx/model';
import { readOnnx } from '../../../src/onnx/readModel';
import { examplesOf, type ModelExport, type Part, type Precision } from './families';
import { measureTaps, type Differences } from './familyRuns';
import { MemorySource } from './fixtures';

/** Something that Headlight does with an export of a model: a column of docs/support.md. */
export interface Feature {
  heading: string;
  /** What the column says, as a sentence for its readers. */
  meaning: string;
  /**
   * Tries the feature on all files of an export.
   * @returns the cell of the table.
   * @throws if the feature does not work, or less well than is promised.
   */
  measure(one: ModelExport): Promise<string>;
}

const OPSETS = { torchscript: 14, dynamo: 18 } as const;

const read: Feature = {
  heading: 'Read',
  meaning: 'the file is read; the version of its operator set',
  async measure(one) {
    for (const { model } of await modelsOf(one)) {
      assert.equal(model.opsets.get(''), OPSETS[one.exporter]);
      assert.ok(model.graph.initializers.length > 0);
    }
    return `opset ${OPSETS[one.exporter]}`;
  },
};

const sites: Feature = {
  heading: 'Attention layers',
  meaning: 'exactly the attention layers of the model are found in every file; how many there are',
  async measure(one) {
    const [example] = examplesOf(one.family);
    assert.ok(example);
    const all = Object.keys(example.attention);
    for (const { part, file, model } of await modelsOf(one)) {
      const found = findAttentionTaps(model, file).map(({ id }) => id);
      assert.deepEqual(found.sort(), all.filter((id) => isIn(part, id)).sort(), file);
    }
    const counts = [
      ['encoder', all.filter((id) => id.startsWith('encoder.'))],
      ['decoder', all.filter((id) => id.startsWith('decoder.') && id.endsWith('.attn'))],
      ['cross', all.filter((id) => id.endsWith('.cross_attn'))],
    ] as const;
    return one.files.has('model')
      ? String(all.length)
      : counts.map(([stack, { length }]) => `${length} ${stack}`).join(', ');
  },
};

/**
 * How far attention and results may be from those of `transformers` in float32.
 *
 * The others are about twice of what these fixtures showed (float16: 0.009 and 0.02, int8: 0.23 and
 * 0.63), since processors sum in different orders. Float16 rounds by 2^-11 at every step. Int8 puts
 * a tensor's numbers on 128 or 256 steps, which is coarse for random weights as large as these.
 */
const BOUNDS: Record<Precision, Differences> = {
  float32: { attention: 1e-5, results: 5e-5 },
  float16: { attention: 0.02, results: 0.05 },
  int8: { attention: 0.4, results: 1.2 },
};

const tap: Feature = {
  heading: 'Attention maps',
  meaning:
    'the largest difference of any probability from that of `transformers` (eager attention, ' +
    'float32), rounded up; in int8 and float16 it comes from their coarser numbers',
  async measure(one) {
    const found = await measureTaps(one);
    const bound = BOUNDS[one.precision];
    assert.ok(found.attention <= bound.attention, `attention is off by ${found.attention}`);
    assert.ok(found.results <= bound.results, `results are off by ${found.results}`);
    return `≤ ${roundedUp(found.attention)}`;
  },
};

/** The columns of docs/support.md. What works on the same files gets another one here. */
export const FEATURES: readonly Feature[] = [read, sites, tap];

/** To a power of ten; from a hundredth on, to one digit. */
function roundedUp(difference: number): string {
  const power = Math.floor(Math.log10(difference));
  return power < -2
    ? `1e${Math.ceil(Math.log10(difference))}`
    : (Math.ceil(difference / 10 ** power) * 10 ** power).toFixed(-power);
}

function modelsOf(one: ModelExport): Promise<{ part: Part; file: string; model: OnnxModel }[]> {
  return Promise.all(
    Array.from(one.files, async ([part, file]) => {
      const bytes = readFileSync(path.join(one.folder, file));
      return { part, file, model: await readOnnx(new MemorySource(bytes), file) };
    }),
  );
}

function isIn(part: Part, id: string): boolean {
  return part === 'model' || id.startsWith(part === 'encoder_model' ? 'encoder.' : 'decoder.');
}
