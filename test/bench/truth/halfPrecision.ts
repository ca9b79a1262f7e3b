import path from 'node:path';
import { openModel } from '../../../src/engine/openModel';
import { trace } from '../../../src/engine/tasks/trace';
import { verify } from '../../../src/engine/tasks/verify';
import { agrees, type Verification } from '../../../src/shared/verification';
import { familyModel, HALF_PRECISION, wordsFrom, type FamilyForm } from '../../support/familyModel';
import { multiplyScores } from '../../support/engine/injectedBugs';

const FOLLOWING = { signal: new AbortController().signal, report: () => undefined };

/** 36 texts of 2 to 30 tokens. */
const TEXTS = [2, 3, 4, 5, 6, 8, 12, 20, 30].flatMap((count) =>
  [0, 11, 22, 33].map((first) => wordsFrom(first, count)),
);

const MODELS: FamilyForm[] = [
  ...HALF_PRECISION,
  { folder: 'llama/torchscript-eager-q4f16', suffix: '_q4f16', graphs: ['model'], isOwn: true },
];

/** A wrong scale of attention scores. */
interface Bug {
  name: string;
  /** In float16; absent: none. */
  factor?: number;
  /** The first layer of each graph that has it, from 0. */
  first?: number;
}

const BUGS: Bug[] = [
  { name: 'as it is' },
  { name: 'scores 0.5% too large', factor: 1 + 5 / 1024, first: 0 },
  { name: 'scores 1% too large', factor: 1 + 10 / 1024, first: 0 },
  { name: 'scores 1% too large behind the first layer', factor: 1 + 10 / 1024, first: 1 },
  { name: 'scores 2% too large', factor: 1 + 20 / 1024, first: 0 },
];

/**
 * How often Verify notices a wrong scale of attention scores in graphs that compute in float16, and what
 * it finds where there is none.
 */
export async function halfPrecisionFigures(): Promise<string[]> {
  const lines = [
    'of so many texts: noticed, noticed but for the estimated scale; largest part of the bound of the scale, median bound',
  ];
  for (const model of MODELS) {
    for (const bug of BUGS) {
      const found = await verified(familyWith(model, bug));
      const scales = found.flatMap(({ sites }) =>
        sites.flatMap(({ scoreScale: scale }) => scale ?? []),
      );
      const shares = scales.map(({ error, tolerance }) => Math.abs(error) / tolerance);
      const bounds = scales.map(({ tolerance }) => tolerance).sort((a, b) => a - b);
      const numbers = [
        String(found.length).padStart(3),
        String(found.filter((each) => !agrees(each)).length).padStart(3),
        String(found.filter((each) => !agrees(withoutScale(each))).length).padStart(3),
        Math.max(...shares)
          .toFixed(2)
          .padStart(6),
        (bounds[Math.floor(bounds.length / 2)] ?? NaN).toFixed(4),
      ];
      lines.push(`${numbers.join(' ')}  ${model.folder}: ${bug.name}`);
    }
  }
  return lines;
}

async function verified(folder: string): Promise<Verification[]> {
  const model = await openModel(folder);
  const found: Verification[] = [];
  for (const text of TEXTS) {
    const traced = await trace(model, text, undefined, FOLLOWING.signal);
    found.push(await verify(model, traced, FOLLOWING));
  }
  return found;
}

function familyWith(model: FamilyForm, { factor, first }: Bug): string {
  const folder = familyModel(model);
  if (factor !== undefined) {
    for (const graph of model.graphs) {
      multiplyScores(path.join(folder, `onnx/${graph}.onnx`), 'float16', factor, first);
    }
  }
  return folder;
}

/** What would be said by the largest differences alone. */
function withoutScale(found: Verification): Verification {
  const sites = found.sites.map(({ scoreScale: _, ...site }) => site);
  return { ...found, sites };
}
