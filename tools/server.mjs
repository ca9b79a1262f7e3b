import { mkdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, start } from './processes.mjs';
import { serverMain, serverRuntime } from './toolchain/setup.mjs';

const startupLimitMs = 60_000;

/**
 * @typedef {object} Server
 * @property {string} url where the workbench is
 * @property {string} authority host and port, as remote URIs write them
 * @property {Promise<number>} ended
 * @property {() => Promise<void>} stop
 */

/**
 * Starts VS Code's own server, which serves the whole workbench to a browser and runs extensions
 * in a real Node extension host. It listens on this machine alone.
 *
 * @param {object} options
 * @param {string} options.folder takes everything that the server writes; `extensions/`,
 *   `user-data/` and `server.log` below it
 * @param {number} [options.port] any free one when left out
 * @param {boolean} [options.automation] lets the page name an extension in development and a test
 *   suite. The server's front end, code-server, knows no such option: hence no front end here.
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<Server>}
 */
export async function startServer({ folder, port, automation = false, env }) {
  const host = '127.0.0.1';
  const chosenPort = port ?? (await freePort(host));
  mkdirSync(folder, { recursive: true });

  const log = path.join(folder, 'server.log');
  const server = start(
    serverRuntime(),
    [
      serverMain,
      ...['--host', host, '--port', String(chosenPort), '--without-connection-token'],
      ...folderOptions(folder),
      ...['--accept-server-license-terms', '--disable-telemetry', '--disable-experiments'],
      '--disable-getting-started-override',
      ...(automation ? ['--enable-smoke-test-driver'] : []),
    ],
    { env, log },
  );

  const authority = `${host}:${chosenPort}`;
  const url = `http://${authority}`;
  await answers(`${url}/version`, server, log);
  return { url, authority, ended: server.ended, stop: server.stop };
}

/**
 * Installs a packaged extension for {@link startServer} with the same folder.
 *
 * @param {string} folder
 * @param {string} vsix
 */
export async function installExtension(folder, vsix) {
  mkdirSync(folder, { recursive: true });
  const log = path.join(folder, 'install.log');
  const options = [...folderOptions(folder), '--install-extension', vsix];
  const status = await run(serverRuntime(), [serverMain, ...options], { log });
  if (status !== 0) throw new Error(`${vsix} could not be installed; see ${log}`);
}

/** @param {string} folder */
function folderOptions(folder) {
  return Object.entries({
    '--server-data-dir': 'server-data',
    '--user-data-dir': 'user-data',
    '--extensions-dir': 'extensions',
  }).flatMap(([option, name]) => [option, path.join(folder, name)]);
}

/**
 * @param {string} host
 * @returns {Promise<number>}
 */
function freePort(host) {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() => resolve(address.port));
    });
  });
}

/**
 * @param {string} url
 * @param {import('./processes.mjs').Child} server
 * @param {string} log
 */
async function answers(url, server, log) {
  const deadline = Date.now() + startupLimitMs;
  while (Date.now() < deadline) {
    if (!server.alive()) throw new Error(`The VS Code server ended at once; see ${log}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await sleep(100);
  }
  await server.stop();
  throw new Error(`The VS Code server did not answer in ${startupLimitMs / 1000} s; see ${log}`);
}
