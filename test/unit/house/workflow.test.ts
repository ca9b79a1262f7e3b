import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { root } from '../../support/root';

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

suite('house: the workflow of GitHub Actions', () => {
  const workflow = read('.github/workflows/ci.yml');

  test('runs the same scripts as everywhere', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const run = [...workflow.matchAll(/- run: npm (?:run )?([\w:]+)/g)].map(([, name]) => name);
    assert.deepEqual(run, ['test', 'package']);
    assert.ok(run.every((name) => name in scripts));
    assert.equal(workflow.match(/\brun:/g)?.length, run.length);
  });

  test('packs a VSIX for every platform that there is one for', () => {
    const [, list = ''] = /export const targets = \[([^\]]+)\]/.exec(read('tools/vsix.mjs')) ?? [];
    const targets = [...list.matchAll(/'([\w-]+)'/g)].map(([, target]) => target);
    const packed = [...workflow.matchAll(/target: ([\w-]+)/g)].map(([, target]) => target);
    assert.ok(targets.length > 3);
    assert.deepEqual(packed, targets);
  });
});
