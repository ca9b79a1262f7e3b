import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { bundledModel } from '../../../src/library/bundledModels';
import { readModelFolder } from '../../../src/library/modelFolder';
import { root } from '../../support/root';

const TASKS = ['complete', 'translate', 'summarize', 'fillMask'] as const;

/** What all of them together may take in the package, as it is compressed there. Unit: bytes. */
const BUDGET = 30e6;

suite('bundled models', () => {
  for (const task of TASKS) {
    const folder = bundledModel(root, task);

    test(`${path.basename(folder)} is complete, with limits and a card that has no gaps`, async () => {
      const model = await readModelFolder(folder);
      assert.equal(model.purpose.task, task);
      assert.ok(model.purpose.domain !== undefined);
      const card = readFileSync(path.join(folder, 'MODEL_CARD.md'), 'utf8');
      assert.match(card, /## Limits/);
      assert.doesNotMatch(card, /\$\w|NaN|None\b.*\|$/m);
    });

    test(`${path.basename(folder)} has int8 weights beside each graph`, () => {
      const graphs = readdirSync(path.join(folder, 'onnx'));
      for (const graph of graphs.filter((name) => !name.endsWith('_quantized.onnx'))) {
        assert.ok(graphs.includes(graph.replace('.onnx', '_quantized.onnx')), graph);
      }
    });
  }

  test('take at most 30 MB of the package', () => {
    const bytes = TASKS.flatMap((task) => files(bundledModel(root, task))).map(
      (file) => deflateRawSync(readFileSync(file)).length,
    );
    const total = bytes.reduce((sum, size) => sum + size, 0);
    assert.ok(total <= BUDGET, `${(total / 1e6).toFixed(1)} MB`);
  });
});

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
