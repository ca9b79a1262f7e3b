import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { suiteSetup, suiteTeardown, teardown } from 'mocha';
import { chromium, type Browser } from 'playwright-core';
import { stageOfThisRun, type Stage } from './stage';
import { Workbench, type WorkbenchOptions } from './workbench';

/** Opens workbenches for the tests of one suite. */
export interface Session {
  open(options?: WorkbenchOptions): Promise<Workbench>;
}

/**
 * Connects a suite to the browser of the run. Whatever a test opens is closed after it; of a test
 * that fails, a picture of each workbench and the logs are kept in build/e2e-failures/.
 */
export function useWorkbench(): Session {
  const open: Workbench[] = [];
  let stage: Stage;
  let browser: Browser;

  suiteSetup(async () => {
    stage = stageOfThisRun();
    browser = await chromium.connect(stage.browser);
  });

  teardown(async function () {
    const test = this.currentTest;
    if (test?.state === 'failed') await keepEvidence(stage, test.fullTitle(), open);
    for (const workbench of open.splice(0)) await workbench.close();
  });

  suiteTeardown(() => browser.close());

  return {
    async open(options = {}) {
      const workbench = await Workbench.open(browser, stage, options, (opened) => {
        open.push(opened);
      });
      return workbench;
    },
  };
}

async function keepEvidence(stage: Stage, title: string, open: Workbench[]): Promise<void> {
  const folder = path.join(stage.failures, title.replaceAll(/[^\w-]+/g, '-'));
  mkdirSync(folder, { recursive: true });
  for (const [i, workbench] of open.entries()) {
    await workbench.page.screenshot({ path: path.join(folder, `workbench-${i}.png`) });
  }
  for (const file of readdirSync(stage.folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.log') || file.startsWith('extensions')) continue;
    cpSync(path.join(stage.folder, file), path.join(folder, 'logs', file));
  }
  console.log(`      see ${folder}`);
}
