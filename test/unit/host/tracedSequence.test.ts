import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { AttentionKind, AttentionSite, Component } from '../../../src/shared/attention';
import { findOnce, firstChoice, roleOf, sourceOf } from '../../../src/host/tracedSequence';

function site(id: string, component: Component, kind: AttentionKind): AttentionSite {
  return { id, component, kind, layer: 0, heads: 2, queries: 3, keys: 3, statistics: [] };
}

const encoder = site('encoder.blocks.0.attn', 'encoder', 'self');
const decoder = site('decoder.blocks.0.attn', 'decoder', 'masked');
const cross = site('decoder.blocks.0.cross_attn', 'decoder', 'cross');

suite('traced sequences', () => {
  test('the text that was handed in is the encoder’s where there is one', () => {
    assert.equal(sourceOf({ sequences: { encoder: [], decoder: [] } }), 'encoder');
    assert.equal(sourceOf({ sequences: { encoder: [] } }), 'encoder');
    assert.equal(sourceOf({ sequences: { decoder: [] } }), 'decoder');
  });

  test('a trace opens with cross-attention, or with its first layer', () => {
    const sites = [encoder, decoder, cross];
    assert.deepEqual(firstChoice({ sites }), { site: cross.id, head: 0 });
    assert.deepEqual(firstChoice({ sites: [decoder] }), { site: decoder.id, head: 0 });
    assert.deepEqual(firstChoice({ sites: [] }), { site: '', head: 0 });
  });

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
});
