import { mkdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchOptions } from './browser.mjs';
import { buildFolder, root } from './root.mjs';
import { installExtension, startServer } from './server.mjs';
import { testEnvironment, testSettings, writeSettings } from './settings.mjs';
import { temporaryFolder } from './temporary.mjs';
import { setUpServer } from './toolchain/setup.mjs';
import { packageExtension, targetHere } from './vsix.mjs';

/**
 * One VS Code server with the packaged extension installed and one browser: the files of a run
 * share them and open a workbench of their own in a fresh browser profile.
 *
 * `description` is what test/support/workbench.ts reads from the environment.
 */
export async function openStage() {
  await setUpServer();
  const { file } = await packageExtension(targetHere());
  const folder = temporaryFolder(os.tmpdir(), 'headlight-e2e');
  await installExtension(folder, file);
  const userSettings = writeSettings(folder, testSettings);
  const server = await startServer({ folder, env: testEnvironment });

  const { chromium } = await import('playwright-core');
  const browser = await chromium.launchServer(await launchOptions());

  const failures = path.join(buildFolder, 'e2e-failures');
  rmSync(failures, { recursive: true, force: true });
  const screenshots = path.join(root, 'test/e2e/screenshots');
  mkdirSync(screenshots, { recursive: true });
  return {
    description: {
      url: server.url,
      authority: server.authority,
      browser: browser.wsEndpoint(),
      folder,
      userSettings,
      settings: testSettings,
      failures,
      screenshots,
    },
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}
