import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { suiteSetup, suiteTeardown, teardown } from 'mocha';
import { chromium, type Browser } from 'playwright-core';
import { stageOfThisRun, type Stage } from './stage';
import { Workbench, type WorkbenchOptions } from './workbench';

/** Opens workbenches for the tests of one suite. */
export interface Session {
  /** A fresh workbench, for a test that leaves its state to no other. */
  open(options?: WorkbenchOptions): Promise<Workbench>;
  /**
   * A workbench that tests of the suite share one after the other, as `prepare` and those before
   * left it. One that a test failed in is not handed on, nor is one of another name, since all read
   * the same user settings.
   * @param prepare opens the workbench and brings it to where the tests begin.
   */
  share(name: string, prepare: () => Promise<Workbench>): Promise<Workbench>;
}

/**
 * Connects a suite to the browser of the run. Whatever a test opens is closed after it, unless it is
 * shared; of a test that fails, a picture of each workbench and the logs are kept in
 * build/e2e-failures/.
 */
export function useWorkbench(): Session {
  const open: Workbench[] = [];
  let shared: { name: string; workbench: Workbench } | undefined;
  let stage: Stage;
  let browser: Browser;

  suiteSetup(async () => {
    stage = stageOfThisRun();
    browser = await chromium.connect(stage.browser);
  });

  teardown(async function () {
    const test = this.currentTest;
    if (test?.state === 'failed') await keepEvidence(stage, test.fullTitle(), open);
    if (test?.state !== 'passed') shared = undefined;
    await closeAllBut(shared?.workbench);
  });

  suiteTeardown(async () => {
    await closeAllBut(undefined);
    await browser.close();
  });

  async function closeAllBut(kept: Workbench | undefined): Promise<void> {
    const closing = open.filter((workbench) => workbench !== kept);
    open.splice(0, open.length, ...open.filter((workbench) => workbench === kept));
    for (const workbench of closing) await workbench.close();
  }

  return {
    async open(options = {}) {
      if (shared !== undefined) {
        shared = undefined;
        await closeAllBut(undefined);
      }
      return Workbench.open(browser, stage, options, (opened) => {
        open.push(opened);
      });
    },
    async share(name, prepare) {
      if (shared?.name !== name) shared = { name, workbench: await prepare() };
      return shared.workbench;
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
