import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { Tensor } from '../../../src/reference/tensor';
import type { ReferenceModel, ReferenceRun } from '../../../src/reference/transformer';
import {
  examplesOf,
  familyNames,
  flat,
  inputOf,
  openFamily,
  relativeError,
  variantNames,
} from '../../support/reference/families';
import type { Example } from '../../support/reference/families';

/** What the reference may differ by from `transformers`, as a part of the largest magnitude. */
const TOLERANCE = 1e-5;

suite('reference Transformer, in every family', () => {
  test('there are all thirteen', () => {
    assert.equal(familyNames.length, 13);
  });

  for (const family of [...familyNames, ...variantNames]) {
    for (const example of examplesOf(family)) {
      test(`${family}, ${example.name}: attention, hidden states and logits are those of transformers`, async () => {
        const model = await openFamily(family);
        const run = await model.run(inputOf(example), { record: () => true });
        checkRun(model, run, example);
      });
    }

    test(`${family}: permuting a batch permutes what comes out`, async () => {
      const model = await openFamily(family);
      const [first, second] = examplesOf(family);
      assert.ok(first && second);
      const other = model.shape.encoder?.input.kind === 'sound' ? reversed(first) : second;
      const record = (): boolean => true;
      const there = await model.run(inputOf(first, other), { record });
      const back = await model.run(inputOf(other, first), { record });
      assert.deepEqual(halves(there.logits), halves(back.logits).reverse());
      for (const [name, value] of there.points) {
        assert.deepEqual(halves(value), halves(back.points.get(name)).reverse(), name);
      }
      // Each is what it is alone.
      const alone = await model.run(inputOf(first), { record });
      assert.deepEqual(halves(there.logits)[0], alone.logits.data);
    });
  }
});

/** The same sound backwards: sounds of a batch are of one length. */
function reversed({ inputs, ...example }: Example): Example {
  return { ...example, inputs: { input_values: [...(inputs['input_values'] ?? [])].reverse() } };
}

/** The two entries of a batch. */
function halves(tensor: Tensor | undefined): Float32Array[] {
  const { dims, data } = tensor ?? assert.fail();
  assert.equal(dims[0], 2);
  return [data.slice(0, data.length / 2), data.slice(data.length / 2)];
}

function checkRun(model: ReferenceModel, { points, logits }: ReferenceRun, example: Example): void {
  for (const [site, attention] of Object.entries(example.attention)) {
    check(`${site}.hook_pattern`, points.get(`${site}.hook_pattern`)?.data, flat(attention));
  }
  for (const [stack, states] of Object.entries(example.hidden)) {
    const prefix = stack === 'model' ? '' : `${stack}.`;
    states.forEach((expected, layer) => {
      const point = prefix + stateAfter(model, stack, layer, states.length - 1);
      check(point, points.get(point)?.data, flat(expected));
    });
  }
  check('logits', logits.data, flat(example.logits));
}

/**
 * The point where `transformers` has its states after some layers: those after the last one are
 * normed, but for Wav2Vec 2.0.
 */
function stateAfter({ shape }: ReferenceModel, stack: string, layers: number, all: number): string {
  if (layers < all) {
    return `blocks.${layers}.hook_resid_pre`;
  }
  const { crossAttention, finalNorm, input } =
    (stack === 'encoder' ? shape.encoder : (shape.decoder ?? shape.encoder)) ?? assert.fail();
  if (finalNorm) {
    return input.kind === 'sound'
      ? `blocks.${layers - 1}.hook_resid_post`
      : 'ln_final.hook_normalized';
  }
  return `blocks.${layers - 1}.${crossAttention ? 'ln3' : 'ln2'}.hook_normalized`;
}

function check(what: string, actual: Float32Array | undefined, expected: number[]): void {
  assert.ok(actual, `${what} was not recorded`);
  const error = relativeError(actual, expected);
  assert.ok(error <= TOLERANCE, `${what}: ${error}`);
}
