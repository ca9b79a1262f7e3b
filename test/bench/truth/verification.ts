import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openModel, type OpenModel } from '../../../src/engine/openModel';
import { cachedStep } from '../../../src/engine/reference/cachedStep';
import { referenceOf } from '../../../src/engine/reference/referenceOf';
import { ReferenceRuns, type TracedInput } from '../../../src/engine/reference/referenceRuns';
import { runtimeLogits } from '../../../src/engine/reference/runtimeLogits';
import { asFloat32 } from '../../../src/engine/runtime/tensor';
import { trace } from '../../../src/engine/tasks/trace';
import { verify } from '../../../src/engine/tasks/verify';
import {
  differencesIn,
  floatTolerance,
  isFloatRounding,
  verdictOf,
  type Verdict,
  type Verification,
} from '../../../src/shared/verification';
import { familyModel, wordsFrom, type FamilyForm } from '../../support/familyModel';
import { root } from '../../support/root';
import { temporaryFolder } from '../../support/temporary';

/** A model in one form, and the texts that it is verified on. */
interface Case {
  form: string;
  name: string;
  folder: string;
  texts: string[];
}

const FOLLOWING = { signal: new AbortController().signal, report: () => undefined };

/** What a model's texts showed. */
interface Figures {
  /** The largest difference of logits where the reference leaves activations as they are. */
  plain: number;
  /** The same where it rounds them as the graph does. */
  followed: number;
  /** Texts on which nothing differs by more than float32 explains. */
  exact: number;
  /** The largest difference of logits on these. */
  inExact: number;
  /** The largest difference as a part of what rounding may do, where it is more than that. */
  share: number;
  /** Activations that were rounded, of all texts. */
  rounded: number;
  verdicts: Map<Verdict, number>;
}

/** How far from the reference the runtime is, in each form that weights and products have. */
export async function verificationFigures(): Promise<string[]> {
  const lines = [
    'texts     plain  followed  exact  on these  share  form, model: verdicts; activations rounded for each that differs',
  ];
  for (const { form, name, folder, texts } of cases()) {
    const { plain, followed, exact, inExact, share, rounded, verdicts } = await figuresOf(
      folder,
      texts,
    );
    const numbers = [
      String(texts.length).padStart(5),
      plain.toExponential(1).padStart(9),
      followed.toExponential(1).padStart(9),
      String(exact).padStart(6),
      inExact.toExponential(1).padStart(9),
      share.toFixed(2).padStart(6),
    ].join(' ');
    const said = Array.from(verdicts, ([verdict, count]) => `${count} ${verdict}`).join(', ');
    const differing = texts.length - exact;
    const rare = rounded > 0 && differing > 0 ? `; ${(rounded / differing).toExponential(1)}` : '';
    lines.push(`${numbers}  ${form}, ${name}: ${said}${rare}`);
  }
  return lines;
}

async function figuresOf(folder: string, texts: readonly string[]): Promise<Figures> {
  const model = await openModel(folder);
  const figures: Figures = {
    ...{ plain: 0, followed: 0, exact: 0, inExact: 0, share: 0, rounded: 0 },
    verdicts: new Map(),
  };
  for (const text of texts) {
    const traced = await trace(model, text, undefined, FOLLOWING.signal);
    const found = await verify(model, traced, FOLLOWING);
    const verdict = verdictOf(found);
    const differences = differencesIn(found);
    figures.verdicts.set(verdict, (figures.verdicts.get(verdict) ?? 0) + 1);
    figures.followed = Math.max(figures.followed, largestOfLogits(found));
    if (differences.every(isFloatRounding)) {
      figures.exact += 1;
      figures.inExact = Math.max(figures.inExact, largestOfLogits(found));
    }
    figures.plain = Math.max(figures.plain, await unfollowed(model, traced.summary));
    figures.rounded += await roundedIn(model, traced.summary);
    for (const { maxAbsDiff, tolerance, scale } of differences) {
      if (tolerance > floatTolerance(scale)) {
        figures.share = Math.max(figures.share, maxAbsDiff / tolerance);
      }
    }
  }
  return figures;
}

function largestOfLogits({ logits, cachedStep: step }: Verification): number {
  return Math.max(logits?.maxAbsDiff ?? 0, 'lacking' in step ? 0 : step.maxAbsDiff);
}

/** How many values of activations the reference rounds for a text. */
async function roundedIn(model: OpenModel, summary: TracedInput): Promise<number> {
  const runs = new ReferenceRuns(await referenceOf(model), summary, FOLLOWING);
  await runs.compared();
  return runs.roundedValues;
}

/** The largest difference of logits where the reference computes with activations as they are. */
async function unfollowed(model: OpenModel, summary: TracedInput): Promise<number> {
  const reference = await referenceOf(model);
  const runs = new ReferenceRuns({ ...reference, followed: false }, summary, FOLLOWING);
  const { logits } = await runs.compared();
  const whole = await runtimeLogits(model, summary);
  const step = await cachedStep(model, summary);
  return Math.max(
    ...[whole === undefined ? [] : [asFloat32(whole)], 'lacking' in step ? [] : [step.logits]]
      .flat()
      .map((actual) => {
        const own = logits.subarray(logits.length - actual.length);
        return actual.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - (own[i] ?? NaN))),
          0,
        );
      }),
  );
}

function cases(): Case[] {
  const bundled = BUNDLED.flatMap(({ name, graphs, texts }) =>
    (['', '_quantized'] as const).map((suffix) => ({
      form: suffix === '' ? 'float32' : 'int8, dynamic',
      name,
      folder: bundledIn(name, graphs, suffix),
      texts,
    })),
  );
  const words = Array.from({ length: 8 }, (_, i) => wordsFrom(5 * i, 6 + 3 * i));
  const tiny = TINY.map(({ form, ...fixture }) => ({
    form,
    name: fixture.folder,
    folder: familyModel(fixture),
    texts: words,
  }));
  return [...bundled, ...tiny];
}

/** A copy of a bundled model with the graphs of one form alone. */
function bundledIn(name: string, graphs: readonly string[], suffix: string): string {
  const source = path.join(root, 'models', name);
  const folder = temporaryFolder();
  cpSync(source, folder, { recursive: true, filter: (file) => !file.endsWith('.onnx') });
  for (const graph of graphs) {
    cpSync(
      path.join(source, `onnx/${graph}${suffix}.onnx`),
      path.join(folder, `onnx/${graph}.onnx`),
    );
  }
  return folder;
}

const SENTENCES = [
  'The parser reads the configuration file.',
  'Cannot open the file because another process is using it.',
  'The server creates a session for each client and keeps its settings until the connection ends.',
  'Run the tests again.',
  'Each window has a title, a list of tabs and a status bar that shows the current line.',
  'This function returns the number of bytes that were written to the stream.',
  'If the path is empty, the current directory is used.',
  'The old settings were kept.',
];

const PAGES = [2, 4, 6].map((count) => SENTENCES.slice(0, count).join(' '));

const BUNDLED = [
  { name: 'headlight-complete', graphs: ['model'], texts: [...SENTENCES, ...PAGES] },
  {
    name: 'headlight-fill-mask',
    graphs: ['model'],
    texts: [...SENTENCES, ...PAGES].map((text) => text.replace(' the ', ' [MASK] ')),
  },
  {
    name: 'headlight-translate-en-zh',
    graphs: ['encoder_model', 'decoder_model_merged'],
    texts: alignedSentences(),
  },
  {
    name: 'headlight-summarize',
    graphs: ['encoder_model', 'decoder_model_merged'],
    texts: [...SENTENCES, ...PAGES],
  },
];

/** Sentences of the translator's own grammar. */
function alignedSentences(): string[] {
  const file = path.join(root, 'test/fixtures/translate/alignments.json');
  const examples = JSON.parse(readFileSync(file, 'utf8')) as { en: string }[];
  return examples.slice(0, 11).map(({ en }) => en);
}

const MERGED = ['encoder_model', 'decoder_model_merged'];

const TINY: (FamilyForm & { form: string })[] = [
  ...['bert', 'gpt2', 'llama'].map((family) => ({
    form: 'float16',
    folder: `${family}/torchscript-eager`,
    suffix: '_fp16',
    graphs: ['model'],
  })),
  ...['bert', 'gpt2', 'llama'].map((family) => ({
    form: 'float16',
    folder: `${family}/dynamo-sdpa`,
    suffix: '_fp16',
    graphs: ['model'],
  })),
  { form: 'float16', folder: 'bart/torchscript-eager', suffix: '_fp16', graphs: MERGED },
  ...['bert', 'gpt2', 'llama'].map((family) => ({
    form: 'int8, dynamic',
    folder: `${family}/torchscript-eager`,
    suffix: '_quantized',
    graphs: ['model'],
  })),
  {
    form: 'int8, dynamic',
    folder: 'gpt2/torchscript-eager-merged',
    suffix: '_quantized',
    graphs: ['decoder_model_merged'],
  },
  { form: 'int8, dynamic', folder: 'bart/torchscript-eager', suffix: '_quantized', graphs: MERGED },
  {
    form: 'uint8 by column',
    folder: 'bert/torchscript-eager',
    suffix: '_uint8',
    graphs: ['model'],
  },
  {
    form: 'int8, fixed scales',
    folder: 'bert/torchscript-eager',
    suffix: '_qdq',
    graphs: ['model'],
  },
  ...(
    [
      ['4 bits', 'torchscript-eager-q4', '_q4'],
      ['4 bits, NF4', 'torchscript-eager-bnb4', '_bnb4'],
      ['4 bits, float16', 'torchscript-eager-q4f16', '_q4f16'],
      ['4 bits', 'builder-gqa-q4', '_q4'],
    ] as const
  ).map(([form, name, suffix]) => ({
    form,
    folder: `llama/${name}`,
    suffix,
    graphs: ['model'],
    isOwn: true,
  })),
];
