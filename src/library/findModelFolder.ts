import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure, phrase } from '../shared/failure';
import { namesIn, statIfAny } from './files';
import { givenPath } from './givenPath';

/**
 * The folder of a model, from what people give for it: the folder itself, one of its .onnx files, its
 * `onnx` folder, or a folder of the Hugging Face hub's cache, where a model lies in
 * `models--org--name/snapshots/<commit>` and `refs/main` tells the commit.
 * @returns an absolute path; what is none of these comes back as it is, for its reader to judge.
 * @throws Failure `model` when there are several models to choose from.
 */
export async function findModelFolder(given: string): Promise<string> {
  const found = givenPath(given);
  if ((await statIfAny(found))?.isFile() === true) {
    return found.endsWith('.onnx') ? folderOfGraph(path.dirname(found)) : found;
  }
  if (await has(found, 'config.json')) {
    return found;
  }
  if (path.basename(found) === 'onnx') {
    return folderOfGraph(found);
  }
  const { cache, models } = await cachedModels(found);
  const [only, ...others] = models;
  if (others.length > 0) {
    throw severalModels(cache, models);
  }
  if (only !== undefined) {
    return snapshotOf(path.join(cache, only));
  }
  const repository = path.basename(found) === 'snapshots' ? path.dirname(found) : found;
  return (await has(repository, 'snapshots')) ? snapshotOf(repository) : found;
}

/** What a folder is called, for people: the model's name where it lies in the hub's cache. */
export function modelFolderName(folder: string): string {
  const repository = folder.split(path.sep).findLast((part) => part.startsWith(REPOSITORY));
  return repository === undefined ? path.basename(folder) : nameOf(repository);
}

const REPOSITORY = 'models--';

/** Names that are listed at most. */
const LISTED = 8;

/** Graphs lie in the model's folder, or in its folder `onnx`. */
async function folderOfGraph(folder: string): Promise<string> {
  const parent = path.dirname(folder);
  const isInner = !(await has(folder, 'config.json')) && (await has(parent, 'config.json'));
  return isInner ? parent : folder;
}

/** The models of the cache's root folder, or of the folder above it. */
async function cachedModels(folder: string): Promise<{ cache: string; models: string[] }> {
  for (const cache of [folder, path.join(folder, 'hub')]) {
    const models = (await namesIn(cache)).filter((name) => name.startsWith(REPOSITORY)).sort();
    if (models.length > 0) {
      return { cache, models };
    }
  }
  return { cache: folder, models: [] };
}

async function snapshotOf(repository: string): Promise<string> {
  const snapshots = path.join(repository, 'snapshots');
  const commits = await namesIn(snapshots);
  const main = await readRef(path.join(repository, 'refs/main'));
  const [only, ...others] = commits;
  const commit = commits.find((name) => name === main) ?? (others.length === 0 ? only : undefined);
  if (commit === undefined) {
    throw noSnapshot(repository, commits);
  }
  return path.join(snapshots, commit);
}

async function readRef(file: string): Promise<string | undefined> {
  // A reference is a commit of 40 letters, so that anything larger is none.
  const size = (await statIfAny(file))?.size ?? Infinity;
  return size > 100 ? undefined : (await readFile(file, 'utf8')).trim();
}

async function has(folder: string, name: string): Promise<boolean> {
  return (await statIfAny(path.join(folder, name))) !== undefined;
}

/** `models--org--name` as `org/name`. */
function nameOf(repository: string): string {
  return repository.slice(REPOSITORY.length).split('--').join('/');
}

function severalModels(cache: string, models: readonly string[]): Failure {
  const names = models.slice(0, LISTED).map(nameOf).join(', ');
  return new Failure({
    kind: 'model',
    what: phrase(
      'The folder holds {0} models: {1}',
      models.length,
      models.length > LISTED ? `${names}, …` : names,
    ),
    where: cache,
    remedy: phrase('choose the folder of one of them, such as {0}', models[0] ?? ''),
  });
}

function noSnapshot(repository: string, commits: readonly string[]): Failure {
  return new Failure({
    kind: 'model',
    what:
      commits.length === 0
        ? phrase('The hub’s cache has no files of this model')
        : phrase(
            'The hub’s cache has {0} versions of this model, and none is called main',
            commits.length,
          ),
    where: repository,
    remedy:
      commits.length === 0
        ? phrase('download the model, or choose another folder')
        : phrase('choose one of the folders in its folder snapshots'),
  });
}
