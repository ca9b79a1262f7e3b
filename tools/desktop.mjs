import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run, start } from './processes.mjs';
import { root } from './root.mjs';

/** Where installers put the program itself, which is not the command `code`. */
const usualPlaces = {
  linux: [
    '/usr/share/code/code',
    '/usr/share/codium/codium',
    '/opt/visual-studio-code/code',
    '/snap/code/current/usr/share/code/code',
  ],
  darwin: ['/Applications', path.join(os.homedir(), 'Applications')].flatMap((folder) => [
    `${folder}/Visual Studio Code.app/Contents/MacOS/Code`,
    `${folder}/Visual Studio Code.app/Contents/MacOS/Electron`,
    `${folder}/VSCodium.app/Contents/MacOS/VSCodium`,
    `${folder}/VSCodium.app/Contents/MacOS/Electron`,
  ]),
  win32: [
    process.env.LOCALAPPDATA && `${process.env.LOCALAPPDATA}\\Programs`,
    process.env.ProgramFiles,
  ]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      `${folder}\\Microsoft VS Code\\Code.exe`,
      `${folder}\\VSCodium\\VSCodium.exe`,
    ]),
};

/**
 * Finds a desktop VS Code that can open a window here: the one that `VSCODE_EXECUTABLE` names, else
 * an installed one, else, on macOS and Windows, one that is downloaded into `.vscode-test/`.
 *
 * @param {{ seen: boolean }} options whether somebody is to see the window; a test needs nobody
 * @returns {Promise<string | undefined>} its executable; undefined where only a browser is left
 */
export async function findDesktop({ seen }) {
  const named = process.env.VSCODE_EXECUTABLE;
  if (named !== undefined) {
    if (!existsSync(named)) throw new Error(`VSCODE_EXECUTABLE names no file: ${named}`);
    return named;
  }
  const installed = [...besideCommands(), ...(usualPlaces[process.platform] ?? [])].find(
    (executable) => existsSync(executable),
  );
  if (process.platform === 'linux') return canShow(seen) ? installed : undefined;
  return installed ?? (await download());
}

/**
 * Installs a packaged extension for {@link startDesktop} with the same folder.
 *
 * @param {string} executable
 * @param {string} folder
 * @param {string} vsix
 */
export async function installOnDesktop(executable, folder, vsix) {
  const cli = commandOf(executable);
  mkdirSync(folder, { recursive: true });
  const log = path.join(folder, 'install.log');
  const options = [...profileOf(folder), '--install-extension', vsix, '--force'];
  const status = await run(cli, options, { log });
  if (status !== 0) throw new Error(`${vsix} could not be installed with ${cli}; see ${log}`);
}

/**
 * The command line of a desktop VS Code, which lies apart from the program that shows windows.
 *
 * @param {string} executable
 */
function commandOf(executable) {
  const folder = path.dirname(executable);
  const bin = {
    darwin: path.join(folder, '../Resources/app/bin'),
    win32: path.join(folder, 'bin'),
    linux: path.join(folder, 'bin'),
  }[process.platform];
  const suffix = process.platform === 'win32' ? '.cmd' : '';
  const candidates = ['code', 'codium', 'code-insiders'].map((name) =>
    path.join(bin, `${name}${suffix}`),
  );
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) throw new Error(`No command line was found for ${executable} in ${bin}`);
  return found;
}

/**
 * Starts a desktop VS Code with a profile of its own.
 *
 * @param {string} executable
 * @param {string} folder takes its user data and extensions
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, log?: string }} [options]
 */
export function startDesktop(executable, folder, args, options) {
  const profile = [
    ...profileOf(folder),
    '--disable-workspace-trust',
    '--skip-release-notes',
    '--skip-welcome',
  ];
  const display = onPath('xvfb-run');
  return lacksDisplay() && display !== undefined
    ? start(display, ['-a', executable, ...profile, ...args], options)
    : start(executable, [...profile, ...args], options);
}

/** @param {string} folder */
function profileOf(folder) {
  return [
    `--user-data-dir=${path.join(folder, 'user-data')}`,
    `--extensions-dir=${path.join(folder, 'extensions')}`,
    // Chromium refuses its sandbox to the administrator.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
}

/** @param {boolean} seen */
function canShow(seen) {
  return !lacksDisplay() || (!seen && onPath('xvfb-run') !== undefined);
}

function lacksDisplay() {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY;
}

/** On Linux the command is a script in `bin/` of the program's folder, mostly behind links. */
function besideCommands() {
  return ['code', 'codium'].flatMap((name) => {
    const command = onPath(name);
    if (command === undefined) return [];
    return [path.join(path.dirname(realpathSync(command)), '..', name)];
  });
}

/**
 * @param {string} name
 * @returns {string | undefined}
 */
export function onPath(name) {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
}

async function download() {
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  return downloadAndUnzipVSCode({
    version: 'stable',
    cachePath: path.join(root, '.vscode-test'),
  });
}
