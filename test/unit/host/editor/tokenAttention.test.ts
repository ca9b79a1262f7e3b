import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type {
  AttentionKind,
  AttentionSite,
  Component,
  RowAlignment,
} from '../../../../src/shared/attention';
import { tokenAttention, type HeadSource } from '../../../../src/host/editor/tokenAttention';

/** Two tokens of a result over three of a source; every number is exact in 32 bits. */
const rows = [
  [0.5, 0.25, 0.25],
  [0, 0.125, 0.875],
];

/** A head that has these rows and notes what it was asked for. */
function headOf(asked: unknown[] = [], reading: RowAlignment = 'own'): HeadSource {
  return {
    row: (query) => {
      asked.push(query);
      return Promise.resolve(Float32Array.from(rows[query] ?? []));
    },
    map: () => {
      asked.push('map');
      const values = Float32Array.from(rows.flat());
      return Promise.resolve({ queries: 2, keys: 3, values, rows: reading });
    },
  };
}

function site(component: Component, kind: AttentionKind): AttentionSite {
  return { id: 'here', component, kind, layer: 0, heads: 2, queries: 2, keys: 3, statistics: [] };
}

suite('attention of one token', () => {
  test('a token of the result attends to the source', async () => {
    const asked: unknown[] = [];
    const token = { component: 'decoder', token: 1 } as const;
    assert.deepEqual(await tokenAttention(headOf(asked), site('decoder', 'cross'), token), {
      role: 'query',
      others: 'encoder',
      attended: [
        { token: 2, probability: 0.875 },
        { token: 1, probability: 0.125 },
      ],
    });
    assert.deepEqual(asked, ['map']);
  });

  test('of a head that looks ahead, a token of the result has the row before its own', async () => {
    const head = headOf([], 'next');
    const place = site('decoder', 'cross');
    const found = await tokenAttention(head, place, { component: 'decoder', token: 1 });
    assert.deepEqual(found?.attended[0], { token: 0, probability: 0.5 });
    const first = await tokenAttention(head, place, { component: 'decoder', token: 0 });
    assert.equal(first, undefined);
    const source = await tokenAttention(head, place, { component: 'encoder', token: 0 });
    assert.deepEqual(source?.attended, [{ token: 1, probability: 0.5 }]);
  });

  test('a token of the source is attended to by the result', async () => {
    const token = { component: 'encoder', token: 2 } as const;
    assert.deepEqual(await tokenAttention(headOf(), site('decoder', 'cross'), token), {
      role: 'key',
      others: 'decoder',
      attended: [
        { token: 1, probability: 0.875 },
        { token: 0, probability: 0.25 },
      ],
    });
  });

  test('in self-attention a token attends to its own sequence', async () => {
    const token = { component: 'encoder', token: 0 } as const;
    const found = await tokenAttention(headOf(), site('encoder', 'self'), token);
    assert.equal(found?.others, 'encoder');
    assert.deepEqual(
      found.attended.map((other) => other.token),
      [0, 1, 2],
    );
  });

  test('the decoder’s own attention says nothing of the source, and is not asked for', async () => {
    const asked: unknown[] = [];
    const token = { component: 'encoder', token: 0 } as const;
    const found = await tokenAttention(headOf(asked), site('decoder', 'masked'), token);
    assert.equal(found, undefined);
    assert.deepEqual(asked, []);
  });
});
