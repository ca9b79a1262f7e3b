import { stat } from 'node:fs/promises';
import { findModelFolder } from '../../library/findModelFolder';
import { givenPath } from '../../library/givenPath';
import { findGraphs } from '../../library/modelFolder';
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
    return { path: target, first, repeated: [], areSeparate: false };
  }
  const folder = await findModelFolder(target);
  const graphs = await findGraphs(folder, int8ProductsSaturate);
  const { first, repeated } = graphFiles(graphs);
  const areSeparate = first.length > 1 && graphs.architecture === undefined && !graphs.areOneModel;
  return { path: folder, first, repeated, areSeparate };
}
