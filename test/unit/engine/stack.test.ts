import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { stack } from '../../../src/engine/tasks/stack';
import { comparable, EXPECTED_STACKS, rounded } from '../../support/inspect/expectedStacks';
import { exportsOf, FAMILIES, type Family, type ModelExport } from '../../support/onnx/families';
import { root } from '../../support/root';
import { realModel } from '../../support/skips';

const families = 'test/fixtures/families';

/** What `transformers` says of an export: of a model of its own, or of its family's. */
function expectedOf({ folder, family }: ModelExport) {
  const own = path.relative(root, folder).replaceAll('\\', '/');
  const found = EXPECTED_STACKS[own] ?? EXPECTED_STACKS[`${families}/${family}`];
  assert.ok(found);
  return found;
}

suite('engine, stacks of a model', () => {
  for (const family of Object.keys(FAMILIES) as Family[]) {
    for (const one of exportsOf(family)) {
      test(`reads how ${one.id} is built`, async () => {
        const expected = expectedOf(one);
        for (const [part, file] of one.files) {
          const found = await stack(path.join(one.folder, file));
          const component = part.startsWith('encoder')
            ? 'encoder'
            : part.startsWith('decoder')
              ? 'decoder'
              : expected[0]?.['component'];
          assert.deepEqual(
            found.map(comparable),
            expected.filter((each) => each['component'] === component).map(rounded),
            file,
          );
        }
      });
    }
  }
});
