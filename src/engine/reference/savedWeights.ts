import path from 'node:path';
import { checkExternalFiles } from '../../library/externalFiles';
import { RereadFile } from '../../library/fileSource';
import { readJsonIfAny } from '../../library/files';
import { findSavedWeights, SAVED_WHOLE } from '../../library/savedWeights';
import { constantTensors } from '../../onnx/outline/storedWeights';
import { Failure } from '../../shared/failure';
import type { WeightsCheck } from '../../shared/verification';
import { readSafetensors } from '../../weights/safetensors';
import {
  compareSavedWeights,
  type GraphWeights,
  type SavedWeights,
} from '../../weights/savedWeights';
import { readShardIndex, readShards } from '../../weights/shards';
import { TensorReader } from '../../weights/tensorReader';
import type { ModelGraph } from '../modelGraph';
import { tracedGraphs, type OpenModel } from '../openModel';

/**
 * Holds the weights of a model's graphs against those that `transformers` saved, where these lie in the
 * folder of the model or in that of a graph.
 * @throws the signal's reason.
 */
export async function checkSavedWeights(
  model: OpenModel,
  signal: AbortSignal,
): Promise<WeightsCheck> {
  try {
    const found = await findSaved(model);
    if (found === undefined) {
      return { kind: 'absent' };
    }
    const later = model.architecture === 'encoder-decoder' ? model.decoderWithPast : undefined;
    const graphs = [...tracedGraphs(model), ...(later === undefined ? [] : [later.graph])];
    const files = await Promise.all(graphs.map(weightsOf));
    const { folder } = model.folder;
    return {
      kind: 'compared',
      file: path.relative(folder, found).split(path.sep).join('/'),
      ...(await compareSavedWeights(files, await openSaved(found), signal)),
    };
  } catch (error) {
    if (error instanceof Failure) {
      return { kind: 'unreadable', why: error.data };
    }
    throw error;
  }
}

async function weightsOf(graph: ModelGraph): Promise<GraphWeights> {
  return { ...(await graph.parameters()), constants: constantTensors(graph.onnx) };
}

/** The file that holds the weights or tells where they are; undefined where there is none. */
function findSaved(model: OpenModel): Promise<string | undefined> {
  const { folder } = model.folder;
  const folders = tracedGraphs(model).map(({ file }) => path.dirname(path.join(folder, file)));
  return findSavedWeights(new Set([folder, ...folders]));
}

async function openSaved(file: string): Promise<SavedWeights> {
  const name = path.basename(file);
  const source = await RereadFile.find(file);
  const shards = new Map<string, Promise<RereadFile>>();
  const open = (location: string): Promise<RereadFile> => {
    const shard = shards.get(location) ?? findShard(file, location);
    shards.set(location, shard);
    return shard;
  };
  const reader = new TensorReader({ source, file: name, open });
  if (name === SAVED_WHOLE) {
    return { tensors: (await readSafetensors(source, name)).tensors, reader };
  }
  const index = readShardIndex(await readJsonIfAny(file), name);
  return { tensors: await readShards(index, open), reader };
}

async function findShard(index: string, location: string): Promise<RereadFile> {
  await checkExternalFiles(index, [{ location, bytes: 0 }]);
  return RereadFile.find(path.join(path.dirname(index), location));
}
