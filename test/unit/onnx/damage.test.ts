import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { examine } from '../../fuzz/examine';
import { Round } from '../../fuzz/round';
import { fixture } from './fixtures';

/** `npm run fuzz` examines more of them, in a process of their own. */
const FILES = 3000;

suite('onnx, given damaged files', () => {
  for (const name of ['parts.onnx', 'branches.onnx']) {
    test(`${name} cut at any byte is refused or read`, async () => {
      const whole = fixture(name);
      let refused = 0;
      for (let length = 0; length < whole.length; length++) {
        refused += (await examine(whole.subarray(0, length))) === 'refused' ? 1 : 0;
      }
      // Only between the last fields of the model may a cut go unnoticed.
      assert.ok(refused >= whole.length - 4, `${whole.length - refused} cuts went unnoticed`);
    });
  }

  test(`${FILES} files damaged at random are refused or read`, async () => {
    const round = new Round(1);
    const outcomes = { tapped: 0, described: 0, refused: 0 };
    for (let index = 0; index < FILES; index++) {
      const { bytes, changes } = round.mutant(index);
      try {
        outcomes[await examine(bytes)]++;
      } catch (cause) {
        throw new Error(`file ${index} breaks the reader: ${changes.join(', ')}`, { cause });
      }
    }
    assert.ok(Math.min(...Object.values(outcomes)) > 20, JSON.stringify(outcomes));
  }).timeout(60_000);
});
