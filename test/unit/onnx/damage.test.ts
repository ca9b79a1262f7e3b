import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { findAttentionTaps } from '../../../src/onnx/attentionSites';
import { externalLocations } from '../../../src/onnx/externalData';
import { readOnnx } from '../../../src/onnx/readModel';
import { tappedModel } from '../../../src/onnx/tap';
import { Failure } from '../../../src/shared/failure';
import { fixture, MemorySource } from './fixtures';

/** How much more than itself a file may make the reader fetch, in windows that overlap. */
const REREADS = 4;

suite('onnx, given files damaged at random', () => {
  for (const name of ['parts.onnx', 'branches.onnx']) {
    test(`${name} cut at any byte is refused or read`, async () => {
      const whole = fixture(name);
      const outcomes = { read: 0, refused: 0 };
      for (let length = 0; length < whole.length; length++) {
        outcomes[await survive(whole.subarray(0, length))]++;
      }
      // Only between the last fields of the model may a cut go unnoticed.
      assert.ok(outcomes.read <= 4, `${outcomes.read} cuts went unnoticed`);
      assert.ok(outcomes.refused >= whole.length - 4);
    });
  }

  for (const { name, count } of [
    { name: 'parts.onnx', count: 3000 },
    { name: 'branches.onnx', count: 3000 },
    { name: 'gpt2-eager.onnx', count: 60 },
    { name: 'llama-sdpa-dynamo.onnx', count: 60 },
  ]) {
    test(`${name} with changed bytes is refused or read`, async () => {
      const whole = fixture(name);
      const random = generator(whole.length);
      const outcomes = { read: 0, refused: 0 };
      for (let round = 0; round < count; round++) {
        outcomes[await survive(mutate(whole, random))]++;
      }
      assert.ok(outcomes.read > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
    });
  }
});

/** Does with a file all that is done with models; anything but a Failure is a mistake of ours. */
async function survive(bytes: Uint8Array): Promise<'read' | 'refused'> {
  const source = new MemorySource(bytes);
  try {
    const model = await readOnnx(source, 'test.onnx');
    externalLocations(model);
    const taps = findAttentionTaps(model, 'test.onnx');
    const read = source.bytesRead;
    const extended = await readOnnx(
      new MemorySource(await tappedModel(source, 'test.onnx', model, taps)),
      'test.onnx',
    );
    source.bytesRead = read;
    const outputs = new Set(extended.graph.outputs.map(({ name }) => name));
    assert.ok(taps.every(({ value }) => outputs.has(value)));
    return 'read';
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw new Error(`a file of ${bytes.length} bytes breaks the reader`, { cause: error });
    }
    // A graph without attention to tap was read all the same.
    return error.kind === 'unsupported' ? 'read' : 'refused';
  } finally {
    assert.ok(source.bytesRead <= REREADS * bytes.length, `${source.bytesRead} bytes were read`);
  }
}

/** A copy with one to four changes: bits flipped, bytes replaced, taken out or doubled. */
function mutate(whole: Uint8Array, random: () => number): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(whole);
  for (let changes = 1 + Math.floor(4 * random()); changes > 0; changes--) {
    const at = Math.floor(random() * bytes.length);
    const end = Math.min(bytes.length, at + 1 + Math.floor(random() * 8));
    const value = bytes[at] ?? 0;
    switch (Math.floor(random() * 5)) {
      case 0:
        bytes[at] = value ^ (1 << Math.floor(random() * 8));
        break;
      case 1:
        bytes[at] = Math.floor(random() * 256);
        break;
      case 2:
        bytes.fill(0xff, at, end);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    }
  }
  return bytes;
}

/** Uniform numbers from 0 to 1, the same for the same seed (Park and Miller 1988). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
