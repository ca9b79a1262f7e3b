import { mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './temporary';

/** The places that a program may think it can write to, by the variable that names each. */
const PLACES = {
  HOME: 'home',
  XDG_CACHE_HOME: 'cache',
  XDG_CONFIG_HOME: 'config',
  XDG_DATA_HOME: 'data',
  XDG_STATE_HOME: 'state',
  XDG_RUNTIME_DIR: 'runtime',
  TMPDIR: 'temporary',
  USERPROFILE: 'home',
  APPDATA: 'config',
  LOCALAPPDATA: 'data',
  TEMP: 'temporary',
  TMP: 'temporary',
};

/** A user for whom every place that a program may write to is empty, and nothing is switched off. */
export interface FreshUser {
  /** How to start a program as this user, in an empty folder. */
  options: { env: NodeJS.ProcessEnv; cwd: string };
  /** The files that were written, relative to the folder of all those places. */
  written(): string[];
}

export function freshUser(): FreshUser {
  const folder = temporaryFolder();
  const env: NodeJS.ProcessEnv = { ...process.env };
  // What the tests' own process was started with must not do Headlight's work.
  delete env['ORT_DISABLE_TELEMETRY'];
  for (const [name, place] of Object.entries(PLACES)) {
    env[name] = path.join(folder, place);
    mkdirSync(env[name], { recursive: true });
  }
  const cwd = path.join(folder, 'work');
  mkdirSync(cwd);
  return {
    options: { env, cwd },
    written: () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
        (name) => !statSync(path.join(folder, name)).isDirectory(),
      ),
  };
}
