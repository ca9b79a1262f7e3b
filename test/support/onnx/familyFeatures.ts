import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findAttentionTaps } from '../../../src/onnx/attention/findAttention';
import type { OnnxModel } from '../../../src/onnx/graph/model';
import { outlineFile } from '../../../src/onnx/outline/outline';
import { readOnnx } from '../../../src/onnx/file/readModel';
import { readShapeConstants } from '../../../src/onnx/shapes/constants';
import { inferShapes } from '../../../src/onnx/shapes/inferShapes';
import { checkWeights } from '../weights/comparison';
import { inMemory } from '../weights/files';
import {
  examplesOf,
  WITHOUT_REFERENCE,
  type ModelExport,
  type Part,
  type Precision,
} from './families';
import type { Differences } from './familyRuns';
import { logitsError } from '../reference/exportedModel';
import { measureRuns, type Measured } from './familyStatistics';
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

const OPSETS = { torchscript: 14, dynamo: 18, optimum: 18, builder: 21, transformers: 20 } as const;

/** The first version of ONNX's operators that has one for attention. */
const LATEST = 23;

const read: Feature = {
  heading: 'Read',
  meaning: 'the file is read; the version of its operator set',
  async measure(one) {
    const opset = one.isLatest ? LATEST : OPSETS[one.exporter];
    for (const { model } of await modelsOf(one)) {
      assert.equal(model.opsets.get(''), opset);
      assert.ok(model.graph.initializers.length > 0);
    }
    return `opset ${opset}`;
  },
};

const sites: Feature = {
  heading: 'Attention layers',
  meaning: 'exactly the attention layers of the model are found in every file; how many there are',
  async measure(one) {
    const [example] = examplesOf(one.source);
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
    return !one.files.has('encoder_model')
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
  'uint8 by column': { attention: 0.2, results: 1 },
  'static int8': { attention: 0.4, results: 1.2 },
  // Expected is what `transformers` computes with the weights that such numbers stand for.
  '4 bits': { attention: 1e-5, results: 5e-5 },
  '4 bits, NF4': { attention: 1e-5, results: 5e-5 },
  '4 bits, float16': { attention: 0.02, results: 0.05 },
};

/** What two columns ask for is run once. */
const runs = new WeakMap<ModelExport, Promise<Measured>>();

function runsOf(one: ModelExport): Promise<Measured> {
  const found = runs.get(one) ?? measureRuns(one);
  runs.set(one, found);
  return found;
}

const tap: Feature = {
  heading: 'Attention maps',
  meaning:
    'the largest difference of any probability from that of `transformers` (eager attention, ' +
    'float32), rounded up; in 8 bits and float16 it comes from their coarser numbers, and in 4 bits ' +
    '`transformers` is given the weights that these stand for',
  async measure(one) {
    const found = await runsOf(one);
    const bound = BOUNDS[one.precision];
    assert.ok(found.attention <= bound.attention, `attention is off by ${found.attention}`);
    assert.ok(found.results <= bound.results, `results are off by ${found.results}`);
    return `≤ ${roundedUp(found.attention)}`;
  },
};

const statistics: Feature = {
  heading: 'Statistics',
  meaning:
    'entropy and the other figures of every head, computed inside the graph, are those of its whole ' +
    'map to 1e-5',
  async measure(one) {
    const found = await runsOf(one);
    assert.ok(found.statistics <= 1e-5, `statistics are off by ${found.statistics}`);
    return 'equal';
  },
};

/** What is promised of weights in each form. {@link compareWeights} holds them to it. */
const WEIGHTS: Record<Precision, string> = {
  float32: 'bit-equal',
  float16: 'rounded once',
  int8: 'half a step',
  'uint8 by column': 'half a step',
  'static int8': 'half a step',
  '4 bits': 'dequantized',
  '4 bits, NF4': 'dequantized',
  '4 bits, float16': 'rounded once',
};

const weights: Feature = {
  heading: 'Weights by name',
  meaning:
    'every parameter of `model.safetensors` is found under its name, but for those that the file ' +
    'rightly lacks, and is equal to it bit by bit; in float16 it is the nearest number of that type, ' +
    'in 8 bits off by half a step of its scale at most, in 4 bits what ONNX Runtime computes with',
  async measure(one) {
    for (const file of one.files.values()) {
      await checkWeights(one, path.join(one.folder, file));
    }
    return WEIGHTS[one.precision];
  },
};

const outline: Feature = {
  heading: 'Outline',
  meaning:
    'every weight is in the tree of modules, no operator is said to be one that the runtime lacks, and ' +
    'the shape of every value is inferred; how many values there are',
  async measure(one) {
    let values = 0;
    for (const { file, model } of await modelsOf(one)) {
      const source = inMemory(path.join(one.folder, file));
      const shapes = inferShapes(model, await readShapeConstants(source, model));
      const found = outlineFile(model, source.size, shapes);
      assert.deepEqual(found.compatibility.problems, []);
      assert.ok(found.modules.modules.length > 0, 'there are no modules');
      assert.equal(found.modules.parameters, found.parameters);
      assert.equal(found.shapes.known, found.shapes.values);
      values += found.shapes.values;
    }
    return `${values} shapes`;
  },
};

/** How far logits may be off, as a part of the largest: the weights' own precision. */
const REFERENCE: Record<Precision, number> = {
  float32: 1e-5,
  float16: 0.01,
  int8: 0.25,
  'uint8 by column': 0.25,
  'static int8': 0.25,
  '4 bits': 1e-5,
  '4 bits, NF4': 1e-5,
  '4 bits, float16': 0.01,
};

const reference: Feature = {
  heading: 'Reference',
  meaning:
    'the logits that the reference Transformer computes with the weights of the files, against those ' +
    'of `transformers`: the largest difference as a part of the largest logit, rounded up; – where the ' +
    'reference does not know the family, and says so',
  async measure(one) {
    const decoders = (['decoder_model', 'decoder_model_merged'] as const).filter((part) =>
      one.files.has(part),
    );
    const wholes = decoders.length === 0 ? [[]] : decoders.map((part) => [part]);
    let largest = 0;
    for (const parts of wholes) {
      const names = (['model', 'encoder_model', ...parts] as const).flatMap(
        (part) => one.files.get(part) ?? [],
      );
      const paths = names.map((name) => path.join(one.folder, name));
      if (WITHOUT_REFERENCE.has(one.family)) {
        await assert.rejects(logitsError(one.source, paths), { kind: 'unsupported' });
        return '–';
      }
      largest = Math.max(largest, await logitsError(one.source, paths));
    }
    const bound = REFERENCE[one.precision];
    assert.ok(largest <= bound, `logits are off by ${largest}`);
    return `≤ ${roundedUp(largest)}`;
  },
};

/** The columns of docs/support.md. What works on the same files gets another one here. */
export const FEATURES: readonly Feature[] = [
  read,
  sites,
  tap,
  statistics,
  weights,
  outline,
  reference,
];

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

/** Layers of a model that is a single stack belong to no half of it. */
function isIn(part: Part, id: string): boolean {
  return (
    id.startsWith('blocks.') || id.startsWith(part === 'encoder_model' ? 'encoder.' : 'decoder.')
  );
}
