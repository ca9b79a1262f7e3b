import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test } from 'mocha';
import { root } from '../../support/root';

suite('fuzz: the command line', () => {
  for (const [args, said] of [
    [['--help'], /Unknown option '--help'/],
    [['--files', 'many'], /^many is no whole number\.$/],
  ] as const) {
    test(`answers ${args.join(' ')} with one line`, () => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['scripts/fuzz.mjs', ...args],
        { cwd: root, encoding: 'utf8' },
      );
      const lines = stderr.trimEnd().split('\n');
      assert.deepEqual([status, stdout, lines.length], [2, '', 1], stderr);
      assert.match(lines[0] ?? '', said);
    });
  }
});
