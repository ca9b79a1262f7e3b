import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { AttentionKind, AttentionSite } from '../../../src/shared/attention';
import { defaultHead } from '../../../src/shared/defaultHead';
import { headStatistics } from '../../../src/trace/headStatistics';

/** A site of two queries and three keys, from its heads' maps. */
function site(id: string, kind: AttentionKind, ...maps: number[][]): AttentionSite {
  return {
    id,
    component: kind === 'self' ? 'encoder' : 'decoder',
    kind,
    layer: 0,
    heads: maps.length,
    queries: 2,
    keys: 3,
    statistics: maps.map((map) => headStatistics(Float32Array.from(map), 2, 3)),
  };
}

const broad = [0.4, 0.3, 0.3, 0.3, 0.4, 0.3];
const sink = [0, 0, 1, 0, 0, 1];
const aligned = [0.8, 0.1, 0.1, 0.1, 0.8, 0.1];

const encoder = site('encoder.blocks.0.attn', 'self', broad, aligned);
const decoder = site('decoder.blocks.0.attn', 'masked', broad, aligned);

suite('shared/defaultHead', () => {
  test('is the mean of the last layer of cross attention', () => {
    const sites = [
      encoder,
      decoder,
      site('decoder.blocks.0.cross_attn', 'cross', broad, aligned),
      site('decoder.blocks.1.cross_attn', 'cross', sink, broad),
    ];
    assert.deepEqual(defaultHead(sites), { site: 'decoder.blocks.1.cross_attn', head: 'mean' });
  });

  test('is the only head of the last layer of cross attention', () => {
    const sites = [site('a', 'cross', broad, aligned), site('b', 'cross', aligned)];
    assert.deepEqual(defaultHead(sites), { site: 'b', head: 0 });
  });

  test('is the first head of all where there is no cross-attention', () => {
    assert.deepEqual(defaultHead([decoder, encoder]), { site: decoder.id, head: 0 });
    assert.deepEqual(defaultHead([]), { site: '', head: 0 });
  });
});
