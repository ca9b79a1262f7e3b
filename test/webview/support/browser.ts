import path from 'node:path';
import { suiteSetup, suiteTeardown } from 'mocha';
import { chromium, type Browser } from 'playwright-core';
import { EngineClient } from '../../../src/host/engine/engineClient';
import { root } from '../../support/root';
import { masksForScenes, traceForScenes, type MaskTraces, type SceneTraces } from './scenes';

/** What the tests of a suite share: a browser, and engines with their traces, of which each keeps two. */
export interface PanelStage {
  browser: Browser;
  engine: EngineClient;
  traces: SceneTraces;
  maskEngine: EngineClient;
  masks: MaskTraces;
}

/** Connects a suite to the browser of the run and starts an engine for it. */
export function usePanelStage(): PanelStage {
  const stage = {} as PanelStage;

  suiteSetup(async () => {
    stage.browser = await connectToBrowser();
    stage.engine = remembering(startEngine());
    stage.traces = await traceForScenes(stage.engine);
    stage.maskEngine = remembering(startEngine());
    stage.masks = await masksForScenes(stage.maskEngine);
  });

  suiteTeardown(async () => {
    stage.engine.dispose();
    stage.maskEngine.dispose();
    await stage.browser.close();
  });

  return stage;
}

/** The browser that the run of the tests has started. */
export async function connectToBrowser(): Promise<Browser> {
  const endpoint = process.env['HEADLIGHT_BROWSER'];
  if (endpoint === undefined) throw new Error('Run these tests with: npm test');
  return chromium.connect(endpoint);
}

export function startEngine(): EngineClient {
  return new EngineClient({
    entry: path.join(root, 'dist/engine.js'),
    root,
    log: { info: () => undefined, error: (message) => console.error(message) },
    onState: () => undefined,
  });
}

/** An engine that is asked the same question once: every page of a suite asks the same. */
function remembering(engine: EngineClient): EngineClient {
  const answers = new Map<string, unknown>();
  const call = engine.call.bind(engine) as (...args: unknown[]) => Promise<unknown>;
  engine.call = ((method: string, params: unknown, options: unknown) => {
    const question = JSON.stringify([method, params]);
    if (!answers.has(question)) answers.set(question, call(method, params, options));
    return answers.get(question);
  }) as typeof engine.call;
  return engine;
}
