import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { ModelGraph } from '../../../src/engine/modelGraph';
import { openSession } from '../../../src/engine/runtime/session';
import { inspect } from '../../../src/engine/tasks/inspect';
import { Failure } from '../../../src/shared/failure';
import { writtenFolder } from '../../support/library/writtenFolder';
import { wireCases } from '../../support/onnx/wireCases';

/** A path as long as that in the fixtures, so that it can stand in its place. */
const INSIDE = 'w.bin';
const OUTSIDE = '../wb';

suite('engine: no file outside the folder of a model is read', () => {
  for (const { name, model, runtime } of wireCases()) {
    if (runtime !== 'external') {
      continue;
    }
    test(name, async () => {
      const folder = writtenFolder({
        'model/model.onnx': withPath(model, OUTSIDE),
        wb: Buffer.alloc(64),
      });
      const file = path.join(folder, 'model', 'model.onnx');
      const weights = { file, relative: 'model.onnx' };
      await assert.rejects(ModelGraph.open(weights, 'encoder-only'), isRefused);
      await assert.rejects(inspect(file), isRefused);
    });
  }

  test('a graph in memory is never taken for ONNX Runtime’s own format, which nobody checks', async () => {
    const { model = new Uint8Array(0) } =
      wireCases().find(({ name }) => name === 'data_location 0') ?? {};
    // A field that ONNX has not, with the mark of that format where it looks for it.
    const disguise = Buffer.concat([Buffer.from([0x7a, 6, 0, 0]), Buffer.from('ORTM')]);
    const bytes = Buffer.concat([disguise, model]);
    const session = await openSession({ bytes, folder: writtenFolder() }, 'model.onnx');
    const outputs = await session.run(new Map(), ['y']);
    assert.deepEqual([...(outputs.get('y')?.data ?? [])], [1]);
    await session.dispose();
  });
});

function withPath(model: Uint8Array, location: string): Uint8Array {
  const bytes = Buffer.from(model);
  for (let at = bytes.indexOf(INSIDE); at >= 0; at = bytes.indexOf(INSIDE, at)) {
    bytes.write(location, at);
  }
  return bytes;
}

function isRefused(error: unknown): boolean {
  assert.ok(error instanceof Failure);
  assert.equal(error.kind, 'model');
  assert.match(error.message, /outside its own folder|no valid|given twice|not its own/);
  return true;
}
