import type { EngineActivity, EngineApi, EngineProgress } from '../shared/engineApi';
import type { Answer, Params } from '../shared/rpc';
import { loadWeights, tracedGraphs, type OpenModel } from './openModel';
import { OpenModels } from './openModels';
import { withLanguages } from './languages/prepareTranslation';
import { withTaskSettings } from './taskSettings';
import type { AttentionTrace } from '../trace/attentionTrace';
import { ablate, maskTokens } from './tasks/ablate';
import { ablateElsewhere } from './tasks/ablateElsewhere';
import { check } from './tasks/check';
import { complete } from './tasks/complete';
import { cost } from './tasks/cost';
import { fillMask } from './tasks/fillMask';
import { headScores } from './tasks/headScores';
import { describe } from './tasks/describe';
import { diff } from './tasks/diff/diff';
import { inspect } from './tasks/inspect';
import { logitLens } from './tasks/logitLens';
import { profile } from './tasks/profile/profile';
import { rollout } from './tasks/rollout';
import { hookPoints, record } from './tasks/record';
import {
  completionModel,
  fillMaskModel,
  textToTextModel,
  compatibleModel,
} from './tasks/compatibleModel';
import { moduleGraphs, nodeDetail } from './tasks/moduleGraphs';
import { stack } from './tasks/stack';
import { summarize } from './tasks/summarize';
import { TensorListings } from './tasks/tensors/listings';
import { saveTensor } from './tasks/tensors/saveTensor';
import { tensorStatistics, tensorText, tensorTile } from './tasks/tensors/tensorTasks';
import { trace } from './tasks/trace';
import { translateBetween } from './tasks/translateBetween';
import { valueMap } from './tasks/valueMap';
import { verify } from './tasks/verify';
import { TraceStore } from './tracing/traceStore';

/** What a method has at hand beside its parameters. */
export interface CallContext<K extends keyof EngineApi> {
  /** Aborted when the caller cancels. */
  signal: AbortSignal;
  /** Tells the caller how far the work is. */
  report: (value: K extends keyof EngineProgress ? EngineProgress[K] : never) => void;
}

/** `EngineApi` as a host in the same process calls it. */
export type Engine = {
  [K in keyof EngineApi]: (
    params: Params<EngineApi, K>,
    context: CallContext<K>,
  ) => Answer<EngineApi, K> | Promise<Answer<EngineApi, K>>;
};

/**
 * Builds an engine: models that stay open and traces that stay in memory, behind `EngineApi`.
 * @param root the folder that package.json lies in, and the models that Headlight ships.
 * @param onActivity hears when a model is being loaded and when it is ready.
 */
export function createEngine(root: string, onActivity: (activity: EngineActivity) => void): Engine {
  const models = new OpenModels(root, onActivity);
  const traces = new TraceStore();
  const listings = new TensorListings();
  /** A trace, and the model that it is of. */
  const traced = async (trace: string): Promise<{ found: AttentionTrace; model: OpenModel }> => {
    const found = traces.get(trace);
    const { folder } = found.summary.model;
    return { found, model: await models.open({ folder }, (model) => model) };
  };
  return {
    openModel: ({ model, use }) =>
      use === undefined
        ? models.open(model, ({ summary }) => summary)
        : models.tryOut(model, (found) => compatibleModel(found, use).summary),
    inspect: ({ path }) => inspect(path),
    describe: ({ path }) => describe(path),
    cost: ({ path }) => cost(path),
    stack: ({ path }) => stack(path),
    moduleGraphs: ({ path }) => moduleGraphs(path),
    nodeDetail: ({ file, node }) => nodeDetail(file, node),
    check: ({ path }, context) => check(path, context),
    diff: ({ a, b, run }, context) => diff(a, b, run, context),
    profile: ({ path, ...options }, context) => profile(path, options, context),
    tensors: ({ path }) => listings.list(path),
    tensorStatistics: ({ tensor }, context) => tensorStatistics(listings, tensor, context),
    tensorTile: ({ tensor, window, rows, columns }, context) =>
      tensorTile(listings, tensor, window, { rows, columns }, context),
    tensorText: async ({ tensor, threshold }, context) => ({
      text: await tensorText(listings, tensor, threshold, context),
    }),
    saveTensor: ({ tensor, target, replace }, context) =>
      saveTensor(listings, tensor, target, replace, context),
    tokenize: async ({ model, text }) => {
      const tokenizer = await models.tokenizer(model);
      return { tokens: tokenizer.encode(text, { addSpecialTokens: true }) };
    },
    complete: async ({ model, text, stopAt, options }, context) => {
      const { opened, loadMs } = await timed(() => models.open(model, loaded(completionModel)));
      const writer = withTaskSettings(opened, 'text-generation');
      return complete(writer, { text, stopAt }, options, loadMs, context);
    },
    translate: async ({ model, text, format = 'plain', labels = [], ...asked }, context) => {
      const { options, languages = {} } = asked;
      const { opened, loadMs } = await timed(() =>
        models.open(
          model,
          loaded((found) => textToTextModel(found, 'translate')),
        ),
      );
      return translateBetween(
        opened,
        { text, format, labels },
        languages,
        options,
        loadMs,
        context,
      );
    },
    summarize: async ({ model, text, format = 'plain', options }, context) => {
      const { opened, loadMs } = await timed(() =>
        models.open(
          model,
          loaded((found) => textToTextModel(found, 'summarize')),
        ),
      );
      const summarizer = withTaskSettings(opened, 'summarization');
      return summarize(summarizer, { text, format }, options, loadMs, context);
    },
    fillMask: async ({ model, text, blank, count }) =>
      fillMask(await models.open(model, loaded(fillMaskModel)), text, blank, count),
    trace: async ({ model, text, target, languages }, { signal }) => {
      const opened = await models.open(model, async (found) => {
        for (const graph of tracedGraphs(found)) {
          await graph.tapped();
        }
        return found;
      });
      const found = await trace(withLanguages(opened, languages), text, target, signal);
      return traces.add(found, languages);
    },
    thumbnails: async ({ trace, site, size }, { signal }) =>
      traces.get(trace).thumbnails(site, size, signal),
    headMap: async ({ trace, site, head }, { signal }) =>
      traces.get(trace).headMap(site, head, signal),
    headRow: async ({ trace, site, head, query }, { signal }) =>
      traces.get(trace).headRow(site, head, query, signal),
    headScores: async ({ trace }, { signal }) => headScores((await traced(trace)).model, signal),
    verify: async ({ trace }, context) => {
      const { found, model } = await traced(trace);
      return verify(model, found, context);
    },
    hookPoints: async ({ trace }) => hookPoints((await traced(trace)).model),
    record: async ({ trace, points }, context) => {
      const { found, model } = await traced(trace);
      return record(model, found, points, context);
    },
    ablate: async ({ trace, site, head }, context) => {
      const { found, model } = await traced(trace);
      return ablate(model, found, { site, head }, context);
    },
    ablateElsewhere: async ({ trace, site, head, texts }, context) => {
      const { found, model } = await traced(trace);
      const told = withLanguages(model, traces.languages(trace));
      return ablateElsewhere(told, found, { site, head }, texts, context);
    },
    maskTokens: async ({ trace, tokens }, context) => {
      const { found, model } = await traced(trace);
      return maskTokens(model, found, tokens, context);
    },
    logitLens: async ({ trace }, context) => {
      const { found, model } = await traced(trace);
      return logitLens(model, found, context);
    },
    rollout: async ({ trace }, { signal }) => rollout(traces.get(trace), signal),
    valueMap: async ({ trace, site, head }, context) => {
      const { found, model } = await traced(trace);
      return valueMap(model, found, { site, head }, context);
    },
    releaseTrace: ({ trace }) => {
      traces.release(trace);
    },
  };
}

/** Takes a model that suits a task, and loads its weights. */
function loaded<T extends OpenModel>(checked: (model: OpenModel) => T) {
  return async (model: OpenModel): Promise<T> => {
    const found = checked(model);
    await loadWeights(found);
    return found;
  };
}

async function timed<T>(open: () => Promise<T>): Promise<{ opened: T; loadMs: number }> {
  const start = performance.now();
  const opened = await open();
  return { opened, loadMs: performance.now() - start };
}
