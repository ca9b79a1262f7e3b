import { suiteSetup, suiteTeardown } from 'mocha';
import type { Browser } from 'playwright-core';
import type { EngineClient } from '../../../src/host/engine/engineClient';
import { connectToBrowser, startEngine } from './browser';

/** What the tests of the inspector share: a browser, and an engine. */
export interface InspectorStage {
  browser: Browser;
  engine: EngineClient;
}

/** Connects a suite to the browser of the run and starts an engine for it. */
export function useInspectorStage(): InspectorStage {
  const stage = {} as InspectorStage;

  suiteSetup(async () => {
    stage.browser = await connectToBrowser();
    stage.engine = startEngine();
  });

  suiteTeardown(async () => {
    stage.engine.dispose();
    await stage.browser.close();
  });

  return stage;
}
