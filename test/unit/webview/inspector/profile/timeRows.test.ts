import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import type { ModuleTime } from '../../../../../src/shared/modelProfile';
import { timeRows } from '../../../../../webview/inspector/profile/timeRows';

const modules: ModuleTime[] = [
  { name: '', time: 10, calls: 9 },
  { name: 'model', parent: 0, time: 9, calls: 8 },
  { name: 'norm', parent: 1, time: 1, calls: 1 },
  { name: 'layers', parent: 1, time: 8, calls: 7 },
  { name: '0', parent: 3, time: 3, calls: 3 },
  { name: '1', parent: 3, time: 5, calls: 4 },
];

function shown(toggled: number[] = []): string[] {
  return timeRows(modules, new Set(toggled)).map(
    ({ index, depth, isOpen }) =>
      `${' '.repeat(depth)}${modules[index]?.name ?? ''}${isOpen === undefined ? '' : isOpen ? '-' : '+'}`,
  );
}

suite('webview/inspector/profile/timeRows', () => {
  test('open down to the blocks, the most time first', () => {
    assert.deepEqual(shown(), ['-', ' model-', '  layers+', '  norm']);
  });

  test('what was opened or closed', () => {
    assert.deepEqual(shown([3]), ['-', ' model-', '  layers-', '   1', '   0', '  norm']);
    assert.deepEqual(shown([1]), ['-', ' model+']);
  });

  test('of no module there is no line', () => {
    assert.deepEqual(timeRows([], new Set()), []);
  });
});
