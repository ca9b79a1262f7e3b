import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { findAttentionTaps } from '../../../../src/onnx/attention/findAttention';
import { root } from '../../../support/root';
import { firstPart } from '../../../support/supportPage';
import { exportsOf, FAMILIES, familyFolders, type Family } from '../../../support/onnx/families';
import { FEATURES } from '../../../support/onnx/familyFeatures';
import { readBytes } from '../../../support/onnx/fixtures';
import {
  failedCell,
  saysTheSame,
  supportPage,
  type Limitation,
  type Row,
} from '../../../support/onnx/supportTable';

const page = path.join(root, 'docs/support.md');

/** What does not work yet. A case that begins to work must go from here. */
const LIMITATIONS: readonly Limitation[] = [
  {
    exports: ['gemma2/dynamo-eager, float32'],
    feature: 'Weights by name',
    reason:
      'Norms multiply by 1 + weight, which the exporter has computed. They are bound and said to be altered.',
  },
  {
    exports: ['qwen3_5/builder-gqa, float32', 'lfm2/builder-gqa, float32'],
    feature: 'Weights by name',
    reason:
      'ONNX Runtime’s model builder gives weights of these families names of its own, which are not ' +
      'led back to those of `transformers`.',
  },
  {
    exports: ['xlnet/torchscript-eager, float32'],
    feature: 'Outline',
    reason: 'Distances between tokens are counted down, whose number is not inferred.',
  },
];

/** Models of which no map can be had, and what is said of them. */
const WITHOUT_MAP: Readonly<Record<string, RegExp>> = {
  bigbird: /no attention layer of a form.*in parts, such as blocks.*original_full/,
  fnet: /together by DFT/,
  mamba: /no attention layer: no Softmax/,
};

suite('onnx, families of models', () => {
  const present = familyFolders();
  const rows = (Object.keys(FAMILIES) as Family[])
    .filter((family) => present.includes(family))
    .flatMap(exportsOf)
    .map((one) => ({ one, cells: new Map<string, string>() }) satisfies Row);

  test('has all families', () => {
    assert.deepEqual(present.sort(), Object.keys(FAMILIES).sort());
  });

  for (const { one, cells } of rows) {
    test(`understands ${one.id}`, async () => {
      for (const { heading, measure } of FEATURES) {
        const note = LIMITATIONS.findIndex(
          ({ exports, feature }) => exports.includes(one.id) && feature === heading,
        );
        if (note < 0) {
          cells.set(heading, await measure(one));
        } else {
          await assert.rejects(measure(one), `${heading} works: take it off the LIMITATIONS`);
          cells.set(heading, failedCell(note + 1));
        }
      }
    }).timeout(30_000);
  }

  for (const [name, message] of Object.entries(WITHOUT_MAP)) {
    test(`says why there is no map of ${name}`, async () => {
      const file = path.join(root, 'test/fixtures/families/without-map', `${name}.onnx`);
      const model = await readBytes(readFileSync(file));
      assert.throws(() => findAttentionTaps(model, 'model.onnx'), { kind: 'unsupported', message });
    });
  }

  test('are the same on a page whose differences are off by a power of ten', () => {
    assert.ok(saysTheSame('| ≤ 1e-9  | x |', '| ≤ 1e-10 | x |'));
    assert.ok(saysTheSame('≤ 0.1', '≤ 0.02'));
    assert.ok(!saysTheSame('≤ 1e-6', '≤ 1e-4'));
    assert.ok(!saysTheSame('≤ 0.3', '≤ 0.02'));
    assert.ok(!saysTheSame('≤ 1e-6', '≤ 1e-6 ≤ 1e-6'));
    assert.ok(!saysTheSame('opset 14', 'opset 18'));
  });

  test('is what docs/support.md says', () => {
    assert.ok(
      rows.every(({ cells }) => cells.size === FEATURES.length),
      'a test above has failed',
    );
    const found = supportPage(FEATURES, rows, LIMITATIONS);
    const whole = readFileSync(page, 'utf8');
    if (process.env['UPDATE_SUPPORT'] === '1') {
      writeFileSync(page, found + whole.slice(firstPart(whole).length));
    }
    const written = firstPart(readFileSync(page, 'utf8'));
    if (!saysTheSame(written, found)) {
      assert.equal(written, found, 'UPDATE_SUPPORT=1 npm run test:unit -- families rewrites it');
    }
  });
});
