import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { inEnglish } from '../../../src/shared/failure';
import { rejection } from '../../support/failures';
import { openFamily } from '../../support/reference/families';

suite('reference Transformer, logits of one position of each text', () => {
  const ids = [
    [5, 17, 4, 9],
    [9, 2, 30, 11],
  ];

  for (const family of ['bert', 'gpt2', 'albert']) {
    test(`${family}: they are those of the whole run`, async () => {
      const model = await openFamily(family);
      const whole = await model.run({ ids });
      const { logits } = await model.run({ ids }, { logitsAt: [3, 1] });
      const vocabulary = whole.logits.dims[2] ?? 0;
      assert.deepEqual(logits.dims, [2, 1, vocabulary]);
      for (const [text, row] of [
        [0, 3],
        [1, 4 + 1],
      ] as const) {
        logits.data
          .subarray(text * vocabulary, (text + 1) * vocabulary)
          .forEach((value, id) =>
            assert.ok(Math.abs(value - (whole.logits.data[row * vocabulary + id] ?? NaN)) < 1e-5),
          );
      }
    });
  }

  test('a position that is none, or too few of them, are refused', async () => {
    const model = await openFamily('bert');
    for (const [logitsAt, what] of [
      [[3, 4], /4 tokens has no position 4/],
      [[0], /1 positions for 2 texts/],
    ] as const) {
      const failure = await rejection(() => model.run({ ids }, { logitsAt }));
      assert.equal(failure.kind, 'input');
      assert.match(inEnglish(failure.what), what);
    }
  });
});
