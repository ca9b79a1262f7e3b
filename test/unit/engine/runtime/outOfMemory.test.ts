import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { outOfMemory } from '../../../../src/engine/runtime/outOfMemory';
import { openSession } from '../../../../src/engine/runtime/session';
import { rejection } from '../../../support/failures';
import { block, int, model } from '../../../support/onnx/protobuf';

const FLOAT = 1;
const INT64 = 7;

suite('engine/runtime/outOfMemory', () => {
  test('a run that ONNX Runtime has no memory for: the failure says so, and how much it was', async () => {
    const bytes = model(
      block(1, block(1, 'shape'), block(2, 'zeros'), block(4, 'ConstantOfShape')),
      block(2, 'large'),
      block(
        11,
        block(1, 'shape'),
        block(2, block(1, int(1, INT64), block(2, block(1, int(1, 1))))),
      ),
      block(12, block(1, 'zeros'), block(2, block(1, int(1, FLOAT)))),
    );
    const session = await openSession({ bytes, folder: '' }, 'large.onnx');
    const shape = { type: 'int64' as const, data: BigInt64Array.of(2n ** 50n), dims: [1] };
    const failure = await rejection(() => session.run(new Map([['shape', shape]]), ['zeros']));
    assert.equal(
      failure.message,
      'There is not enough memory: the model asked for 4503599627370496 more bytes (large.onnx): ' +
        'close other programs, or use a shorter text or a smaller model',
    );
    await session.dispose();
  });

  test('loading: no text is to blame', () => {
    for (const message of ['std::bad_alloc', 'bad allocation', 'Array buffer allocation failed']) {
      assert.equal(
        outOfMemory(new Error(message), 'model.onnx', 'load')?.message,
        'There is not enough memory for the model (model.onnx): ' +
          'close other programs, or use a smaller model or one with quantized weights',
      );
    }
  });

  test('errors about something else are none of it', () => {
    for (const message of ['Failed to get allocator for location', 'memory pattern is disabled']) {
      assert.equal(outOfMemory(new Error(message), '', 'run'), undefined);
    }
  });
});
