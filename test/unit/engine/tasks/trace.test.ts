import { suite, suiteSetup, test } from 'mocha';
import assert from 'node:assert/strict';
import path from 'node:path';
import type { TracedToken, TraceSummary } from '../../../../src/shared/attention';
import type { ModelChoice, ModelSummary } from '../../../../src/shared/modelSummary';
import { rejection } from '../../../support/failures';
import { bundled, change, context, listen, tinyModel } from '../../../support/engine/models';

const TEXT = 'the cat sat on a mat, and the dog sang. ';

/** Every way that a graph comes in, and the model that is shipped. */
const models: Record<string, () => string> = {
  'the bundled model': () => bundled,
  'llama, eager with cache': () => tinyModel('llama', 'with-cache'),
  'llama, sdpa without cache': () => tinyModel('llama', 'without-cache'),
  'gpt2, eager with cache': () => tinyModel('gpt2', 'with-cache'),
};

for (const [title, folder] of Object.entries(models)) {
  suite(`engine/trace, ${title}`, () => {
    const { engine } = listen();
    let model: ModelSummary;
    let choice: ModelChoice;
    let trace: TraceSummary;
    let tokens: TracedToken[];

    suiteSetup(async () => {
      model = await engine.openModel({ model: { folder: folder() } }, context());
      choice = { folder: model.folder };
      trace = await engine.trace({ model: choice, text: TEXT }, context());
      tokens = trace.sequences.decoder ?? [];
    });

    test('has one site a layer, in order, with all heads and tokens', () => {
      const { length } = tokens;
      assert.deepEqual(Object.keys(trace.sequences), ['decoder']);
      assert.deepEqual(
        trace.sites.map(({ statistics: _, ...site }) => site),
        Array.from({ length: model.layers.decoder ?? 0 }, (_, layer) => ({
          id: `blocks.${layer}.attn`,
          component: 'decoder',
          kind: 'masked',
          layer,
          heads: model.heads,
          queries: length,
          keys: length,
        })),
      );
      assert.deepEqual(trace.model, { name: model.name, folder: model.folder });
      assert.equal(trace.truncation, undefined);
      assert.equal(trace.target, undefined);
      assert.equal(trace.mapless, undefined);
    });

    test('each query’s probabilities add up to 1, with nothing on what comes later', async () => {
      for (const { id: site, heads, queries, keys } of trace.sites) {
        for (let head = 0; head < heads; head++) {
          const map = await engine.headMap({ trace: trace.trace, site, head }, context());
          assert.deepEqual([map.queries, map.keys], [queries, keys]);
          assert.equal(map.values.length, queries * keys);
          for (let query = 0; query < queries; query++) {
            const row = map.values.subarray(query * keys, (query + 1) * keys);
            const sum = row.reduce((total, value) => total + value, 0);
            assert.ok(Math.abs(sum - 1) < 1e-5, `${site}.${head}, query ${query}: ${sum}`);
            assert.ok(row.every((value) => value >= 0));
            assert.ok(row.subarray(query + 1).every((value) => value === 0));
          }
        }
      }
    });

    test('heads differ: no map stands for another', async () => {
      const maps = new Set<string>();
      let heads = 0;
      for (const site of trace.sites) {
        for (let head = 0; head < site.heads; head++, heads++) {
          const params = { trace: trace.trace, site: site.id, head };
          maps.add((await engine.headMap(params, context())).values.join());
        }
      }
      assert.equal(maps.size, heads);
    });

    test('a row is a row of its map', async () => {
      const site = trace.sites.at(-1);
      assert.ok(site);
      const params = { trace: trace.trace, site: site.id, head: site.heads - 1 };
      const { values, keys } = await engine.headMap(params, context());
      for (const query of [0, 3, site.queries - 1]) {
        assert.deepEqual(
          await engine.headRow({ ...params, query }, context()),
          values.slice(query * keys, (query + 1) * keys),
        );
      }
    });

    test('thumbnails of full size are the maps, and small ones keep the brightest cell', async () => {
      const [site] = trace.sites;
      assert.ok(site);
      const about = { trace: trace.trace, site: site.id };
      const cells = site.queries * site.keys;
      const full = await engine.thumbnails({ ...about, size: 256 }, context());
      const small = await engine.thumbnails({ ...about, size: 4 }, context());
      assert.deepEqual(
        [full.rows, full.columns, small.rows, small.columns],
        [site.queries, site.keys, 4, 4],
      );
      for (let head = 0; head < site.heads; head++) {
        const { values } = await engine.headMap({ ...about, head }, context());
        const maximum = values.reduce((most, value) => Math.max(most, value), 0);
        assert.equal(full.maximum[head], maximum);
        assert.equal(small.maximum[head], maximum);
        const shown = full.values.subarray(head * cells, (head + 1) * cells);
        for (const [cell, value] of values.entries()) {
          assert.ok(Math.abs((shown[cell] ?? NaN) - (255 * value) / maximum) <= 0.5 + 1e-3);
        }
        const pooled = small.values.subarray(head * 16, (head + 1) * 16);
        assert.equal(Math.max(...pooled), 255);
        assert.equal(pooled[3], 0, 'the corner of what comes later stays dark');
      }
    });

    test('tokens cut the text into pieces without a gap', () => {
      const own = tokens.filter(({ special }) => !special);
      let end = 0;
      for (const token of own) {
        assert.equal(token.start, end);
        assert.equal(TEXT.slice(token.start, token.end), token.text);
        ({ end } = token);
      }
      assert.equal(end, TEXT.length);
    });

    test('tokens but the first are rated by what precedes them', () => {
      const [first, ...others] = tokens;
      assert.equal(first?.prediction, undefined);
      for (const { prediction, text } of others) {
        assert.ok(prediction);
        const { probability, rank, best } = prediction;
        assert.ok(probability > 0 && probability <= 1);
        assert.ok(Number.isInteger(rank) && rank >= 1 && rank <= model.vocabulary);
        assert.equal(best.length, 3);
        const falling = best.map((one) => one.probability);
        assert.deepEqual(
          falling,
          [...falling].sort((a, b) => b - a),
        );
        if (rank === 1) {
          assert.equal(best[0]?.probability, probability);
          assert.equal(best[0].text, text);
        } else {
          assert.ok((best[0]?.probability ?? 0) > probability);
        }
        assert.ok(best.reduce((sum, one) => sum + one.probability, 0) <= 1 + 1e-9);
      }
    });

    test('ratings are those of generation', async () => {
      const options = { maxNewTokens: 1, temperature: 0, repetitionPenalty: 1 };
      const cut = tokens[6];
      assert.ok(cut);
      const text = TEXT.slice(0, cut.start);
      const answer = await engine.complete({ model: choice, text, options }, context());
      const [token] = answer.tokens;
      const [best] = cut.prediction?.best ?? [];
      assert.ok(best);
      if (token === undefined) {
        assert.equal(answer.stop, 'end');
      } else {
        assert.equal(best.text, token.text);
        assert.ok(Math.abs(best.probability - Math.exp(token.logprob)) < 1e-5);
      }
    });

    test('what a trace lacks is a failure', async () => {
      const [site] = trace.sites;
      assert.ok(site);
      const good = { trace: trace.trace, site: site.id, head: 0 };
      for (const call of [
        () => engine.headMap({ ...good, head: site.heads }, context()),
        () => engine.headMap({ ...good, site: 'blocks.99.attn' }, context()),
        () => engine.headRow({ ...good, query: site.queries }, context()),
        () => engine.thumbnails({ ...good, site: '', size: 8 }, context()),
      ]) {
        assert.equal((await rejection(call)).kind, 'input');
      }
    });

    test('of a long text the start is used, and the trace says so', async () => {
      const text = TEXT.repeat(Math.ceil(model.context / 8));
      const { tokens } = await engine.tokenize({ model: choice, text }, context());
      const long = await engine.trace({ model: choice, text }, context());
      assert.deepEqual(long.truncation, {
        used: model.context,
        total: tokens.length,
        context: model.context,
        kept: 'start',
      });
      assert.equal(long.sequences.decoder?.length, model.context);
      assert.equal(long.sites[0]?.keys, model.context);
      await engine.releaseTrace({ trace: long.trace }, context());
    });
  });
}

suite('engine/tasks/trace', () => {
  const { engine } = listen();
  const model = { folder: tinyModel('gpt2', 'with-cache') };
  const run = async (text: string): Promise<TraceSummary> =>
    engine.trace({ model, text }, context());
  const look = async ({ trace }: TraceSummary): Promise<unknown> =>
    engine.headMap({ trace, site: 'blocks.0.attn', head: 0 }, context());

  test('a released trace is gone, and releasing it again is no matter', async () => {
    const trace = await run('the cat');
    await look(trace);
    await engine.releaseTrace({ trace: trace.trace }, context());
    const { kind } = await rejection(() => look(trace));
    assert.equal(kind, 'gone');
    await engine.releaseTrace({ trace: trace.trace }, context());
  });

  test('the latest two are kept', async () => {
    const oldest = await run('the cat');
    const older = await run('the cat sat');
    const latest = await run('the');
    assert.equal((await rejection(() => look(oldest))).kind, 'gone');
    await look(older);
    await look(latest);
  });

  test('an answer is the caller’s own: changing it leaves the trace alone', async () => {
    const { trace } = await run('the cat');
    const params = { trace, site: 'blocks.0.attn', head: 1 };
    const first = await engine.headMap(params, context());
    const before = first.values.slice();
    first.values.fill(7);
    assert.deepEqual((await engine.headMap(params, context())).values, before);
    assert.equal(first.values.buffer.byteLength, first.values.byteLength);
  });

  for (const [family, text] of [
    ['gpt2', ''],
    ['llama', ''],
  ] as const) {
    test(`${family}: nothing to trace is a failure`, async () => {
      const model = { folder: tinyModel(family, 'with-cache') };
      const empty = (): unknown => engine.trace({ model, text }, context());
      assert.equal((await rejection(empty)).kind, 'input');
    });
  }
});

suite('engine/tasks/trace, a model whose layers are not all attention', () => {
  test('says how many of them have a map', async () => {
    const folder = tinyModel('llama', 'without-cache');
    const { engine } = listen();
    const { layers } = await engine.openModel({ model: { folder } }, context());
    const attentions = layers.decoder ?? 0;
    change(path.join(folder, 'config.json'), { num_hidden_layers: attentions + 3 });
    const changed = listen().engine;
    const { mapless } = await changed.trace({ model: { folder }, text: TEXT }, context());
    assert.deepEqual(mapless, [{ component: 'decoder', maps: attentions, layers: attentions + 3 }]);
  });
});
