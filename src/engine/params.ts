import * as v from 'valibot';
import { MOST_BEAMS } from '../library/generationConfig';
import type { EngineApi } from '../shared/engineApi';
import type { ModelChoice } from '../shared/modelSummary';
import { Failure, phrase } from '../shared/failure';
import { LARGEST_SEED, MOST_CANDIDATES, MOST_PRINTED, MOST_PROFILED_RUNS } from '../shared/limits';
import type { Params } from '../shared/rpc';

export type EngineMethod = keyof EngineApi;

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const head = { trace: v.string(), site: v.string(), head: index };
const headOrMean = { ...head, head: v.union([index, v.literal('mean')]) };

const tasks = ['complete', 'translate', 'summarize', 'fillMask'] as const;
const model: v.GenericSchema<unknown, ModelChoice> = v.union([
  v.strictObject({ folder: v.string() }),
  v.strictObject({ bundled: v.picklist(tasks) }),
]);

/** The ranges are those of GenerationOptions. */
const choosing = {
  temperature: v.exactOptional(v.pipe(v.number(), v.finite(), v.minValue(0))),
  topK: v.exactOptional(index),
  topP: v.exactOptional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  beams: v.exactOptional(v.pipe(positive, v.maxValue(MOST_BEAMS))),
  repetitionPenalty: v.exactOptional(v.pipe(v.number(), v.finite(), v.gtValue(0))),
  seed: v.exactOptional(v.pipe(index, v.maxValue(LARGEST_SEED))),
};
const generationOptions = v.strictObject({ ...choosing, maxNewTokens: positive });
const textToTextOptions = v.strictObject({ ...choosing, maxNewTokens: v.exactOptional(positive) });
const textToText = v.strictObject({
  model,
  text: v.string(),
  format: v.exactOptional(v.picklist(['plain', 'markdown', 'mdx'])),
  options: textToTextOptions,
});

const languages = v.exactOptional(
  v.strictObject({ source: v.exactOptional(v.string()), target: v.exactOptional(v.string()) }),
);

const blank = v.pipe(
  v.strictObject({ start: index, end: index }),
  v.check(({ start, end }) => start < end, 'Invalid range: Expected start before end'),
);

const tensor = v.strictObject({
  path: v.string(),
  file: v.string(),
  name: v.string(),
  occurrence: v.exactOptional(positive),
});
/** Cells of a tile: more than a screen has. */
const cells = v.pipe(positive, v.maxValue(2048));

/** The parameters of every method, as the engine accepts them from another process. */
const schemas: { [K in EngineMethod]: v.GenericSchema<unknown, Params<EngineApi, K>> } = {
  openModel: v.strictObject({ model, use: v.exactOptional(v.picklist([...tasks, 'trace'])) }),
  inspect: v.strictObject({ path: v.string() }),
  describe: v.strictObject({ path: v.string() }),
  cost: v.strictObject({ path: v.string() }),
  stack: v.strictObject({ path: v.string() }),
  moduleGraphs: v.strictObject({ path: v.string() }),
  nodeDetail: v.strictObject({ file: v.string(), node: index }),
  check: v.strictObject({ path: v.string() }),
  diff: v.strictObject({
    a: v.string(),
    b: v.string(),
    run: v.exactOptional(v.strictObject({ text: v.exactOptional(v.string()) })),
  }),
  profile: v.strictObject({
    path: v.string(),
    text: v.exactOptional(v.string()),
    runs: v.exactOptional(v.pipe(positive, v.maxValue(MOST_PROFILED_RUNS))),
  }),
  tensors: v.strictObject({ path: v.string() }),
  tensorStatistics: v.strictObject({ tensor }),
  tensorTile: v.strictObject({
    tensor,
    window: v.strictObject({ row: index, rows: positive, column: index, columns: positive }),
    rows: cells,
    columns: cells,
  }),
  tensorText: v.strictObject({ tensor, threshold: v.pipe(index, v.maxValue(MOST_PRINTED)) }),
  saveTensor: v.strictObject({ tensor, target: v.string(), replace: v.boolean() }),
  tokenize: v.strictObject({ model, text: v.string() }),
  complete: v.strictObject({
    model,
    text: v.string(),
    stopAt: v.exactOptional(v.picklist(['sentence', 'block'])),
    options: generationOptions,
  }),
  translate: v.strictObject({
    ...textToText.entries,
    labels: v.exactOptional(v.array(v.string())),
    languages,
  }),
  summarize: textToText,
  fillMask: v.pipe(
    v.strictObject({
      model,
      text: v.string(),
      blank,
      count: v.pipe(positive, v.maxValue(MOST_CANDIDATES)),
    }),
    v.forward(
      v.check(({ text, blank }) => blank.end <= text.length, 'Invalid range: Not in the text'),
      ['blank'],
    ),
  ),
  trace: v.strictObject({
    model,
    text: v.string(),
    target: v.exactOptional(v.string()),
    languages,
  }),
  thumbnails: v.strictObject({
    trace: v.string(),
    site: v.string(),
    size: v.pipe(positive, v.maxValue(256)),
  }),
  headMap: v.strictObject(headOrMean),
  headRow: v.strictObject({ ...headOrMean, query: index }),
  headScores: v.strictObject({ trace: v.string() }),
  verify: v.strictObject({ trace: v.string() }),
  hookPoints: v.strictObject({ trace: v.string() }),
  record: v.strictObject({ trace: v.string(), points: v.array(v.string()) }),
  ablate: v.strictObject(head),
  ablateElsewhere: v.strictObject({ ...head, texts: v.array(v.string()) }),
  maskTokens: v.strictObject({ trace: v.string(), tokens: v.array(index) }),
  logitLens: v.strictObject({ trace: v.string() }),
  rollout: v.strictObject({ trace: v.string() }),
  valueMap: v.strictObject(head),
  releaseTrace: v.strictObject({ trace: v.string() }),
};

/**
 * Checks what arrived for a method.
 * @throws Failure `input` naming the parameter that is wrong.
 */
export function parseParams<K extends EngineMethod>(
  method: K,
  params: unknown,
): Params<EngineApi, K> {
  const schema: v.GenericSchema<unknown, Params<EngineApi, K>> = schemas[method];
  const result = v.safeParse(schema, params);
  if (result.success) {
    return result.output;
  }
  const [issue] = result.issues;
  throw new Failure({
    kind: 'input',
    what: phrase('The engine was asked for something it cannot do: {0}', issue.message),
    where: [method, v.getDotPath(issue)].filter(Boolean).join('.'),
    remedy: phrase('reload the window; if it happens again, report it with the log'),
  });
}
