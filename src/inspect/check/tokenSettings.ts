import type { CheckedFolder } from './rule';

/** Ids of tokens that a setting of `generate` names, and the file that says so. */
export interface TokenSetting {
  name: string;
  ids: readonly number[];
  /** Absolute path. */
  file: string;
}

/**
 * A setting that names tokens, by one id or several. Negative ids, usually −1, stand for none, and so
 * does null.
 * @returns undefined where there is none, or where it holds something else.
 */
export function tokenSetting(folder: CheckedFolder, name: string): TokenSetting | undefined {
  const ids = [folder.settings[name]]
    .flat()
    .filter((id): id is number => typeof id === 'number' && Number.isSafeInteger(id) && id >= 0);
  return ids.length === 0 ? undefined : { name, ids, file: fileOf(folder, name) };
}

/** The file that a setting is from. */
export function fileOf({ generation, folder }: CheckedFolder, name: string): string {
  const own = generation?.[name];
  return inFolder(
    folder,
    own === undefined || own === null ? 'config.json' : 'generation_config.json',
  );
}

/** Path of a file of a folder, with the slashes that the folder has. */
export function inFolder(folder: string, name: string): string {
  const slash = /^[A-Za-z]:\\|^\\\\/.test(folder) ? '\\' : '/';
  return [folder, ...name.split('/')].join(slash);
}
