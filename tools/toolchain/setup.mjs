// A real VS Code server, the Node that it wants, and a browser, all from npm unless they are here.
// node tools/toolchain/setup.mjs installs what is missing; scripts/ does so by itself.
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installFromLock } from '../install.mjs';
import { run } from '../processes.mjs';
import { fontConfiguration, unpackFonts } from './fonts.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, 'node_modules');
const cache = path.join(here, '.cache');
const unpacked = path.join(cache, 'chromium');
const vscode = path.join(modules, 'code-server/lib/vscode');

/** The major version of Node that the VS Code server is made for. */
const serverNode = 24;

/** Chromium and its kin where operating systems keep them. */
const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * @typedef {object} Browser
 * @property {string} executable
 * @property {NodeJS.ProcessEnv} env the environment that it needs
 */

/** Installs the VS Code server. What is installed already stays. */
export async function setUpServer() {
  await installFromLock(here, 'package-lock.json');
  // code-server's own install script would do this and then compile native modules. The one of them
  // that matters here writes the logs.
  await installFromLock(vscode, 'npm-shrinkwrap.json', ['--omit=dev', '--legacy-peer-deps']);
  const logger = path.join(vscode, 'node_modules/@vscode/spdlog');
  if (!existsSync(path.join(logger, 'build'))) {
    cpSync(path.join(here, 'spdlog.cjs'), path.join(logger, 'index.js'));
  }
}

/**
 * Finds a Chromium: `E2E_CHROMIUM`, the system's, or, where there is none or `E2E_NPM_CHROMIUM` is
 * set, the one from npm, with the libraries that it needs. On Linux it gets fonts for Chinese and
 * emoji, which servers lack.
 *
 * @returns {Promise<Browser>}
 */
export async function setUpBrowser() {
  const found = process.env.E2E_CHROMIUM ?? systemBrowser();
  if (found !== undefined) {
    if (process.platform !== 'linux') return { executable: found, env: process.env };
    await installFromLock(here, 'package-lock.json');
    return { executable: found, env: { ...process.env, ...(await fonts({ system: true })) } };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium or Chrome was found. Name one with E2E_CHROMIUM=/path/to/chrome.');
  }
  await unpackBrowser();
  return {
    executable: path.join(unpacked, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: path.join(unpacked, 'al2023/lib'),
      // The configuration in the package names folders of the cloud that it was made for.
      ...(await fonts({ folders: [path.join(unpacked, 'fonts'), '/usr/share/fonts'] })),
    },
  };
}

/** @returns {string | undefined} */
function systemBrowser() {
  if (process.env.E2E_NPM_CHROMIUM !== undefined) return undefined;
  return systemBrowsers.find((executable) => existsSync(executable));
}

/**
 * What tells a browser on Linux of its fonts.
 *
 * @param {{ folders?: string[], system?: boolean }} choice see fontConfiguration
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function fonts({ folders = [], system }) {
  const ours = await unpackFonts(modules, cache);
  const file = path.join(cache, 'fonts.conf');
  writeFileSync(file, fontConfiguration({ folders: [...folders, ours], system, cache }));
  return { FONTCONFIG_FILE: file };
}

/** The VS Code server's entry. */
export const serverMain = path.join(vscode, 'out/server-main.js');

/** @returns {string} a Node that runs the VS Code server */
export function serverRuntime() {
  const own = path.join(modules, `node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(own)) return own;
  if (Number.parseInt(process.versions.node, 10) === serverNode) return process.execPath;
  throw new Error(
    `The VS Code server needs Node ${serverNode} on ${process.platform}-${process.arch}, ` +
      `and this is Node ${process.versions.node}. Run the same command with Node ${serverNode}.`,
  );
}

async function unpackBrowser() {
  await installFromLock(here, 'package-lock.json');
  if (existsSync(unpacked)) return;
  console.log('Unpacking Chromium …');
  const staging = path.join(cache, `unpacking-${process.pid}`);
  mkdirSync(staging, { recursive: true });
  const status = await run(process.execPath, [path.join(here, 'unpackChromium.mjs')], {
    // The package unpacks into the folder for temporary files.
    env: { ...process.env, TMPDIR: staging },
  });
  if (status !== 0) throw new Error(`Chromium could not be unpacked into ${staging}.`);
  // A folder that has its final name is complete, whatever interrupts this.
  if (existsSync(unpacked)) rmSync(staging, { recursive: true });
  else renameSync(staging, unpacked);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await setUpServer();
  const { executable } = await setUpBrowser();
  console.log(`VS Code server: ${serverMain}\nBrowser: ${executable}`);
}
