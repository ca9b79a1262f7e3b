import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { stack } from '../../../../src/engine/tasks/stack';
import { inEnglish } from '../../../../src/shared/failure';
import { stackWords } from '../../../../src/wording/inspector/stackWords';
import { root } from '../../../support/root';

/** What is said of the stacks of a fixture. */
async function wordsOf(fixture: string): Promise<string[]> {
  const stacks = await stack(path.join(root, 'test/fixtures', fixture));
  return stacks.flatMap(stackWords).map(inEnglish);
}

suite('wording, stacks', () => {
  test('experts, a part of the blocks, and heads that share keys', async () => {
    assert.deepEqual(await wordsOf('inspect/deepseek_moe/model.onnx'), [
      'decoder of width 16; embedding of 40 × 16; rotary positions',
      '× 1: masked self-attention, heads: 4 × 6; gated feed-forward 16 → 24 → 16, SiLU; each with RMS norm before',
      '× 1: masked self-attention, heads: 4 × 6; gated feed-forward 16 → 12 → 16, SiLU, 8 experts; each with RMS norm before',
      'RMS norm behind the last block; 40 scores',
    ]);
    assert.match(
      (await wordsOf('families/gemma2/dynamo-eager/model.onnx')).join('\n'),
      /^decoder of width 16; embedding of 40 × 16, times 4;.*\n× 2: masked self-attention, heads: 4 × 6, 2 for keys and values;.*GELU \(tanh\); each with RMS norm before and before the sum\n/,
    );
  });

  test('parts beside each other, other layers, norms that are not alike', async () => {
    assert.match(
      (await wordsOf('inspect/gptj/model.onnx')).join('\n'),
      /; beside it feed-forward 16 → 64 → 16, GELU \(tanh\); each with layer norm before\n/,
    );
    assert.match(
      (await wordsOf('families/lfm2/builder-gqa/model.onnx')).join('\n'),
      /\n× 1: a layer of MatMul, Conv; gated/,
    );
    assert.match(
      (await wordsOf('families/modernbert/torchscript-sdpa/model.onnx')).join('\n'),
      /\n× 1: self-attention, heads: 2 × 8; gated feed-forward 16 → 24 → 16, GELU, layer norm before\n/,
    );
  });

  test('blocks that share their weights', async () => {
    assert.match(
      (await wordsOf('families/albert/dynamo-sdpa/model.onnx')).join('\n'),
      /\n× 2 with the same weights: self-attention/,
    );
  });

  test('every way to tell positions', async () => {
    const expected = {
      'families/bloom/torchscript-eager/model.onnx': 'positions by linear biases (ALiBi)',
      'families/t5/dynamo-sdpa/encoder_model.onnx':
        'relative positions: a bias for each of 8 distances',
      'families/xlnet/torchscript-eager/model.onnx':
        'relative positions: products with vectors of the distance',
      'families/wav2vec2/dynamo-sdpa/model.onnx': 'positions by a convolution',
      'families/bert/dynamo-sdpa/model.onnx': '32 learned positions',
    };
    for (const [fixture, words] of Object.entries(expected)) {
      const [begin = ''] = await wordsOf(fixture);
      assert.ok(begin.endsWith(`; ${words}`), begin);
    }
  });
});
