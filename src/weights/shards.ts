import { safeLocation } from '../onnx/graph/externalData';
import type { ByteSource, TensorRef } from '../onnx/graph/model';
import { phrase } from '../shared/failure';
import { WEIGHT_LIMITS, type WeightLimits } from './limits';
import { beyondWeightLimit, malformedWeights } from './malformed';
import { readSafetensors, type StateDict } from './safetensors';

/** Which file of a sharded model each tensor is in: locations by name of the tensor. */
export type ShardIndex = ReadonlyMap<string, string>;

/**
 * Checks the content of `model.safetensors.index.json`.
 * @param file What to call the index in error messages.
 * @throws Failure of kind `model` if it is malformed, or if a location leads out of the folder.
 */
export function readShardIndex(
  json: unknown,
  file: string,
  limits: WeightLimits = WEIGHT_LIMITS,
): ShardIndex {
  const map =
    typeof json === 'object' && json !== null && 'weight_map' in json ? json.weight_map : undefined;
  if (typeof map !== 'object' || map === null || Array.isArray(map)) {
    throw noMap(file);
  }
  const entries = Object.entries(map);
  if (entries.length > limits.tensors) {
    throw beyondWeightLimit('tensors', limits.tensors, file);
  }
  return new Map(
    entries.map(([name, location]: [string, unknown]) => {
      if (typeof location !== 'string') {
        throw noMap(file);
      }
      return [name, safeLocation(location, file)];
    }),
  );
}

/**
 * The tensors of a sharded model. Each shard is opened once and only its header read.
 * @param open Opens a shard by its location, which was checked as text; it must refuse what links
 *   lead out of the folder.
 * @throws Failure of kind `model` if a shard is malformed or lacks a tensor that the index promises.
 */
export async function readShards(
  index: ShardIndex,
  open: (location: string) => Promise<ByteSource>,
  limits: WeightLimits = WEIGHT_LIMITS,
): Promise<StateDict> {
  const shards = new Map<string, StateDict>();
  const tensors = new Map<string, TensorRef>();
  for (const [name, location] of index) {
    let shard = shards.get(location);
    if (shard === undefined) {
      shard = (await readSafetensors(await open(location), location, limits)).tensors;
      shards.set(location, shard);
    }
    const tensor = shard.get(name);
    if (tensor === undefined) {
      throw malformedWeights(
        phrase('Tensor “{0}” is not in the file that the index of the weights names', name),
        location,
      );
    }
    tensors.set(name, inFile(tensor, location));
  }
  return tensors;
}

/** The tensor of another file, as ONNX describes external data. */
function inFile(tensor: TensorRef, location: string): TensorRef {
  return tensor.data.kind === 'raw'
    ? { ...tensor, data: { kind: 'external', location, ...tensor.data.span } }
    : tensor;
}

function noMap(file: string): Error {
  return malformedWeights(
    phrase('The index of the weights does not say which tensor is in which file'),
    file,
  );
}
