import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { parseMemory, type Memory } from '../../../../webview/attention/memory';

const memory: Memory = {
  trace: 'trace 7',
  choice: { site: 'blocks.2.attn', head: 3 },
  cursor: { row: 4, column: 1 },
  scroll: { page: 120, overviewLeft: 8, overviewTop: 16, detail: 0 },
};

suite('webview: memory of the attention view', () => {
  test('comes back as it was, also without a cursor', () => {
    assert.deepEqual(parseMemory(structuredClone(memory)), memory);
    const { cursor, ...rest } = memory;
    assert.ok(cursor);
    assert.deepEqual(parseMemory(structuredClone(rest)), rest);
  });

  test('the mean of a layer is remembered as well', () => {
    const mean = { ...memory, choice: { site: 'decoder.blocks.1.cross_attn', head: 'mean' } };
    assert.deepEqual(parseMemory(structuredClone(mean)), mean);
  });

  test('drops what it does not know and mends lengths that are none', () => {
    const older = { ...memory, scroll: { page: 'far' }, zoom: 2 };
    assert.deepEqual(parseMemory(older), {
      ...memory,
      scroll: { page: 0, overviewLeft: 0, overviewTop: 0, detail: 0 },
    });
  });

  for (const [name, value] of [
    ['nothing', undefined],
    ['null', null],
    ['a string', 'trace 7'],
    ['no trace', { ...memory, trace: 7 }],
    ['no choice', { ...memory, choice: null }],
    [
      'a head that is neither a number nor the mean',
      { ...memory, choice: { site: 'blocks.0.attn', head: '3' } },
    ],
    ['no scroll positions', { ...memory, scroll: undefined }],
  ] as const) {
    test(`${name} is no memory`, () => {
      assert.equal(parseMemory(value), undefined);
    });
  }
});
