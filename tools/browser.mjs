import { setUpBrowser } from './toolchain/setup.mjs';

/** Quiet, and at home in a container: no sandbox, no graphics card, no shared memory to speak of. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** @returns {Promise<import('playwright-core').LaunchOptions>} */
export async function launchOptions() {
  const { executable, env } = await setUpBrowser();
  return {
    executablePath: executable,
    env,
    args,
    // processes.mjs ends children; the browser ends by itself when its pipe to us closes.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  };
}
