import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchOptions } from './browser.mjs';
import { findDesktop, startDesktop } from './desktop.mjs';
import { root } from './root.mjs';
import { copySample, workbenchUrl } from './sample.mjs';
import { startServer } from './server.mjs';
import { testEnvironment, testSettings, writeSettings } from './settings.mjs';
import { temporaryFolder } from './temporary.mjs';
import { setUpServer } from './toolchain/setup.mjs';

/** A host that hangs for longer than this is given up. */
const limitMs = 30 * 60_000;

/**
 * Runs a bundled suite inside the extension host of a real VS Code: on the desktop where there is
 * one, else in VS Code's server behind a headless browser. The suite is the same.
 *
 * @param {string} suite the bundle that exports `run()`
 * @param {NodeJS.ProcessEnv} env what the suite finds in its environment
 * @returns {Promise<number>} 0 when VS Code says that all went well, which a report must confirm
 */
export async function runInExtensionHost(suite, env) {
  const folder = temporaryFolder(os.tmpdir(), 'headlight-integration');
  const workspace = copySample(path.join(folder, 'workspace'));
  writeSettings(folder, testSettings);
  const desktop = await findDesktop({ seen: false });
  console.log(`VS Code: ${desktop ?? 'server and browser workbench'}`);
  return desktop === undefined
    ? runInBrowser({ folder, workspace, suite, env })
    : runOnDesktop({ desktop, folder, workspace, suite, env });
}

/** @param {{ desktop: string, folder: string, workspace: string, suite: string, env: NodeJS.ProcessEnv }} options */
async function runOnDesktop({ desktop, folder, workspace, suite, env }) {
  const args = [
    workspace,
    `--extensionDevelopmentPath=${root}`,
    `--extensionTestsPath=${suite}`,
    '--disable-extensions',
    '--disable-updates',
  ];
  const code = startDesktop(desktop, folder, args, { env: { ...process.env, ...env } });
  return within(limitMs, code.ended);
}

/** @param {{ folder: string, workspace: string, suite: string, env: NodeJS.ProcessEnv }} options */
async function runInBrowser({ folder, workspace, suite, env }) {
  await setUpServer();
  const server = await startServer({
    folder,
    automation: true,
    env: { ...testEnvironment, ...env },
  });
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch(await launchOptions());
  try {
    const page = await browser.newPage();
    const exit = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', (_type, args) => show([args].flat().join(' ')));
    /** @param {string} file */
    const remote = (file) => `vscode-remote://${server.authority}${file}`;
    await page.goto(
      workbenchUrl(server, workspace, [
        ['extensionDevelopmentPath', remote(root)],
        ['extensionTestsPath', remote(suite)],
      ]),
    );
    return await within(limitMs, Promise.race([exit, server.ended.then(() => 1)]));
  } finally {
    await browser.close();
    await server.stop();
    if (process.env.HEADLIGHT_TEST_VERBOSE) {
      console.log(readFileSync(path.join(folder, 'server.log'), 'utf8'));
    }
  }
}

/** @param {string} text what the extension host printed */
function show(text) {
  if (process.env.HEADLIGHT_TEST_VERBOSE || /^ {2}[✔✘-] /.test(text)) console.log(text);
}

/**
 * @template T
 * @param {number} ms
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function within(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The extension host did not finish in ${ms / 60_000} minutes.`)),
      ms,
    );
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
