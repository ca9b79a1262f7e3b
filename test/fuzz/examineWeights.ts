import { safetensorsTensors } from '../../src/inspect/tensors/savedTensors';
import { readSafetensors } from '../../src/weights/safetensors';
import { stateDictParameters } from '../../src/weights/parameterStore';
import { readShardIndex, readShards } from '../../src/weights/shards';
import { TensorParts } from '../../src/weights/tensorParts';
import { TensorReader } from '../../src/weights/tensorReader';
import { MemorySource } from '../support/onnx/fixtures';
import type { Outcome } from './examine';
import { examineTensors } from './examineTensors';
import { readSome, unlessRefused } from './properties';

const NAME = 'fuzzed.safetensors';

/** Reads a safetensors file and parameters of it. */
export async function examineSafetensors(bytes: Uint8Array): Promise<Outcome> {
  const source = new MemorySource(bytes);
  const header = await unlessRefused(() => readSafetensors(source, NAME));
  if (header === undefined) {
    return 'refused';
  }
  const reader = new TensorReader({ source, file: NAME, open: empty });
  await examineTensors(safetensorsTensors(NAME, header), new TensorParts(reader));
  return (await readSome(stateDictParameters(header.tensors, reader))) ? 'weights' : 'described';
}

/** Reads an index of safetensors files, none of which is there. */
export async function examineIndex(bytes: Uint8Array): Promise<Outcome> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return 'refused';
  }
  const index = await unlessRefused(() => readShardIndex(json, NAME));
  if (index !== undefined) {
    await unlessRefused(() => readShards(index, empty));
  }
  return index === undefined ? 'refused' : 'described';
}

/** Another file, with nothing in it. */
function empty(): Promise<MemorySource> {
  return Promise.resolve(new MemorySource(new Uint8Array(0)));
}
