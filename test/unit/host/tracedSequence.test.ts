import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type {
  AttentionKind,
  AttentionSite,
  Component,
  HeadChoice,
} from '../../../src/shared/attention';
import {
  findOnce,
  initialHeadChoice,
  roleOf,
  sourceComponent,
} from '../../../src/host/tracedSequence';

function site(id: string, component: Component, kind: AttentionKind): AttentionSite {
  return { id, component, kind, layer: 0, heads: 2, queries: 3, keys: 3, statistics: [] };
}

const encoder = site('encoder.blocks.0.attn', 'encoder', 'self');
const decoder = site('decoder.blocks.0.attn', 'decoder', 'masked');
const cross = site('decoder.blocks.0.cross_attn', 'decoder', 'cross');

suite('traced sequences', () => {
  test('the text that was handed in is the encoder’s where there is one', () => {
    assert.equal(sourceComponent({ sequences: { encoder: [], decoder: [] } }), 'encoder');
    assert.equal(sourceComponent({ sequences: { encoder: [] } }), 'encoder');
    assert.equal(sourceComponent({ sequences: { decoder: [] } }), 'decoder');
  });

  const summary = {
    model: { name: 'marian', folder: '/marian' },
    sites: [encoder, decoder, cross],
  };
  const opening = initialHeadChoice(summary);

  test('a head that the user chose is shown of the next text too', () => {
    const choice = { site: decoder.id, head: 1 };
    assert.deepEqual(initialHeadChoice(summary, { model: '/marian', choice }), choice);
  });

  test('so is the mean of a layer', () => {
    const choice: HeadChoice = { site: cross.id, head: 'mean' };
    const another: HeadChoice = { site: cross.id, head: 0 };
    assert.deepEqual(initialHeadChoice(summary, { model: '/marian', choice }), choice);
    assert.deepEqual(initialHeadChoice(summary, { model: '/marian', choice: another }), another);
  });

  for (const [what, model, choice] of [
    ['that is a mean where none is shown', '/marian', { site: decoder.id, head: 'mean' }],
    ['of another model', '/t5', { site: decoder.id, head: 1 }],
    ['in a layer that the model no longer has', '/marian', { site: 'blocks.9.attn', head: 0 }],
    ['that the layer no longer has', '/marian', { site: decoder.id, head: 2 }],
  ] as const satisfies readonly [string, string, HeadChoice][]) {
    test(`a chosen head ${what} is not`, () => {
      assert.notDeepEqual(opening, choice);
      assert.deepEqual(initialHeadChoice(summary, { model, choice }), opening);
    });
  }

  for (const [sequence, layer, role] of [
    ['encoder', encoder, 'query'],
    ['encoder', decoder, undefined],
    ['encoder', cross, 'key'],
    ['decoder', encoder, undefined],
    ['decoder', decoder, 'query'],
    ['decoder', cross, 'query'],
  ] as const) {
    test(`to ${layer.id} a token of the ${sequence} is ${role ?? 'nothing'}`, () => {
      assert.equal(roleOf(sequence, layer), role);
    });
  }

  test('a result is found where it stands once', () => {
    assert.equal(findOnce('连接丢失。', 'The connection is lost.\n连接丢失。\n'), 24);
    assert.equal(findOnce('连接丢失。', '连接丢失。\n连接丢失。'), undefined);
    assert.equal(findOnce('aa', 'baaa'), undefined);
    assert.equal(findOnce('连接丢失。', 'The connection is lost.'), undefined);
    assert.equal(findOnce(' ', 'a b'), undefined);
    assert.equal(findOnce('', ''), undefined);
  });

  for (const [text, source, place] of [
    ['It failed. Why?', { start: 0, end: 15 }, undefined],
    ['It failed. Why? It failed.', { start: 0, end: 15 }, 16],
    ['It failed. It failed. Why?', { start: 11, end: 26 }, 0],
    ['It failed. It failed. It failed.', { start: 11, end: 21 }, undefined],
    ['It failed. Why?', { start: 4, end: 6 }, undefined],
    ['It failed. Why?', { start: 10, end: 15 }, 0],
  ] as const) {
    test(`a result in its source does not count: “${text}” from ${source.start}`, () => {
      assert.equal(findOnce('It failed.', text, source), place);
    });
  }
});
