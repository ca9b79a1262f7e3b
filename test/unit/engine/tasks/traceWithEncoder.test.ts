import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import {
  keyTokens,
  queryTokens,
  type AttentionSite,
  type TracedToken,
  type TraceSummary,
} from '../../../../src/shared/attention';
import { rejection } from '../../../support/failures';
import { attendedPairs, attendedTexts, type Maps } from '../../../support/onnx/seq2seq';
import {
  change,
  context,
  listen,
  seq2seqReference,
  tinyEncoder,
  tinySeq2seq,
  type Decoders,
} from '../../../support/engine/models';

const TOLERANCE = 1e-5;
const ENCODER = ['encoder.blocks.0.attn self', 'encoder.blocks.1.attn self'];
const DECODER = [
  'decoder.blocks.0.attn masked',
  'decoder.blocks.1.attn masked',
  'decoder.blocks.0.cross_attn cross',
  'decoder.blocks.1.cross_attn cross',
];

suite('engine/tasks/trace, models with an encoder', () => {
  const { engine } = listen();
  const run = async (folder: string, text: string, target?: string): Promise<TraceSummary> =>
    engine.trace(
      { model: { folder }, text, ...(target === undefined ? {} : { target }) },
      context(),
    );

  /** Holds the maps of some sites, layer by layer, against those of `transformers`. */
  async function agree({ trace }: TraceSummary, sites: AttentionSite[], maps: Maps): Promise<void> {
    assert.equal(sites.length, maps.length);
    for (const { id: site, layer, heads } of sites) {
      assert.equal(heads, maps[layer]?.length);
      for (const [head, expected] of (maps[layer] ?? []).entries()) {
        const { values, queries, keys } = await engine.headMap({ trace, site, head }, context());
        assert.deepEqual([queries, keys], [expected.length, expected[0]?.length]);
        for (const [cell, p] of expected.flat().entries()) {
          const difference = Math.abs(p - (values[cell] ?? NaN));
          assert.ok(difference <= TOLERANCE, `${site}.${head} is off by ${difference}`);
        }
      }
    }
  }

  test('an encoder that stands alone is traced whatever it returns, and fills no blank', async () => {
    const folder = tinyEncoder();
    const file = path.join(folder, 'onnx/model.onnx');
    // As feature extractors do, it returns something else than logits under another name.
    writeFileSync(file, readFileSync(file).toString('latin1').replaceAll('logits', 'states'), {
      encoding: 'latin1',
    });
    const { sites } = await run(folder, 'the cat sat');
    assert.deepEqual(
      sites.map(({ id }) => id),
      ['blocks.0.attn', 'blocks.1.attn'],
    );
    const blank = { start: 4, end: 7 };
    const failure = await rejection(() =>
      engine.fillMask({ model: { folder }, text: 'the cat sat', blank, count: 3 }, context()),
    );
    assert.equal(failure.kind, 'unsupported');
  });

  for (const family of ['marian', 't5'] as const) {
    for (const decoders of ['merged', 'split', 'without-cache'] satisfies Decoders[]) {
      test(`${family}, ${decoders}: a given target is read as transformers reads it`, async () => {
        const model = tinySeq2seq(family, decoders);
        for (const pair of attendedPairs(family)) {
          const trace = await run(model, pair.text, pair.target);
          const { sequences, sites, target } = trace;
          assert.deepEqual(namesOf(sites), [...ENCODER, ...DECODER]);
          assert.deepEqual(idsOf(sequences.encoder), pair.ids);
          assert.deepEqual(idsOf(sequences.decoder), pair.decoderIds);
          assert.equal(target, pair.target);
          for (const site of sites) {
            assert.equal(queryTokens(sequences, site).length, site.queries, site.id);
            assert.equal(keyTokens(sequences, site).length, site.keys, site.id);
          }
          await agree(trace, ofKind(sites, 'self'), pair.encoder);
          await agree(trace, ofKind(sites, 'masked'), pair.decoder);
          await agree(trace, ofKind(sites, 'cross'), pair.cross);
        }
      });
    }

    test(`${family}: the mean of a layer of cross attention is that of its heads`, async () => {
      const [pair] = attendedPairs(family);
      assert.ok(pair);
      const { trace, sites } = await run(tinySeq2seq(family), pair.text, pair.target);
      for (const { id: site, layer, heads, keys } of ofKind(sites, 'cross')) {
        const maps = (pair.cross[layer] ?? []).map((map) => map.flat());
        const opened = await engine.headMap({ trace, site, head: 'mean' }, context());
        const mean = Array.from(opened.values, (_, cell) =>
          maps.reduce((sum, map) => sum + (map[cell] ?? NaN) / maps.length, 0),
        );
        for (const [cell, p] of mean.entries()) {
          assert.ok(Math.abs(p - (opened.values[cell] ?? NaN)) <= TOLERANCE);
        }
        assert.equal(opened.reading, undefined);
        assert.ok(opened.rows);
        const row = await engine.headRow({ trace, site, head: 'mean', query: 1 }, context());
        assert.deepEqual(row, opened.values.slice(keys, 2 * keys));
        const { values, maximum, rows, columns } = await engine.thumbnails(
          { trace, site, size: 64 },
          context(),
        );
        assert.equal(values.length, (heads + 1) * rows * columns);
        const largest = Math.max(...opened.values);
        assert.equal(maximum[heads], largest);
        const shown = values.subarray(heads * rows * columns);
        for (const [cell, p] of opened.values.entries()) {
          assert.ok(Math.abs((shown[cell] ?? NaN) - (255 * p) / largest) <= 0.5 + 1e-3);
        }
      }
      const [own] = sites;
      const { maximum } = await engine.thumbnails(
        { trace, site: own?.id ?? '', size: 64 },
        context(),
      );
      assert.equal(maximum.length, own?.heads);
    });

    test(`${family}: the decoder’s tokens are rated, the source’s are not`, async () => {
      const [pair] = attendedPairs(family);
      assert.ok(pair);
      const { sequences } = await run(tinySeq2seq(family), pair.text, pair.target);
      assert.ok(sequences.encoder?.every(({ prediction }) => prediction === undefined));
      const [start, ...others] = sequences.decoder ?? [];
      assert.equal(start?.prediction, undefined);
      for (const [index, { prediction, id }] of others.entries()) {
        const logprob = pair.logprobs[index] ?? NaN;
        assert.ok(Math.abs(Math.log(prediction?.probability ?? 0) - logprob) < 1e-4);
        const place: number = pair.best[index]?.indexOf(id) ?? -1;
        assert.equal(place < 0 ? 'worse' : place + 1, worseThanThird(prediction?.rank));
      }
    });

    test(`${family}: tokens stand for the characters of their own text`, async () => {
      const text = 'the cat sat. ';
      const target = 'die katze sass.';
      const { sequences } = await run(tinySeq2seq(family), text, target);
      for (const [tokens, whole] of [
        [sequences.encoder ?? [], text],
        [sequences.decoder ?? [], target],
      ] as const) {
        const own = tokens.filter(({ special }) => !special);
        assert.equal(own.map(({ start, end }) => whole.slice(start, end)).join(''), whole);
        for (const { start, end } of tokens.filter(({ special }) => special)) {
          assert.equal(start, end);
        }
      }
      const [start] = sequences.decoder ?? [];
      assert.ok(start?.special);
    });

    for (const { text, generated, decoded, options } of seq2seqReference(family).greedy) {
      if (options.max_new_tokens !== undefined) {
        continue;
      }
      test(`${family}: without a target, reads what it makes of “${text}”`, async () => {
        const { sequences, target } = await run(tinySeq2seq(family), text);
        const [, ...tokens] = idsOf(sequences.decoder);
        assert.equal(target, decoded);
        const cutShort = tokens.length < generated.length;
        assert.deepEqual(tokens, cutShort ? generated.slice(0, -1) : generated);
        const own = (sequences.decoder ?? []).filter(({ special }) => !special);
        assert.equal(own.map(({ start, end }) => decoded.slice(start, end)).join(''), decoded);
        // An output that the limit ends has no end of its own.
        assert.ok(!cutShort || generated.length === 11);
      });
    }
  }

  test('what is generated is rated as likely as it was to the generator', async () => {
    for (const family of ['marian', 't5'] as const) {
      const { text, logprobs } = seq2seqReference(family).greedy[1] ?? { text: '', logprobs: [] };
      const { sequences } = await run(tinySeq2seq(family), text);
      const rated = (sequences.decoder ?? []).slice(1).map(({ prediction }) => prediction);
      assert.equal(rated.length, logprobs.length);
      for (const [index, logprob] of logprobs.entries()) {
        assert.ok(Math.abs(Math.log(rated[index]?.probability ?? 0) - logprob) < 1e-4);
      }
    }
  });

  test('an empty target is a target', async () => {
    const { sequences, target } = await run(tinySeq2seq('marian'), 'the cat', '');
    assert.equal(target, '');
    assert.deepEqual(
      sequences.decoder?.map(({ text }) => text),
      ['<pad>', '</s>'],
    );
  });

  test('what the model wants in front of a source is no part of the text', async () => {
    const model = tinySeq2seq('t5');
    writeFileSync(
      path.join(model, 'headlight.json'),
      JSON.stringify({ task: 'summarize', prefix: 'then: ' }),
    );
    const plain = await run(tinySeq2seq('t5'), 'then: the cat', 'die');
    const { sequences } = await run(model, 'the cat', 'die');
    assert.deepEqual(idsOf(sequences.encoder), idsOf(plain.sequences.encoder));
    const own = sequences.encoder?.filter(({ special }) => !special) ?? [];
    assert.deepEqual(
      own.map(({ start, end }) => 'the cat'.slice(start, end)),
      ['the', ' cat'],
    );
    assert.equal((await rejection(() => run(model, ''))).kind, 'input');
  });

  test('bert: one stack of sites over all tokens, without ratings', async () => {
    const model = tinyEncoder();
    for (const { text, ids, encoder } of attendedTexts()) {
      const trace = await run(model, text);
      assert.deepEqual(namesOf(trace.sites), ['blocks.0.attn self', 'blocks.1.attn self']);
      assert.deepEqual(Object.keys(trace.sequences), ['encoder']);
      assert.deepEqual(idsOf(trace.sequences.encoder), ids);
      assert.ok(trace.sequences.encoder?.every(({ prediction }) => prediction === undefined));
      assert.equal(trace.target, undefined);
      await agree(trace, trace.sites, encoder);
    }
  });

  test('a text or a target that is too long keeps its start and its end token', async () => {
    const long = 'the cat sat on the mat. '.repeat(8);
    const model = tinySeq2seq('marian');
    const { context: window } = await engine.openModel({ model: { folder: model } }, context());
    const trace = await run(model, long, long);
    const { length } = (await engine.tokenize({ model: { folder: model }, text: long }, context()))
      .tokens;
    const cut = { used: window, context: window, kept: 'start' };
    assert.deepEqual(trace.truncation, { ...cut, total: length });
    assert.deepEqual(trace.targetTruncation, { ...cut, total: length + 1 });
    for (const component of ['encoder', 'decoder'] as const) {
      assert.equal(trace.sequences[component]?.length, window);
      assert.equal(trace.sequences[component].at(-1)?.text, '</s>');
    }
    const encoderOnly = await run(tinyEncoder(), long);
    assert.equal(encoderOnly.truncation?.used, 32);
    assert.equal(encoderOnly.sequences.encoder?.at(-1)?.text, '[SEP]');
  });

  test('nothing to trace is a failure', async () => {
    for (const model of [tinySeq2seq('marian'), tinySeq2seq('t5'), tinyEncoder()]) {
      assert.equal((await rejection(() => run(model, ''))).kind, 'input');
    }
  });

  test('a model that does not say what outputs begin with is refused by name', async () => {
    const model = tinySeq2seq('marian');
    for (const file of ['config.json', 'generation_config.json']) {
      change(path.join(model, file), { decoder_start_token_id: null, bos_token_id: null });
    }
    for (const target of ['die', undefined]) {
      const { kind, message } = await rejection(() => run(model, 'the cat', target));
      assert.equal(kind, 'model');
      assert.match(message, /decoder_start_token_id/);
    }
  });

  test('a trace that is aborted ends with the signal’s reason', async () => {
    const controller = new AbortController();
    const model = { folder: tinySeq2seq('t5') };
    controller.abort();
    await assert.rejects(
      async () => engine.trace({ model, text: 'the cat' }, context(controller.signal)),
      { name: 'AbortError' },
    );
  });
});

/** A rank, of which those beyond the third are not told apart. */
function worseThanThird(rank = Infinity): number | 'worse' {
  return rank > 3 ? 'worse' : rank;
}

function idsOf(tokens: TracedToken[] | undefined): number[] {
  return (tokens ?? []).map(({ id }) => id);
}

function namesOf(sites: AttentionSite[]): string[] {
  return sites.map(({ id, kind }) => `${id} ${kind}`);
}

function ofKind(sites: AttentionSite[], kind: AttentionSite['kind']): AttentionSite[] {
  return sites.filter((site) => site.kind === kind);
}
