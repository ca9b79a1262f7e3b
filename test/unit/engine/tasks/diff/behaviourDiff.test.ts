import { suite, suiteSetup, test } from 'mocha';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BehaviourDiff, ModelDiff } from '../../../../../src/shared/modelDiff';
import { readOnnx } from '../../../../../src/onnx/file/readModel';
import { listen, tinyEncoder, tinySeq2seq } from '../../../../support/engine/models';
import { MemorySource } from '../../../../support/onnx/fixtures';
import { root } from '../../../../support/root';
import { temporaryFolder } from '../../../../support/temporary';
import { context } from '../../../../support/tensors/call';

/** What `behaviour.py` writes. */
interface ExpectedPlace {
  divergence: number;
  a: { id: number; probability: number };
  b: { id: number; probability: number };
}
type Expected = Record<
  'headlight-complete' | 'headlight-fill-mask',
  { tensor: string; places: ExpectedPlace[] }
> & { text: string };

const expected = JSON.parse(
  readFileSync(path.join(root, 'test/fixtures/diff/behaviour.json'), 'utf8'),
) as Expected;

suite('engine/tasks/diff: what two models make of a text', () => {
  for (const name of ['headlight-complete', 'headlight-fill-mask'] as const) {
    suite(name, () => {
      let found: BehaviourDiff;
      suiteSetup(async function () {
        this.timeout(60_000);
        const file = path.join(root, 'models', name, 'onnx/model.onnx');
        found = await behaviour(file, await changed(file, expected[name].tensor), expected.text);
      });

      test('divergences and likeliest tokens are those of ONNX Runtime and NumPy', () => {
        const { places } = expected[name];
        assert.equal(found.places.length, places.length);
        found.places.forEach(({ divergence, top }, index) => {
          const wanted = places[index] as ExpectedPlace;
          assertClose(divergence, wanted.divergence, 1e-5);
          assert.deepEqual([top?.a.id, top?.b.id], [wanted.a.id, wanted.b.id]);
          assertClose(top?.a.probability.a ?? NaN, wanted.a.probability, 1e-5);
          assertClose(top?.b.probability.b ?? NaN, wanted.b.probability, 1e-5);
        });
      });

      test('it says how they were compared, and where attention moved', () => {
        assert.equal(found.way, name === 'headlight-complete' ? 'next' : 'masked');
        assert.equal(found.text, expected.text);
        assert.ok(!('lacking' in found.attention));
        const moved = found.attention.flatMap(({ heads }) => heads);
        assert.ok(moved.every((share) => share >= 0 && share <= 1));
        // The norm behind the last layer moves no attention; the one before the first layer moves all.
        const isMoved = moved.map((share) => share > 0);
        assert.ok(isMoved.every((each) => each === (name === 'headlight-fill-mask')));
      });
    });
  }

  test('the decoder of a translator reads what A writes', async () => {
    const folder = path.join(root, 'models/headlight-translate-en-zh');
    const found = await behaviour(folder, folder, 'The file is open.');
    assert.equal(found.way, 'next');
    assert.match(found.target ?? '', /文件/);
    assert.ok(found.places.every(({ divergence }) => divergence === 0));
    assert.ok(!('lacking' in found.attention));
    assert.ok(found.attention.some(({ site }) => site.includes('cross_attn')));
  });

  test('a model without a mask is compared by its vectors', async () => {
    const folder = tinyEncoder();
    const tokenizer = path.join(folder, 'tokenizer_config.json');
    writeFileSync(tokenizer, JSON.stringify({ tokenizer_class: 'PreTrainedTokenizerFast' }));
    const found = await diff(folder, folder, 'a b');
    assert.ok(found.behaviour);
  });

  test('what cannot be run is said, and the rest is told', async () => {
    const found = await diff(tinyEncoder(), tinySeq2seq('marian'), 'a');
    assert.ok(found.behaviour && 'lacking' in found.behaviour);
    assert.equal(found.differs, true);
  });

  test('nothing is run unless it is asked for', async () => {
    const file = path.join(root, 'models/headlight-complete/onnx/model.onnx');
    const found = await listen().engine.diff({ a: file, b: file }, context());
    assert.equal(found.behaviour, undefined);
  });
});

function diff(a: string, b: string, text: string): Promise<ModelDiff> {
  return Promise.resolve(listen().engine.diff({ a, b, run: { text } }, context()));
}

async function behaviour(a: string, b: string, text: string): Promise<BehaviourDiff> {
  const { behaviour: found } = await diff(a, b, text);
  assert.ok(found && !('lacking' in found), JSON.stringify(found));
  return found;
}

/** A copy of a model file, with the first half of a tensor a quarter larger. It lies in no model folder. */
async function changed(file: string, tensor: string): Promise<string> {
  const bytes = readFileSync(file);
  const { graph } = await readOnnx(new MemorySource(bytes), file);
  const found = graph.initializers.find(({ name }) => name === tensor);
  assert.ok(found?.data.kind === 'raw' && found.dtype === 'float32');
  const { offset, length } = found.data.span;
  for (let at = offset; at < offset + length / 2; at += 4) {
    bytes.writeFloatLE(Math.fround(bytes.readFloatLE(at) * 1.25), at);
  }
  const copy = path.join(temporaryFolder(), 'model.onnx');
  writeFileSync(copy, bytes);
  return copy;
}

function assertClose(actual: number, wanted: number, tolerance: number): void {
  assert.ok(Math.abs(actual - wanted) <= tolerance, `${actual} is not ${wanted}`);
}
