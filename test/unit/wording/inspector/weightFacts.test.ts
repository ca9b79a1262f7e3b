import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { StoredTensor, TensorListing } from '../../../../src/shared/tensorListing';
import { dtypeShares, weightFacts } from '../../../../src/wording/inspector/weightFacts';

function tensor(name: string, dtype: string, elements: number): StoredTensor {
  return {
    ...{ file: '/m/model.gguf', name, dtype, elements, dims: [elements], bytes: elements },
    ...{ parameters: [], isTransposed: false, place: { kind: 'inside' as const } },
  };
}

const listing: TensorListing = {
  format: 'gguf',
  tensors: [tensor('a', 'f32', 250), tensor('b', 'q4_k', 1500), tensor('c', 'f32', 250)],
  unread: [],
  notes: [{ name: 'general.architecture', value: 'llama' }],
};

suite('wording/inspector/weightFacts', () => {
  test('shares of types add up to all elements, the largest first', () => {
    assert.deepEqual(dtypeShares(listing), [
      { dtype: 'q4_k', share: 0.75 },
      { dtype: 'f32', share: 0.25 },
    ]);
    assert.deepEqual(dtypeShares({ tensors: [] }), []);
  });

  test('format and size come first, what the file says of itself behind', () => {
    const [sizes, notes] = weightFacts(listing, 'en');
    assert.deepEqual(
      sizes?.map(({ value }) => value),
      ['GGUF', '2,000', '75% q4_k, 25% f32'],
    );
    assert.deepEqual(notes, [{ label: 'general.architecture', value: 'llama' }]);
    assert.equal(weightFacts({ ...listing, notes: [] }, 'en').length, 1);
  });
});
