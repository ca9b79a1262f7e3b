import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readObjectIfAny } from '../../library/files';
import { findModelFolder } from '../../library/findModelFolder';
import { givenPath } from '../../library/givenPath';
import { findGraphs } from '../../library/modelFolder';
import { Failure } from '../../shared/failure';
import type { UnreadFile } from '../../shared/modelOutline';
import { int8ProductsSaturate } from '../runtime/int8Products';
import { graphFiles, roleInFolder, type GraphFile } from './graphRole';

/** The graphs that a path stands for. */
export interface ModelFiles {
  /** The file, or the folder of the model. */
  path: string;
  /** In the order in which they run. */
  first: GraphFile[];
  /** Those with layers that one of the first has, too. */
  repeated: GraphFile[];
  /** Whether nothing says that they are of one model. */
  areSeparate: boolean;
  /** The config.json of their folder, where it is there and cannot be read. */
  unread: UnreadFile[];
}

/**
 * Finds the graphs of a model file, of a model folder, or of a folder with ONNX files of any kind.
 * @throws Failure `model` where there is none, or several models to choose from.
 */
export async function modelFiles(given: string): Promise<ModelFiles> {
  const target = givenPath(given);
  const isFolder = await stat(target).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    const role = await roleInFolder(target);
    const first = [{ file: target, ...(role === undefined ? {} : { role }) }];
    const unread = await unreadConfig(await findModelFolder(target));
    return { path: target, first, repeated: [], areSeparate: false, unread };
  }
  const folder = await findModelFolder(target);
  const graphs = await findGraphs(folder, int8ProductsSaturate);
  const { first, repeated } = graphFiles(graphs);
  const areSeparate = first.length > 1 && graphs.architecture === undefined && !graphs.areOneModel;
  return { path: folder, first, repeated, areSeparate, unread: await unreadConfig(folder) };
}

/** Graphs can be described without it, so that it is told beside them. */
async function unreadConfig(folder: string): Promise<UnreadFile[]> {
  const file = path.join(folder, 'config.json');
  try {
    await readObjectIfAny(file);
    return [];
  } catch (error) {
    if (error instanceof Failure) {
      return [{ file, failure: error.data }];
    }
    throw error;
  }
}
