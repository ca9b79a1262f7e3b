import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { MapCache } from '../../../../src/engine/tracing/mapCache';

suite('engine/tracing/mapCache', () => {
  const map = (cells: number): Float32Array => new Float32Array(cells);

  test('lets go what was not used for longest', () => {
    const cache = new MapCache(12);
    cache.add('a', map(1));
    cache.add('b', map(1));
    cache.add('c', map(1));
    assert.ok(cache.get('a'));
    cache.add('d', map(1));
    assert.equal(cache.get('b'), undefined);
    assert.ok(cache.get('a') && cache.get('c') && cache.get('d'));
  });

  test('counts bytes, and counts a map that is added again once', () => {
    const cache = new MapCache(16);
    cache.add('a', map(2));
    cache.add('a', map(2));
    cache.add('b', map(2));
    assert.ok(cache.get('a') && cache.get('b'));
    cache.add('c', map(3));
    assert.equal(cache.get('a'), undefined);
    assert.equal(cache.get('b'), undefined);
    assert.ok(cache.get('c'));
  });

  test('keeps the latest map whatever its size', () => {
    const cache = new MapCache(4);
    cache.add('a', map(1));
    cache.add('b', map(100));
    assert.equal(cache.get('a'), undefined);
    assert.ok(cache.get('b'));
  });
});
