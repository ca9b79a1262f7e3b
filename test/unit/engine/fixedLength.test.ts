import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import path from 'node:path';
import { encoderFeeds } from '../../../src/engine/generation/encoder';
import type { TraceSummary } from '../../../src/shared/attention';
import { inEnglish } from '../../../src/shared/failure';
import { agrees } from '../../../src/shared/verification';
import { rejection } from '../../support/failures';
import {
  change,
  context,
  encoderReference,
  generated,
  listen,
  seq2seqReference,
  tinyEncoder,
  tinyModel,
  tinySeq2seq,
  type Decoders,
  type WrittenReference,
} from '../../support/engine/models';
import { redeclareInputs, type Declaration } from '../../support/engine/redeclared';

const LENGTH = 24;
const fixed = (length: number | string = LENGTH, batch: number | string = 1): Declaration => ({
  dtype: 'int64',
  shape: [batch, length],
});
const states = (tokens: number | string, batch: number | string = 1): Declaration => ({
  dtype: 'float32',
  shape: [batch, tokens, 16],
});

suite('engine: graphs of a fixed length', () => {
  const { engine } = listen();

  /** A trace's maps and figures are those that the same graph gives without padding. */
  async function tracedAlike(folder: string, free: string, text: string): Promise<TraceSummary> {
    const [found, expected] = [
      await engine.trace({ model: { folder }, text }, context()),
      await engine.trace({ model: { folder: free }, text }, context()),
    ];
    assert.deepEqual(
      found.sites.map(({ statistics: _, ...site }) => site),
      expected.sites.map(({ statistics: _, ...site }) => site),
    );
    assert.equal(found.truncation, undefined);
    for (const [place, { id: site, heads, statistics }] of found.sites.entries()) {
      for (let head = 0; head < heads; head++) {
        const map = await engine.headMap({ trace: found.trace, site, head }, context());
        const free = await engine.headMap({ trace: expected.trace, site, head }, context());
        assert.equal(map.values.length, free.values.length);
        const difference = map.values.map((p, i) => Math.abs(p - (free.values[i] ?? NaN)));
        assert.ok(Math.max(...difference) <= 1e-5, `${site}.${head}: ${Math.max(...difference)}`);
        const { entropy = NaN } = statistics[head] ?? {};
        assert.ok(
          Math.abs(entropy - (expected.sites[place]?.statistics[head]?.entropy ?? NaN)) <= 1e-5,
        );
      }
    }
    for (const stack of ['encoder', 'decoder'] as const) {
      const tokens = found.sequences[stack] ?? [];
      assert.equal(tokens.length, expected.sequences[stack]?.length ?? 0);
      for (const [place, { prediction }] of tokens.entries()) {
        const free = expected.sequences[stack]?.[place]?.prediction;
        assert.equal(prediction?.rank, free?.rank);
        assert.ok(Math.abs((prediction?.probability ?? 0) - (free?.probability ?? 0)) <= 1e-6);
      }
    }
    return found;
  }

  test('an encoder fills blanks as transformers does, and its maps are of the text alone', async () => {
    const folder = tinyEncoder();
    const inputs = { input_ids: fixed(), attention_mask: fixed(), token_type_ids: fixed() };
    redeclareInputs(path.join(folder, 'onnx/model.onnx'), inputs);
    for (const { text, best, probabilities } of encoderReference().masked) {
      const start = text.indexOf('[MASK]');
      const { candidates } = await engine.fillMask(
        { model: { folder }, text, blank: { start, end: start + 6 }, count: 100 },
        context(),
      );
      const known = candidates.filter(({ id }) => best.includes(id));
      assert.ok(known.length >= 2);
      for (const { id, probability } of known) {
        const expected = probabilities[best.indexOf(id)] ?? NaN;
        assert.ok(Math.abs(probability - expected) <= 1e-5, `token ${id}`);
      }
    }
    const { trace } = await tracedAlike(folder, tinyEncoder(), 'the cat sat on the mat.');
    assert.ok(agrees(await engine.verify({ trace }, context())));
  });

  test('a text that is longer is cut, and the number is told', async () => {
    const folder = tinyEncoder();
    redeclareInputs(path.join(folder, 'onnx/model.onnx'), { input_ids: fixed() });
    const text = 'the cat sat on the mat. '.repeat(5);
    const { truncation, sites } = await engine.trace({ model: { folder }, text }, context());
    assert.equal(truncation?.used, LENGTH);
    assert.equal(sites[0]?.queries, LENGTH);
    const { context: most } = await engine.openModel({ model: { folder } }, context());
    assert.equal(most, LENGTH);
  });

  test('a decoder without a cache writes the tokens of transformers', async () => {
    const folder = tinyModel('gpt2', 'without-cache');
    redeclareInputs(path.join(folder, 'onnx/model.onnx'), {
      input_ids: fixed(),
      attention_mask: fixed(),
    });
    const { prompt, newIds, logprobs } = generated.gpt2;
    const options = { maxNewTokens: newIds.length };
    const { tokens } = await engine.complete(
      { model: { folder }, text: prompt, options },
      context(),
    );
    assert.deepEqual(
      tokens.map(({ id }) => id),
      newIds,
    );
    for (const [place, { logprob }] of tokens.entries()) {
      assert.ok(Math.abs(logprob - (logprobs[place] ?? NaN)) <= 1e-4);
    }
    await tracedAlike(folder, tinyModel('gpt2', 'without-cache'), prompt);
    const more = { model: { folder }, text: prompt, options: { maxNewTokens: 2 * LENGTH } };
    const { stop, tokens: all } = await engine.complete(more, context());
    assert.deepEqual([stop, all.length], ['context', LENGTH - 3 + 1]);
  });

  test('a decoder that reads one token at a time goes through the prompt so', async () => {
    const folder = tinyModel('gpt2', 'with-cache');
    redeclareInputs(path.join(folder, 'onnx/model.onnx'), {
      input_ids: fixed(1),
      position_ids: fixed(1),
    });
    const { prompt, newIds } = generated.gpt2;
    const options = { maxNewTokens: newIds.length };
    const { tokens } = await engine.complete(
      { model: { folder }, text: prompt, options },
      context(),
    );
    assert.deepEqual(
      tokens.map(({ id }) => id),
      newIds,
    );
  });

  test('encoder and decoder of an encoder–decoder model', async () => {
    const folder = fixedSeq2seq();
    for (const { text, decoded, options } of seq2seqReference('marian').greedy) {
      const params = { model: { folder }, text, options: limitOf(options) };
      const answer = await engine.translate(params, context());
      assert.equal(answer.text.trim(), decoded.trim());
    }
    const [first] = seq2seqReference('marian').greedy;
    const free = tinySeq2seq('marian', 'without-cache');
    const { trace } = await tracedAlike(folder, free, first?.text ?? '');
    assert.ok(agrees(await engine.verify({ trace }, context())));
  });

  for (const decoders of ['without-cache', 'split', 'merged'] as const) {
    test(`beams go one after the other through a graph with a batch of 1: ${decoders}`, async () => {
      for (const { text, decoded, options } of seq2seqReference('marian').beams.slice(0, 3)) {
        const folder = tinySeq2seq('marian', decoders);
        oneTextAtATime(folder, decoders);
        change(path.join(folder, 'generation_config.json'), {
          ...options,
          max_new_tokens: undefined,
        });
        const params = { model: { folder }, text, options: limitOf(options) };
        const answer = await engine.translate(params, context());
        assert.equal(answer.text.trim(), decoded.trim());
      }
    });
  }

  const cached = (inputs: Record<string, Declaration>) => () => {
    const folder = tinyModel('gpt2', 'with-cache');
    redeclareInputs(path.join(folder, 'onnx/model.onnx'), inputs);
    return folder;
  };
  const past = (length: number): Declaration => ({
    dtype: 'float32',
    shape: ['batch', 2, length, 8],
  });
  for (const [title, folder, says] of [
    ['a cache of fixed length', cached({ 'past_key_values.0.key': past(16) }), /\b16 tokens/],
    ['several tokens at once and a cache', cached({ input_ids: fixed(24) }), /\b24 tokens/],
    ['a mask of fixed length and a cache', cached({ attention_mask: fixed(24) }), /\b24 tokens/],
    ['several texts at once', cached({ input_ids: fixed('tokens', 8) }), /\b8 texts/],
    [
      'ids without a batch',
      cached({ input_ids: { dtype: 'int64', shape: [7] } }),
      /“input_ids” in the shape \[7\]/,
    ],
    [
      'a first step that would put padding into the cache',
      () => {
        const folder = tinySeq2seq('marian', 'split');
        redeclareInputs(path.join(folder, 'onnx/decoder_model.onnx'), { input_ids: fixed(12) });
        return folder;
      },
      /\b12 tokens/,
    ],
  ] as const) {
    test(`refused with the number: ${title}`, async () => {
      const model = { folder: folder() };
      const { kind, what, where } = await rejection(async () =>
        engine.openModel({ model }, context()),
      );
      assert.equal(kind, 'unsupported');
      assert.match(inEnglish(what), says);
      assert.match(where ?? '', /onnx\/\w+\.onnx$/);
    });
  }

  test('refused with both numbers: a text that cannot be filled up, and one that is too long', async () => {
    const model = {
      attentionMask: false,
      tokenTypeIds: false,
      positionIds: false,
      output: 'logits',
    };
    const unmasked = await rejection(() => encoderFeeds({ ...model, length: 24 }, [1, 2, 3]));
    assert.match(inEnglish(unmasked.what), /exactly 24 tokens .* has 3, .*“attention_mask”/);
    assert.equal(encoderFeeds({ ...model, length: 3 }, [1, 2, 3]).size, 1);
    const folder = cached({ input_ids: fixed(1), position_ids: fixed(1) })();
    const long = await rejection(async () =>
      engine.trace({ model: { folder }, text: 'the cat sat' }, context()),
    );
    assert.match(inEnglish(long.what), /exactly 1 tokens at once, and the text has 3/);
  });
});

function limitOf({ max_new_tokens: maxNewTokens }: WrittenReference['options']) {
  return maxNewTokens === undefined ? {} : { maxNewTokens };
}

/** A copy of the tiny Marian model whose encoder reads 24 tokens, and whose decoder reads 20. */
function fixedSeq2seq(): string {
  const folder = tinySeq2seq('marian', 'without-cache');
  redeclareInputs(path.join(folder, 'onnx/encoder_model.onnx'), {
    input_ids: fixed(),
    attention_mask: fixed(),
  });
  redeclareInputs(path.join(folder, 'onnx/decoder_model.onnx'), {
    input_ids: fixed(20),
    encoder_attention_mask: fixed(),
    encoder_hidden_states: states(LENGTH),
  });
  return folder;
}

function oneTextAtATime(folder: string, decoders: Decoders): void {
  const ids = { input_ids: fixed('tokens'), encoder_attention_mask: fixed('source') };
  const first = { ...ids, encoder_hidden_states: states('source') };
  const file = (name: string): string => path.join(folder, `onnx/${name}.onnx`);
  redeclareInputs(file(decoders === 'merged' ? 'decoder_model_merged' : 'decoder_model'), first);
  if (decoders === 'split') {
    redeclareInputs(file('decoder_with_past_model'), ids);
  }
}
