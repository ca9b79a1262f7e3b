import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { seededRandom } from '../../../../src/engine/generation/random';

suite('engine/generation/random', () => {
  test('mixes like MurmurHash3', () => {
    // The hash of no bytes is the finaliser of its seed; these are published for seeds 1 and 2^32 − 1.
    const increment = 0x9e3779b9;
    assert.equal(seededRandom(1 - increment)() * 2 ** 32, 0x514e28b7);
    assert.equal(seededRandom(0xffff_ffff - increment)() * 2 ** 32, 0x81f16f39);
  });

  test('a seed gives its own sequence, and the same one again', () => {
    const sequence = (seed: number): number[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 8 }, () => random());
    };
    assert.deepEqual(sequence(7), sequence(7));
    assert.notDeepEqual(sequence(7), sequence(8));
  });

  test('draws are uniform in [0, 1)', () => {
    const random = seededRandom(1);
    const bins = new Array<number>(64).fill(0);
    const count = 64_000;
    for (let i = 0; i < count; i++) {
      const draw = random();
      assert.ok(draw >= 0 && draw < 1);
      const bin = Math.floor(draw * bins.length);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const each = count / bins.length;
    const chiSquared = bins.reduce((sum, bin) => sum + (bin - each) ** 2 / each, 0);
    // 63 degrees of freedom: 103.4 is exceeded once in a thousand.
    assert.ok(chiSquared < 103.4, `χ² = ${chiSquared}`);
  });
});
