import { readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { byteSize } from '../../../../shared/byteSize';
import type { Counterpart } from '../../../../shared/inspector';
import { committed } from './gitRevision';
import { localCopy, localFile, type LocalFile } from './localCopy';

/** A model that another one can be compared with, and what brings it to this machine. */
export interface OpenableCounterpart {
  about: Counterpart;
  open: () => Promise<LocalFile>;
}

/** Files that are offered at most. */
const MOST = 12;

const FORMATS = /\.(onnx|safetensors|gguf)$/i;

/** What lies near a model file and may be another form of it: its last commit, and files beside it. */
export async function nearbyCounterparts(uri: vscode.Uri): Promise<OpenableCounterpart[]> {
  const revision = await committedCounterpart(uri);
  const files = await filesBeside(uri.fsPath);
  return [
    ...(revision === undefined ? [] : [revision]),
    ...(await Promise.all(files.map((file) => fileCounterpart(file, path.dirname(uri.fsPath))))),
  ];
}

/**
 * A file or folder as a counterpart.
 * @param near the folder that its path is told from, where it lies inside.
 */
export async function fileCounterpart(file: string, near: string): Promise<OpenableCounterpart> {
  const found = await stat(file).catch(() => undefined);
  const relative = path.relative(near, file);
  const isNear = !relative.startsWith('..') && !path.isAbsolute(relative);
  const place = isNear ? '' : path.dirname(file);
  const size = found?.isFile() === true ? byteSize(found.size, vscode.env.language) : '';
  return {
    about: {
      id: file,
      name: isNear ? relative : path.basename(file),
      description: [size, place].filter((part) => part !== '').join(' · '),
    },
    open: () => Promise.resolve(localFile(file)),
  };
}

async function committedCounterpart(uri: vscode.Uri): Promise<OpenableCounterpart | undefined> {
  const found = await committed(uri);
  return (
    found && {
      about: {
        id: found.uri.toString(),
        name: vscode.l10n.t('Last commit of {0}', path.basename(uri.fsPath)),
        description: found.commit,
      },
      open: () => localCopy(found.uri),
    }
  );
}

/** Model files in the same folder, those whose names begin alike first. */
async function filesBeside(file: string): Promise<string[]> {
  const folder = path.dirname(file);
  const own = path.basename(file);
  const names = await readdir(folder).catch((): string[] => []);
  return names
    .filter((name) => name !== own && FORMATS.test(name))
    .sort(
      (one, other) => sharedLength(other, own) - sharedLength(one, own) || (one < other ? -1 : 1),
    )
    .slice(0, MOST)
    .map((name) => path.join(folder, name));
}

/** How many characters two names have in common from their beginning. */
function sharedLength(one: string, other: string): number {
  const end = Array.from(one).findIndex((character, index) => character !== other[index]);
  return end < 0 ? one.length : end;
}
