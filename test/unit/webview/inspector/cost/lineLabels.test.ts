import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { lineLabels } from '../../../../../webview/inspector/cost/lineLabels';

const room = { left: 60, right: 360, top: 10, bottom: 180, chosen: 210 };
const flat = (y: number) => () => y;

suite('webview: the names of lines in a plot', () => {
  test('stand close to their lines, and before or behind the chosen length', () => {
    const [first, second] = lineLabels(
      [
        { label: 'Weights', down: flat(60) },
        { label: 'Attention maps', down: (x) => 170 - (x - 60) / 3 },
      ],
      room,
    );
    assert.ok(first !== undefined && second !== undefined);
    assert.equal(first.y, 54);
    assert.ok(second.x + 14 * 6.2 <= 208 || second.x >= 212);
  });

  test('cross no line: between two that are close there is no room', () => {
    const lines = [50, 58, 66].map((y) => ({ label: 'Cache', down: flat(y) }));
    const [first, second, third] = lineLabels(lines, room);
    assert.ok(first !== undefined && first.y < 50);
    assert.equal(second, undefined);
    assert.ok(third !== undefined && third.y > 66);
  });

  test('leave the plot where it is too small', () => {
    const small = { left: 0, right: 30, top: 0, bottom: 12, chosen: 15 };
    assert.deepEqual(lineLabels([{ label: 'Weights', down: flat(6) }], small), [undefined]);
  });
});
