import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { stack } from '../../../../src/engine/tasks/stack';
import type { ModelStack } from '../../../../src/shared/modelStack';
import {
  comparable,
  EXPECTED_STACKS,
  rounded,
  withoutParameters,
  type ExpectedStack,
} from '../../../support/inspect/expectedStacks';
import { exportsOf, FAMILIES, type Family, type ModelExport } from '../../../support/onnx/families';
import { root } from '../../../support/root';
import { realModel } from '../../../support/skips';

const families = 'test/fixtures/families';
const architectures = 'test/fixtures/inspect';

/** Parameters that a file has more of in each block than `transformers`, or fewer, and why. */
const OTHER_PARAMETERS: Readonly<Record<string, readonly number[]>> = {
  // `seg_embed` and `r_s_bias` are for token types, which the export has none of.
  'xlnet/torchscript-eager': [-48, -48],
  // ONNX Runtime's model builder gives the convolution of linear attention a bias of zeros.
  'qwen3_5/builder-gqa': [64, 0],
  // The normalisation behind the convolution, 2 × 16, is one bias of it.
  conformer: [-16, -16],
  // `e_score_correction_bias`, a number for each expert, is a buffer of PyTorch's.
  deepseek_moe: [0, 8],
};

suite('engine, stacks of a model', () => {
  for (const family of Object.keys(FAMILIES) as Family[]) {
    for (const one of exportsOf(family)) {
      test(`reads how ${one.id} is built`, async () => {
        const expected = expectedOf(one);
        for (const [part, file] of one.files) {
          const component = /^(encoder|decoder)_/.exec(part)?.[1] ?? expected[0]?.['component'];
          const found = await stack(path.join(one.folder, file));
          const wanted = expected.filter((each) => each['component'] === component);
          assert.equal(wanted.length, 1);
          compare(
            found,
            // With a cache, keys and values of the encoder's states come from it.
            part === 'decoder_with_past_model' ? 'any' : parametersBeyond(one),
            wanted,
            file,
          );
        }
      });
    }
  }

  for (const name of folders(architectures)) {
    test(`reads how ${name} is built`, async () => {
      const expected = EXPECTED_STACKS[`${architectures}/${name}`] ?? [];
      const found = await stack(path.join(root, architectures, name, 'model.onnx'));
      compare(found, OTHER_PARAMETERS[name] ?? [], expected, name);
    });
  }

  for (const name of folders('models').filter((name) => name.startsWith('headlight-'))) {
    test(`reads how ${name} is built from its folder`, async () => {
      const found = await stack(path.join(root, 'models', name));
      const expected = EXPECTED_STACKS[`models/${name}`] ?? [];
      compare(found, [], expected, name);
      // The decoder has the encoder's matrix once more.
      assert.deepEqual(
        found.map(({ embedding }) => embedding?.isTied),
        found.length === 2 ? [false, true] : [false],
      );
      for (const { blocks } of found) {
        assert.equal(blocks.length, 1, 'all blocks are equal');
        assert.equal(blocks[0]?.first, 0);
        assert.equal(blocks[0].sharesWeights, false);
      }
    });
  }

  test('says what the parts of the bundled translator count', async () => {
    const [encoder] = await stack(path.join(root, 'models/headlight-translate-en-zh'));
    const width = 160;
    const inner = 512;
    // Four matrices with biases, two matrices with biases, and a norm's scale and shift each.
    assert.deepEqual(
      encoder?.blocks[0]?.parts.map((part) => [part.parameters, part.normParameters]),
      [
        [4 * (width * width + width), 2 * width],
        [2 * width * inner + inner + width, 2 * width],
      ],
    );
    assert.deepEqual(encoder.blocks[0].parts[0], {
      kind: 'attention',
      attention: 'self',
      site: 'encoder.blocks.0.attn',
      heads: 5,
      keyValueHeads: 5,
      headSize: 32,
      norms: ['afterSum'],
      norm: 'layerNorm',
      parameters: 103_040,
      normParameters: 320,
      isParallel: false,
    });
  });

  test('says that blocks share their weights', async () => {
    const [found] = await stack(path.join(root, families, 'albert/dynamo-sdpa/model.onnx'));
    assert.deepEqual(
      found?.blocks.map(({ count, sharesWeights }) => [count, sharesWeights]),
      [[2, true]],
    );
  });

  test('names the operators of what is neither attention nor feed-forward', async () => {
    const [found] = await stack(path.join(root, families, 'lfm2/builder-gqa'));
    const [part] = found?.blocks[0]?.parts ?? [];
    assert.equal(part?.kind, 'other');
    assert.deepEqual(part.operators, ['MatMul', 'Conv']);
    assert.deepEqual(
      found?.blocks.map(({ first, count }) => [first, count]),
      [
        [0, 1],
        [1, 1],
        [2, 1],
      ],
    );
  });

  test('reads a model that others trained', async function () {
    const folder = realModel(this, 'stories260K');
    const config = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')) as Record<
      string,
      number
    >;
    const [found, ...others] = await stack(folder);
    assert.deepEqual(others, []);
    const width = config['hidden_size'];
    assert.ok(found);
    assert.equal(found.width, width);
    assert.equal(found.embedding?.vocabulary, config['vocab_size']);
    assert.deepEqual(found.positions, [{ kind: 'rotary' }]);
    const [run, ...more] = found.blocks;
    assert.deepEqual(more, []);
    assert.ok(run);
    assert.equal(run.count, config['num_hidden_layers']);
    const [attention, feedForward] = run.parts;
    assert.ok(attention?.kind === 'attention' && feedForward?.kind === 'feedForward');
    assert.equal(attention.heads, config['num_attention_heads']);
    assert.equal(attention.keyValueHeads, config['num_key_value_heads']);
    assert.deepEqual(feedForward.widths, [width, config['intermediate_size'], width]);
    assert.equal(found.unembedding?.isTied, config['tie_word_embeddings']);
  });

  for (const name of ['bigbird', 'fnet', 'mamba']) {
    test(`has no stack for ${name}, which has no attention that is known`, async () => {
      const file = path.join(root, families, 'without-map', `${name}.onnx`);
      assert.deepEqual(await stack(file), []);
    });
  }
});

/** What `transformers` says of an export: of a model of its own, or of its family's. */
function expectedOf({ folder, family }: ModelExport): ExpectedStack[] {
  const own = path.relative(root, folder).replaceAll('\\', '/');
  const found = EXPECTED_STACKS[own] ?? EXPECTED_STACKS[`${families}/${family}`];
  assert.ok(found);
  return found;
}

function parametersBeyond({ id }: ModelExport): readonly number[] {
  return OTHER_PARAMETERS[id.replace(/, .*/, '')] ?? [];
}

/** @param more parameters that blocks have beyond those expected, or any number. */
function compare(
  found: readonly ModelStack[],
  more: readonly number[] | 'any',
  expected: readonly ExpectedStack[],
  what: string,
): void {
  const own = found.map(comparable);
  if (more === 'any') {
    assert.deepEqual(own.map(withoutParameters), expected.map(withoutParameters), what);
  } else {
    assert.deepEqual(
      own,
      expected.map((each) => rounded(each, more)),
      what,
    );
  }
}

function folders(inside: string): string[] {
  return readdirSync(path.join(root, inside), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
