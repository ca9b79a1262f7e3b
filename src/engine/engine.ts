import type { EngineActivity, EngineApi, EngineProgress } from '../shared/engineApi';
import type { Answer, Params } from '../shared/rpc';
import { OpenModels } from './openModels';
import { complete } from './tasks/complete';
import { inspect } from './tasks/inspect';
import { trace } from './tasks/trace';
import { Traces } from './traces';

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
 * @param onActivity hears when a model is being loaded and when it is ready.
 */
export function createEngine(onActivity: (activity: EngineActivity) => void): Engine {
  const models = new OpenModels(onActivity);
  const traces = new Traces();
  return {
    openModel: async ({ model }) => (await models.open(model)).summary,
    inspect: ({ path }) => inspect(path),
    tokenize: async ({ model, text }) => {
      const tokenizer = await models.tokenizer(model);
      return { tokens: tokenizer.encode(text, { addSpecialTokens: true }) };
    },
    complete: async ({ model, text, options }, context) => {
      const start = performance.now();
      const opened = await models.open(model, (found) => found.session());
      return complete(opened, text, options, performance.now() - start, context);
    },
    trace: async ({ model, text }, { signal }) => {
      const opened = await models.open(model, (found) => found.tapped());
      return traces.add(await trace(opened, text, signal));
    },
    thumbnails: ({ trace, site, size }) => traces.get(trace).thumbnails(site, size),
    headMap: ({ trace, site, head }) => traces.get(trace).headMap(site, head),
    headRow: ({ trace, site, head, query }) => traces.get(trace).headRow(site, head, query),
    releaseTrace: ({ trace }) => {
      traces.release(trace);
    },
  };
}
