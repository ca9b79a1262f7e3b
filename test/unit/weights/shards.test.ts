import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { WEIGHT_LIMITS } from '../../../src/weights/limits';
import { stateDictParameters } from '../../../src/weights/parameterStore';
import { readShardIndex, readShards } from '../../../src/weights/shards';
import { failure, rejection } from '../../support/failures';
import { MemorySource } from '../../support/onnx/fixtures';
import { families, fixture, inMemory, openStateDict, readerOf } from '../../support/weights/files';

const INDEX = 'model.safetensors.index.json';

suite('weights/shards', () => {
  test('a model in several files equals the one in a single file', async () => {
    const file = fixture('sharded', INDEX);
    const index = readShardIndex(JSON.parse(readFileSync(file, 'utf8')), file);
    const opened: string[] = [];
    const tensors = await readShards(index, (location) => {
      opened.push(location);
      return Promise.resolve(inMemory(fixture('sharded', location)));
    });
    assert.equal(opened.length, 2, 'each shard is opened once');
    const sharded = stateDictParameters(
      tensors,
      readerOf(new MemorySource(new Uint8Array(0)), file),
    );
    const source = await openStateDict(path.join(families, 'bert/model.safetensors'));
    const single = stateDictParameters(source.tensors, source.reader);
    const names = [...single.shapes.keys()];
    assert.deepEqual([...sharded.shapes.keys()].sort(), names.sort());
    for (const name of names) {
      assert.deepEqual(sharded.shapes.get(name), single.shapes.get(name), name);
      assert.deepEqual(await sharded.read(name, false), await single.read(name, false), name);
    }
    const error = await rejection(() => sharded.read('no.such.weight', false));
    assert.deepEqual(error.what.args, ['no.such.weight']);
  });

  const indexes: Record<string, unknown> = {
    'is no object': 7,
    'is null': null,
    'has no map': { metadata: {} },
    'has a list for a map': { weight_map: [] },
    'has a number for a file': { weight_map: { w: 1 } },
    'leads out of the folder': { weight_map: { w: '../w.safetensors' } },
    'has an absolute path': { weight_map: { w: '/w.safetensors' } },
    'has a path of another system': { weight_map: { w: 'a\\..\\..\\w.safetensors' } },
  };
  for (const [what, json] of Object.entries(indexes)) {
    test(`refuses an index that ${what}`, () => {
      assert.equal(failure(() => readShardIndex(json, INDEX)).kind, 'model');
    });
  }

  test('refuses an index of too many tensors', () => {
    const json = { weight_map: { a: 'x.safetensors', b: 'x.safetensors' } };
    const limits = { ...WEIGHT_LIMITS, tensors: 1 };
    assert.ok(failure(() => readShardIndex(json, INDEX, limits)).what.args.includes('tensors'));
  });

  test('names the tensor that a shard lacks', async () => {
    const [shard] = ['model-00001-of-00002.safetensors'];
    const index = readShardIndex({ weight_map: { 'no.such.weight': shard } }, INDEX);
    const error = await rejection(() =>
      readShards(index, (location) => Promise.resolve(inMemory(fixture('sharded', location)))),
    );
    assert.equal(error.where, shard);
    assert.deepEqual(error.what.args, ['no.such.weight']);
  });
});
