import { findGraphs } from '../../library/modelFolder';
import { int8ProductsSaturate } from '../runtime/int8Products';
import { graphFiles, type GraphFile } from './graphRole';

/** The graphs of a folder, as they are described. */
export interface FolderContent {
  /** Those whose layers are counted, in the order in which they run. */
  first: GraphFile[];
  /** A decoder with a cache, which has the layers of the one without. */
  repeated: GraphFile[];
  /** Whether nothing says that they are of one model. */
  areApart: boolean;
}

/**
 * Finds the graphs of a folder that are described together, or one by one.
 * @throws Failure `model` when there is no graph, or config.json cannot be read
 */
export async function givenGraphs(folder: string): Promise<FolderContent> {
  const graphs = await findGraphs(folder, int8ProductsSaturate);
  const { first, repeated } = graphFiles(graphs);
  const areApart = first.length > 1 && graphs.architecture === undefined && !graphs.areOneModel;
  return { first, repeated, areApart };
}
