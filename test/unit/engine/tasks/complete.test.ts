import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type {
  Completion,
  GeneratedText,
  GenerationOptions,
} from '../../../../src/shared/generation';
import { rejection } from '../../../support/failures';
import {
  change,
  context,
  generated,
  listen,
  tinyModel,
  type Family,
  type Generated,
  type Graph,
  type Listened,
} from '../../../support/engine/models';

const graphs: [Family, Graph, tolerance: number][] = [
  ['llama', 'with-cache', 1e-5],
  ['llama', 'without-cache', 1e-5],
  // Keys and values lose 13 of their 24 bits.
  ['llama', 'half-cache', 1e-2],
  ['gpt2', 'with-cache', 1e-5],
  ['gpt2', 'without-cache', 1e-5],
];
const CONTEXT = 32;

suite('engine/tasks/complete', () => {
  for (const [family, graph, tolerance] of graphs) {
    test(`${family}, ${graph}: tokens and log-probabilities of transformers`, async () => {
      const { engine } = listen();
      const model = tinyModel(family, graph);
      const { prompt, newIds, logprobs } = generated[family];
      const reported: unknown[] = [];
      const answer = await engine.complete(
        { model: { folder: model }, text: prompt, options: { maxNewTokens: newIds.length } },
        context(undefined, reported),
      );
      assert.deepEqual(
        answer.tokens.map(({ id }) => id),
        newIds,
      );
      for (const [index, { logprob }] of answer.tokens.entries()) {
        const difference = Math.abs(logprob - (logprobs[index] as number));
        assert.ok(difference < tolerance, `log-probability ${index} is off by ${difference}`);
      }
      assert.equal(answer.stop, 'length');
      assert.equal(answer.truncation, undefined);
      const steps = reported as GeneratedText[];
      assert.deepEqual(
        steps.map(({ token }) => token),
        answer.tokens,
      );
      assert.equal(steps.map(({ delta }) => delta).join(''), answer.text);
      const summary = await engine.openModel({ model: { folder: model } }, context());
      assert.equal(summary.keyValueCache, graph !== 'without-cache');
    });
  }

  test('the tokens of the prompt are those that transformers was given', async () => {
    const { engine } = listen();
    for (const family of ['llama', 'gpt2'] as const) {
      const { prompt, ids } = generated[family];
      const { tokens } = await engine.tokenize(
        { model: { folder: tinyModel(family, 'with-cache') }, text: prompt },
        context(),
      );
      assert.deepEqual(
        tokens.map(({ id }) => id),
        ids,
      );
    }
  });

  test('timing tells loading, prefill and decoding apart', async () => {
    const { engine } = listen();
    const params = request('gpt2', { maxNewTokens: 5 });
    const { timing } = await engine.complete(params, context());
    assert.ok(timing.loadMs > 0 && timing.prefillMs > 0 && timing.decodeMs > 0);
    const speed = 4000 / timing.decodeMs;
    assert.ok(Math.abs(timing.tokensPerSecond - speed) < 1e-6 * speed);
    const one = await engine.complete(
      { ...params, options: { maxNewTokens: 1, temperature: 0 } },
      context(),
    );
    assert.equal(one.timing.tokensPerSecond, 0);
  });

  test('generation_config.json ends a text, and its end token is no part of it', async () => {
    const { newIds } = generated.llama;
    const params = request('llama', { maxNewTokens: 16 });
    change(path.join(params.model.folder, 'generation_config.json'), {
      eos_token_id: [999, newIds[4]],
    });
    const answer = await listen().engine.complete(params, context());
    assert.equal(answer.stop, 'end');
    assert.deepEqual(idsOf(answer), newIds.slice(0, 4));
  });

  test('a model that calls itself unreliable gets a warning', async () => {
    const params = request('gpt2', { maxNewTokens: 1 });
    writeFileSync(path.join(params.model.folder, 'headlight.json'), '{"reliable":false}');
    const { warnings } = await listen().engine.complete(params, context());
    assert.ok(warnings.some(({ kind }) => kind === 'unreliable'));
  });

  test('a text goes on until the context is full', async () => {
    const answer = await listen().engine.complete(
      request('gpt2', { maxNewTokens: 1000 }),
      context(),
    );
    assert.equal(answer.stop, 'context');
    // The last token is predicted from a full window and stands behind it.
    assert.equal(answer.tokens.length, CONTEXT - generated.gpt2.ids.length + 1);
  });

  test('of a long prompt the end and the begin token are used, and the answer says so', async () => {
    const { engine } = listen();
    const model = { folder: tinyModel('llama', 'with-cache') };
    const long = 'and '.repeat(40) + generated.llama.prompt;
    const { tokens } = await engine.tokenize({ model, text: long }, context());
    const answer = await engine.complete(
      { model, text: long, options: { maxNewTokens: 8 } },
      context(),
    );
    assert.deepEqual(answer.truncation, {
      used: CONTEXT - 8,
      total: tokens.length,
      context: CONTEXT,
      kept: 'end',
    });
    const tail = long.slice(tokens.at(1 - (CONTEXT - 8))?.start);
    const short = await engine.complete(
      { model, text: tail, options: { maxNewTokens: 8 } },
      context(),
    );
    assert.equal(short.truncation, undefined);
    assert.deepEqual(idsOf(answer), idsOf(short));
  });

  test('cancelled between two tokens: what came stays', async () => {
    const controller = new AbortController();
    let count = 0;
    const answer = await listen().engine.complete(request('gpt2', { maxNewTokens: 16 }), {
      signal: controller.signal,
      report: () => {
        if (++count === 5) {
          controller.abort();
        }
      },
    });
    assert.equal(answer.stop, 'cancelled');
    assert.deepEqual(idsOf(answer), generated.gpt2.newIds.slice(0, 5));
    assert.notEqual(answer.text, '');
  });

  test('an empty text starts with the begin token: the tokenizer’s, or that of the configuration', async () => {
    const { engine } = listen();
    const options = { maxNewTokens: 6 };
    const model = { folder: tinyModel('llama', 'with-cache') };
    const begun = await engine.complete({ model, text: '', options }, context());
    assert.ok(begun.tokens.length > 0);

    const bare = tinyModel('gpt2', 'with-cache');
    change(path.join(bare, 'generation_config.json'), { bos_token_id: 34 });
    const configured = await engine.complete(
      { model: { folder: bare }, text: '', options },
      context(),
    );
    // Token 34 is the word “the”.
    const written = await engine.complete(
      { model: { folder: bare }, text: 'the', options },
      context(),
    );
    assert.deepEqual(idsOf(configured), idsOf(written));
  });

  test('an empty text without a begin token is a failure', async () => {
    const { engine, activities } = listen();
    const params = { ...request('gpt2', { maxNewTokens: 4 }), text: '' };
    const { kind } = await rejection(() => engine.complete(params, context()));
    assert.equal(kind, 'input');
    assert.equal(activities.at(-1)?.state, 'ready', 'the model is none the worse for it');
  });

  test('a seed repeats a text; without one it differs', async () => {
    const { engine } = listen();
    const params = (seed?: number): ReturnType<typeof request> => ({
      ...base,
      options: { maxNewTokens: 16, temperature: 3, ...(seed === undefined ? {} : { seed }) },
    });
    const base = request('llama', { maxNewTokens: 1 });
    const run = async (seed?: number): Promise<number[]> =>
      idsOf(await engine.complete(params(seed), context()));
    assert.deepEqual(await run(5), await run(5));
    assert.notDeepEqual(await run(5), await run(6));
    assert.notDeepEqual(await run(), await run());
  });

  test('generation_config.json recommends, the caller decides', async () => {
    const params = request('gpt2', { maxNewTokens: 16 });
    change(path.join(params.model.folder, 'generation_config.json'), {
      do_sample: true,
      temperature: 4,
      top_k: 1,
    });
    const { engine } = listen();
    const recommended = await engine.complete(params, context());
    assert.deepEqual(idsOf(recommended), generated.gpt2.newIds, 'top-k 1 leaves one token');
    const overruled = await engine.complete(
      { ...params, options: { ...params.options, topK: 0, seed: 1 } },
      context(),
    );
    assert.notDeepEqual(idsOf(overruled), generated.gpt2.newIds);
    const greedy = await engine.complete(
      { ...params, options: { ...params.options, topK: 0, temperature: 0 } },
      context(),
    );
    assert.deepEqual(idsOf(greedy), generated.gpt2.newIds);
  });

  test('two at once do not disturb each other', async () => {
    const { engine, activities }: Listened = listen();
    const answers = await Promise.all(
      (['llama', 'gpt2', 'llama'] as const).map(async (family) =>
        engine.complete(request(family, { maxNewTokens: 16 }), context()),
      ),
    );
    const expected: Generated[] = [generated.llama, generated.gpt2, generated.llama];
    assert.deepEqual(
      answers.map(idsOf),
      expected.map(({ newIds }) => newIds),
    );
    assert.equal(activities.at(-1)?.state, 'ready');
  });
});

interface Request {
  model: { folder: string };
  text: string;
  options: GenerationOptions;
}

function request(family: Family, options: GenerationOptions): Request {
  return {
    model: { folder: tinyModel(family, 'with-cache') },
    text: generated[family].prompt,
    options,
  };
}

function idsOf({ tokens }: Completion): number[] {
  return tokens.map(({ id }) => id);
}
