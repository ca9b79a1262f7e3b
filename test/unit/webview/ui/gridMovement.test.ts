import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { moveInGrid, moveInRow, type GridPosition } from '../../../../webview/ui/gridMovement';

/** Six layers of eight heads, but for the last one, which has four. */
const shape = { rows: 6, columnsIn: (row: number) => (row === 5 ? 4 : 8), page: 3 };

function move(key: string, row: number, column: number): GridPosition | undefined {
  const ctrlKey = key.startsWith('Ctrl+');
  return moveInGrid({ key: key.replace('Ctrl+', ''), ctrlKey }, { row, column }, shape);
}

suite('webview: movement in a grid', () => {
  for (const [key, from, to] of [
    ['ArrowRight', [2, 3], [2, 4]],
    ['ArrowLeft', [2, 3], [2, 2]],
    ['ArrowUp', [2, 3], [1, 3]],
    ['ArrowDown', [2, 3], [3, 3]],
    ['PageDown', [1, 3], [4, 3]],
    ['PageUp', [4, 3], [1, 3]],
    ['Home', [2, 3], [2, 0]],
    ['End', [2, 3], [2, 7]],
    ['Ctrl+Home', [2, 3], [0, 0]],
    ['Ctrl+End', [2, 3], [5, 3]],
    // Edges hold.
    ['ArrowRight', [2, 7], [2, 7]],
    ['ArrowLeft', [2, 0], [2, 0]],
    ['ArrowUp', [0, 3], [0, 3]],
    ['ArrowDown', [5, 3], [5, 3]],
    ['PageDown', [4, 1], [5, 1]],
    ['PageUp', [1, 3], [0, 3]],
    // A shorter row is entered at its end.
    ['ArrowDown', [4, 7], [5, 3]],
    ['End', [5, 0], [5, 3]],
  ] as const) {
    test(`${key} leads from ${from.join()} to ${to.join()}`, () => {
      assert.deepEqual(move(key, from[0], from[1]), { row: to[0], column: to[1] });
    });
  }

  for (const key of ['Enter', ' ', 'Escape', 'Tab', 'a']) {
    test(`“${key}” is not for moving`, () => {
      assert.equal(move(key, 2, 3), undefined);
    });
  }

  for (const [key, from, to] of [
    ['ArrowRight', 1, 2],
    ['ArrowRight', 2, 2],
    ['ArrowLeft', 1, 0],
    ['ArrowLeft', 0, 0],
    ['Home', 2, 0],
    ['End', 0, 2],
    // These scroll the page, as there is nothing above or below.
    ['ArrowDown', 1, undefined],
    ['ArrowUp', 1, undefined],
    ['PageDown', 1, undefined],
    ['Enter', 1, undefined],
  ] as const) {
    test(`in a row ${key} leads from ${from} to ${to ?? 'nowhere'}`, () => {
      assert.equal(moveInRow({ key, ctrlKey: false }, from, 3), to);
    });
  }
});
