import { stat } from 'node:fs/promises';
import { findModelFolder } from '../../library/findModelFolder';
import { givenPath } from '../../library/givenPath';
import { findGraphs } from '../../library/modelFolder';
import { int8ProductsSaturate } from '../runtime/int8Products';
import { graphFiles, roleInFolder, type GraphFile } from './graphRole';

/** The files that a path names. */
export type InspectedFiles =
  | { kind: 'file'; file: GraphFile }
  /** Those of one model; `repeated` have the same layers as some of `first`. */
  | { kind: 'model'; folder: string; first: GraphFile[]; repeated: GraphFile[] }
  /** Files of a folder that nothing says to be of one model. */
  | { kind: 'separate'; files: GraphFile[] };

/**
 * Finds what a path names: a model file, or those of a model folder.
 * @throws Failure `model` where a folder has no model in it
 */
export async function inspectedFiles(given: string): Promise<InspectedFiles> {
  const target = givenPath(given);
  const isFolder = await stat(target).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    const role = await roleInFolder(target);
    return { kind: 'file', file: { file: target, ...(role === undefined ? {} : { role }) } };
  }
  const folder = await findModelFolder(target);
  const graphs = await findGraphs(folder, int8ProductsSaturate);
  const { first, repeated } = graphFiles(graphs);
  return first.length > 1 && graphs.architecture === undefined && !graphs.areOneModel
    ? { kind: 'separate', files: first }
    : { kind: 'model', folder, first, repeated };
}
