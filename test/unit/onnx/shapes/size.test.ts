import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import {
  add,
  areDifferent,
  capped,
  dimensionOf,
  divideDown,
  divideProducts,
  isAtLeast,
  multiply,
  sameSize,
  sizeOf,
  subtract,
  uncapped,
  type Size,
} from '../../../../src/onnx/shapes/size';

suite('onnx/shapes/size', () => {
  const size = (text: string): Size => {
    const parsed = sizeOf(text);
    assert.ok(parsed !== null);
    return parsed;
  };

  const spelled: [string, Size | null, string | number | null][] = [
    ['a name stays', sizeOf('batch_size'), 'batch_size'],
    ['a sum in a name is one', subtract(sizeOf('past + now'), size('past')), 'now'],
    ['a product in a name is one', divideProducts([sizeOf('2*n')], [2]), 'n'],
    ['other names are taken whole', add(sizeOf('ceil(n / 2)'), 1), '(ceil(n / 2)) + 1'],
    ['a sum, in the order of the alphabet', add(sizeOf('now'), size('before')), 'before + now'],
    ['equal terms are counted', add(add(size('n'), size('n')), 3), '2*n + 3'],
    ['what is taken away stands last', subtract(3, size('n')), '-n + 3'],
    ['what cancels out is gone', subtract(add(size('n'), 5), size('n')), 5],
    ['a product', multiply(multiply(size('n'), 4), size('batch')), '4*batch*n'],
    ['a product of sums', multiply(add(size('n'), 1), add(size('n'), 2)), 'n*n + 3*n + 2'],
    ['0 times the unknown', multiply(null, 0), 0],
    ['the unknown stays so', add(null, 1), null],
    ['a quotient of products', divideProducts([size('b'), size('n'), 64], [size('b'), 4]), '16*n'],
    [
      'a sum that is a factor of both',
      divideProducts([add(size('past'), size('n')), 64], [add(size('n'), size('past'))]),
      64,
    ],
    ['no whole number', divideProducts([size('n')], [2]), null],
    ['nothing by 0', divideDown(size('n'), 0), null],
    ['rounded down', divideDown(add(size('n'), 1), 2), 'floor((n + 1)/2)'],
    ['rounded down, exactly', divideDown(add(multiply(size('n'), 4), 2), 2), '2*n + 1'],
    ['cut to a number', capped(1024, size('n')), 'min(1024, n)'],
    ['not cut where it cannot be larger', capped(-3, size('n')), -3],
    ['beyond exact numbers', multiply(sizeOf('n'), 2 ** 60), null],
    ['too many factors', multiply(size('a*b*c*d'), size('e*f*g')), null],
    ['a name too long to be one', sizeOf('n'.repeat(300)), null],
  ];
  for (const [title, result, expected] of spelled) {
    test(title, () => {
      assert.equal(result === null || typeof result === 'number' ? result : result.text, expected);
    });
  }

  test('a sum with too many terms is unknown', () => {
    const names = Array.from({ length: 9 }, (_, index) => size(`n${index}`));
    assert.equal(names.reduce<Size | null>(add, 0), null);
  });

  test('what holds in every run is told, and nothing else', () => {
    const n = size('n');
    const more = add(n, 1) ?? 0;
    assert.equal(isAtLeast(more, n), true);
    assert.equal(isAtLeast(more, 1), true);
    assert.equal(isAtLeast(n, 1), false, 'a dimension may be 0');
    assert.equal(isAtLeast(n, size('m')), false);
    assert.equal(areDifferent(n, -1), true);
    assert.equal(areDifferent(n, more), true);
    assert.equal(areDifferent(n, 1), false);
    assert.equal(areDifferent(4, 4), false);
    assert.equal(sameSize(add(n, size('m')), add(size('m'), n)), true);
    assert.equal(sameSize(null, null), false, 'two unknown sizes need not be alike');
  });

  test('what is cut is told to be so, and how it would be else', () => {
    const end = size('past + n');
    const length = subtract(capped(32, end), capped(32, size('past')));
    assert.ok(length !== null);
    assert.equal(dimensionOf(length), 'min(32, n + past) - min(32, past)');
    assert.equal(dimensionOf(uncapped(length)), 'n');
  });

  test('a negative number is no dimension', () => {
    assert.equal(dimensionOf(-1), null);
    assert.equal(dimensionOf(0), 0);
  });
});
