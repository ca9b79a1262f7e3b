import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { noOutcomes } from '../../../fuzz/child';
import { examine } from '../../../fuzz/examine';
import { Round } from '../../../fuzz/round';
import { fixture } from '../../../support/onnx/fixtures';
import { block, head, int } from '../../../support/onnx/protobuf';

/** `npm run fuzz` examines more of them, in a process of their own. */
const FILES = 3000;

suite('onnx, given damaged files', () => {
  for (const name of ['parts.onnx', 'branches.onnx']) {
    test(`${name} cut at any byte is refused or read`, async () => {
      const whole = fixture(name);
      let refused = 0;
      for (let length = 0; length < whole.length; length++) {
        refused += (await examine(whole.subarray(0, length), 'onnx')) === 'refused' ? 1 : 0;
      }
      // Only between the last fields of the model may a cut go unnoticed.
      assert.ok(refused >= whole.length - 4, `${whole.length - refused} cuts went unnoticed`);
    });
  }

  test('a choice within a choice is described as deep as messages may go, and refused beyond', async () => {
    for (const [depth, outcome] of [
      [1, 'described'],
      [30, 'described'],
      [40, 'refused'],
      [10_000, 'refused'],
    ] as const) {
      assert.equal(await examine(choices(depth), 'onnx'), outcome, String(depth));
    }
  });

  test(`${FILES} files damaged at random are refused or read`, async () => {
    const round = new Round(1);
    const outcomes = noOutcomes();
    for (let index = 0; index < FILES; index++) {
      const { bytes, format, changes } = round.mutant(index);
      try {
        outcomes[await examine(bytes, format)]++;
      } catch (cause) {
        throw new Error(`file ${index} breaks the reader: ${changes.join(', ')}`, { cause });
      }
    }
    assert.ok(Math.min(...Object.values(outcomes)) > 5, JSON.stringify(outcomes));
  }).timeout(120_000);
});

/** A model of one `If`, in whose branches are others, so many in all. */
function choices(depth: number): Uint8Array {
  // From the innermost one outwards, as a list of heads before it: copying would take depth².
  const tail = block(2, 'y');
  const before: Uint8Array[] = [];
  let length = tail.length;
  const around = (...fields: Uint8Array[]): void => {
    before.push(...fields);
    length += fields.reduce((sum, field) => sum + field.length, 0);
  };
  for (let level = 0; level < depth; level++) {
    around(head(1, length));
    around(head(6, length));
    around(block(1, 'then_branch'));
    around(head(5, length));
    around(block(4, 'If'));
  }
  return Buffer.concat([
    int(1, 8),
    head(7, length + head(1, length).length),
    head(1, length),
    ...before.reverse(),
    tail,
    block(8, int(2, 17)),
  ]);
}
