import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { suite, test } from 'mocha';
import { int8Products, int8ProductsSaturate } from '../../../../src/engine/runtime/int8Products';
import { inspect } from '../../../../src/engine/tasks/inspect';
import { inEnglish } from '../../../../src/shared/failure';
import { quantizationWords } from '../../../../src/wording/outlineWords';
import { onlyWhere } from '../../../support/skips';
import { root } from '../../../support/root';

/** What the processor's own list of features says: where it tells. */
function featuresOfProcessor(): string | undefined {
  try {
    return /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

suite('8-bit products', () => {
  test('are as exact as the processor’s features say', async function () {
    const features = featuresOfProcessor();
    const isKnown = os.arch() === 'arm64' || features !== undefined;
    onlyWhere(this, isKnown, 'the processor does not list its features');
    const cutsOff =
      / avx2 /.test(features ?? '') && !/ (avx512_vnni|avx_vnni) /.test(features ?? '');
    assert.equal(await int8Products(), cutsOff ? 'saturating' : 'exact');
    assert.equal(await int8ProductsSaturate(), cutsOff);
  });

  test('are told of models that have such, and of no others', async () => {
    const families = path.join(root, 'test/fixtures/families/gpt2/torchscript-eager');
    const {
      outlines: [eight],
    } = await inspect(path.join(families, 'model_quantized.onnx'));
    assert.equal(eight?.quantization.products, await int8Products());
    const {
      outlines: [single],
    } = await inspect(path.join(families, 'model.onnx'));
    assert.equal(single?.quantization.products, undefined);
  });

  test('have a sentence each', () => {
    const outline = {
      scheme: 'dynamic' as const,
      parts: [{ scheme: 'dynamic' as const, bits: 8, weights: 1, parameters: 4 }],
      weights: 1,
      parameters: 4,
      signedBytes: 1,
    };
    const words = (products: 'exact' | 'saturating'): string =>
      quantizationWords({ ...outline, products })
        .map(inEnglish)
        .at(-1) ?? '';
    assert.match(words('exact'), /^8-bit products are exact on this processor$/);
    assert.match(words('saturating'), /not exact on this processor.*x86 without VNNI/);
  });
});
