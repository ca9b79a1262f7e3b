import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, suiteSetup, test } from 'mocha';
import type { AttentionSite, TraceSummary } from '../../../../src/shared/attention';
import { rejection } from '../../../support/failures';
import { change, context, listen, tinyModel } from '../../../support/engine/models';

const TOKENS = 1200;

suite('engine/tasks/trace, a text whose maps are not kept', () => {
  const { engine } = listen();
  const folder = tinyModel('llama', 'with-cache');
  let trace: TraceSummary;
  let site: AttentionSite;

  suiteSetup(async () => {
    change(path.join(folder, 'config.json'), { max_position_embeddings: TOKENS });
    const text = 'the cat sat on a mat, and the dog sang. '.repeat(200);
    trace = await engine.trace({ model: { folder }, text }, context());
    const [, last] = trace.sites;
    assert.ok(last);
    site = last;
  });

  test('is traced as far as the model can see', () => {
    assert.equal(trace.truncation?.used, TOKENS);
    const all = trace.sites.reduce(
      (sum, { heads, queries, keys }) => sum + heads * queries * keys,
      0,
    );
    assert.ok(4 * all > 32 * 2 ** 20, 'the text is too short for this test');
  });

  test('gives the map of each head that is asked for, and its figures', async () => {
    for (const head of [0, site.heads - 1]) {
      const params = { trace: trace.trace, site: site.id, head };
      const { values, queries, keys } = await engine.headMap(params, context());
      assert.deepEqual([queries, keys, values.length], [TOKENS, TOKENS, TOKENS * TOKENS]);
      let first = 0;
      for (let query = 0; query < queries; query++) {
        const row = values.subarray(query * keys, (query + 1) * keys);
        assert.ok(Math.abs(row.reduce((sum, p) => sum + p, 0) - 1) < 1e-4);
        assert.ok(row.subarray(query + 1).every((p) => p === 0));
        first += row[0] ?? NaN;
      }
      assert.ok(Math.abs((site.statistics[head]?.onFirst ?? NaN) - first / queries) < 1e-5);
      const row = await engine.headRow({ ...params, query: 700 }, context());
      assert.deepEqual(row, values.slice(700 * keys, 701 * keys));
    }
  });

  test('gives thumbnails of any size', async () => {
    const params = { trace: trace.trace, site: site.id };
    const { values } = await engine.headMap({ ...params, head: 1 }, context());
    const maximum = values.reduce((most, p) => Math.max(most, p), 0);
    for (const size of [64, 100]) {
      const found = await engine.thumbnails({ ...params, size }, context());
      assert.deepEqual([found.rows, found.columns], [size, size]);
      assert.equal(found.maximum[1], maximum);
    }
  });

  test('gives the mean of a layer', async () => {
    const params = { trace: trace.trace, site: site.id };
    const { values, keys } = await engine.headMap({ ...params, head: 'mean' }, context());
    const query = 700;
    let sum = new Float32Array(keys);
    for (let head = 0; head < site.heads; head++) {
      const row = await engine.headRow({ ...params, head, query }, context());
      sum = sum.map((p, key) => p + (row[key] ?? NaN) / site.heads);
    }
    const row = values.slice(query * keys, (query + 1) * keys);
    assert.deepEqual(await engine.headRow({ ...params, head: 'mean', query }, context()), row);
    assert.ok(row.every((p, key) => Math.abs(p - (sum[key] ?? NaN)) < 1e-6));
  });

  test('an answer is the caller’s own', async () => {
    const params = { trace: trace.trace, site: site.id, head: 2 };
    const first = await engine.headMap(params, context());
    const before = first.values.slice();
    first.values.fill(7);
    assert.deepEqual((await engine.headMap(params, context())).values, before);
  });

  test('a map that nobody wants any more is not computed', async () => {
    const controller = new AbortController();
    const params = { trace: trace.trace, site: site.id, head: 3 };
    const first = engine.headMap({ ...params, head: 0 }, context());
    const second = engine.headMap(params, context(controller.signal));
    controller.abort();
    await assert.rejects(async () => second, { name: 'AbortError' });
    assert.ok((await first).values.length > 0);
    assert.ok((await engine.headMap(params, context())).values.length > 0);
  });

  test('what the trace lacks is a failure', async () => {
    const params = { trace: trace.trace, site: site.id, head: site.heads };
    assert.equal((await rejection(() => engine.headMap(params, context()))).kind, 'input');
  });
});
