import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { Decoder } from '../../../../src/engine/generation/decoder';
import type { DecoderInterface } from '../../../../src/engine/generation/decoderInterface';
import { generate } from '../../../../src/engine/generation/generate';
import type { GenerationRules } from '../../../../src/engine/generation/logitsProcessors';
import type { GeneratedStep } from '../../../../src/engine/generation/step';
import type { Session } from '../../../../src/engine/runtime/session';
import type { Tensor } from '../../../../src/engine/runtime/tensor';
import type { StopReason } from '../../../../src/shared/generation';
import { rejection } from '../../../support/failures';

const VOCABULARY = 50;
const plain: DecoderInterface = {
  attentionMask: true,
  positionIds: true,
  encoderStates: false,
  encoderMask: false,
  cacheBranch: false,
};
const cached: DecoderInterface = {
  ...plain,
  cache: [
    {
      kind: 'growing',
      past: 'past_key_values.0.key',
      present: 'present.0.key',
      empty: { type: 'float32', dims: [1, 1, 0, 1] },
    },
  ],
};

/**
 * Stands in for a model: after token n comes n + 1. Its cache holds the tokens that it has seen, so
 * that a run with the wrong cache, mask or positions is noticed.
 */
class Counting implements Session {
  readonly feeds: ReadonlyMap<string, Tensor>[] = [];
  readonly fetches: (readonly string[])[] = [];

  run(
    feeds: ReadonlyMap<string, Tensor>,
    fetches: readonly string[],
  ): Promise<Map<string, Tensor>> {
    this.feeds.push(feeds);
    this.fetches.push(fetches);
    const past = numbers(feeds, 'past_key_values.0.key');
    const fresh = numbers(feeds, 'input_ids');
    const seen = [...past, ...fresh];
    assert.deepEqual(
      numbers(feeds, 'attention_mask'),
      seen.map(() => 1),
    );
    assert.deepEqual(
      numbers(feeds, 'position_ids'),
      fresh.map((_, index) => past.length + index),
    );
    const rows = fresh.length;
    const logits = new Float32Array(rows * VOCABULARY);
    for (const [row, token] of fresh.entries()) {
      logits[row * VOCABULARY + token + 1] = 9;
    }
    return Promise.resolve(
      new Map<string, Tensor>([
        ['logits', { type: 'float32', data: logits, dims: [1, rows, VOCABULARY] }],
        [
          'present.0.key',
          { type: 'float32', data: Float32Array.from(seen), dims: [1, 1, seen.length, 1] },
        ],
      ]),
    );
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

interface Run {
  ids: number[];
  stop: StopReason;
  session: Counting;
}

interface Setup {
  model?: DecoderInterface;
  prompt?: number[];
  maxNewTokens?: number;
  endIds?: number[];
  context?: number;
  signal?: AbortSignal;
  onStep?(count: number): void;
}

async function run({
  model = cached,
  prompt = [3, 4],
  maxNewTokens = 3,
  endIds = [],
  context = 100,
  signal = new AbortController().signal,
  onStep,
}: Setup): Promise<Run> {
  const session = new Counting();
  const steps = generate(
    new Decoder({ first: { session, interface: model } }),
    prompt,
    { maxNewTokens },
    { endIds: new Set(endIds), context },
    signal,
  );
  const ids: number[] = [];
  let step: IteratorResult<GeneratedStep, StopReason> = await steps.next();
  while (!step.done) {
    ids.push(step.value.id);
    onStep?.(ids.length);
    step = await steps.next();
  }
  return { ids, stop: step.value, session };
}

suite('engine/generation/generate', () => {
  test('with a cache each run computes its new tokens alone', async () => {
    const { ids, stop, session } = await run({});
    assert.deepEqual(ids, [5, 6, 7]);
    assert.equal(stop, 'length');
    assert.deepEqual(
      session.feeds.map((feeds) => numbers(feeds, 'input_ids')),
      [[3, 4], [5], [6]],
    );
    assert.deepEqual(
      session.feeds.map((feeds) => numbers(feeds, 'past_key_values.0.key')),
      [[], [3, 4], [3, 4, 5]],
    );
    assert.deepEqual(session.feeds[0]?.get('past_key_values.0.key')?.dims, [1, 1, 0, 1]);
    assert.deepEqual(session.fetches[0], ['logits', 'present.0.key']);
  });

  test('without a cache each run computes all tokens', async () => {
    const { ids, session } = await run({ model: plain });
    assert.deepEqual(ids, [5, 6, 7]);
    assert.deepEqual(
      session.feeds.map((feeds) => numbers(feeds, 'input_ids')),
      [
        [3, 4],
        [3, 4, 5],
        [3, 4, 5, 6],
      ],
    );
    assert.deepEqual(session.fetches[0], ['logits']);
  });

  test('a model that can be told returns one row of logits', async () => {
    const { session } = await run({ model: { ...cached, logitsToKeep: 'num_logits_to_keep' } });
    for (const feeds of session.feeds) {
      const { type, data, dims } = feeds.get('num_logits_to_keep') as Tensor;
      assert.deepEqual({ type, data: Array.from(data, Number), dims }, oneAsScalar);
    }
    assert.equal((await run({})).session.feeds[0]?.has('num_logits_to_keep'), false);
  });

  test('an end token ends the text and is not part of it', async () => {
    const { ids, stop, session } = await run({ maxNewTokens: 30, endIds: [40, 7] });
    assert.deepEqual(ids, [5, 6]);
    assert.equal(stop, 'end');
    assert.equal(session.feeds.length, 3);
  });

  test('an end token at once gives an empty text', async () => {
    assert.deepEqual((await run({ endIds: [5] })).ids, []);
  });

  test('the last token is predicted from a full context, and then it stops', async () => {
    const { ids, stop, session } = await run({ maxNewTokens: 30, context: 6 });
    assert.deepEqual(ids, [5, 6, 7, 8, 9]);
    assert.equal(stop, 'context');
    const last = session.feeds.at(-1);
    assert.equal(last && numbers(last, 'attention_mask').length, 6);
  });

  test('a limit reached just before the context is full is a limit', async () => {
    const { stop } = await run({ maxNewTokens: 4, context: 6 });
    assert.equal(stop, 'length');
  });

  test('a cancellation takes effect before the next run', async () => {
    const controller = new AbortController();
    const { ids, stop, session } = await run({
      maxNewTokens: 30,
      signal: controller.signal,
      onStep: (count) => {
        if (count === 4) {
          controller.abort();
        }
      },
    });
    assert.deepEqual(ids, [5, 6, 7, 8]);
    assert.equal(stop, 'cancelled');
    assert.equal(session.feeds.length, 4);
  });

  test('one that was cancelled beforehand runs nothing', async () => {
    const { ids, stop, session } = await run({ signal: AbortSignal.abort() });
    assert.deepEqual([ids, stop, session.feeds.length], [[], 'cancelled', 0]);
  });

  test('messages are handled between two tokens', async () => {
    const controller = new AbortController();
    const { ids, stop } = await run({
      maxNewTokens: 30,
      signal: controller.signal,
      onStep: (count) => {
        if (count === 1) {
          // As a message from another process comes in: not now, but at the next turn.
          setImmediate(() => controller.abort());
        }
      },
    });
    assert.equal(stop, 'cancelled');
    assert.deepEqual(ids, [5]);
  });

  test('the logarithm of the probability is the model’s own', async () => {
    const steps = generate(
      new Decoder({ first: { session: new Counting(), interface: plain } }),
      [3],
      { maxNewTokens: 1, temperature: 0.5, topK: 1, repetitionPenalty: 1.5 },
      { endIds: new Set(), context: 9 },
      new AbortController().signal,
    );
    const { value } = await steps.next();
    assert.ok(typeof value === 'object');
    assert.equal(value.id, 4);
    const expected = 9 - Math.log(Math.exp(9) + VOCABULARY - 1);
    assert.ok(Math.abs(value.logprob - expected) < 1e-12);
  });

  for (const bad of [NaN, Infinity]) {
    test(`logits with ${bad} are a failure and no token`, async () => {
      const session: Session = {
        run: () =>
          Promise.resolve(
            new Map<string, Tensor>([
              ['logits', { type: 'float32', data: Float32Array.of(0, bad, 1), dims: [1, 1, 3] }],
            ]),
          ),
        dispose: () => Promise.resolve(),
      };
      const steps = generate(
        new Decoder({ first: { session, interface: plain } }),
        [0],
        { maxNewTokens: 1, temperature: 1 },
        { endIds: new Set(), context: 9 },
        new AbortController().signal,
      );
      const { kind, where, remedy } = await rejection(() => steps.next());
      assert.deepEqual([kind, where], ['runtime', 'logits']);
      assert.equal(remedy.text, 'use the model’s file with float32 weights');
    });
  }

  test('rules that leave no token to begin with are a failure; later ones end the text', async () => {
    const session: Session = {
      run: () =>
        Promise.resolve(
          new Map<string, Tensor>([
            ['logits', { type: 'float32', data: Float32Array.of(0, 2, 1), dims: [1, 1, 3] }],
          ]),
        ),
      dispose: () => Promise.resolve(),
    };
    const begin = (rules: GenerationRules): AsyncGenerator<GeneratedStep, StopReason> =>
      generate(
        new Decoder({ first: { session, interface: plain } }),
        [0],
        { maxNewTokens: 9 },
        { endIds: new Set(), context: 9, rules },
        new AbortController().signal,
      );
    for (const rules of [{ suppressedTokens: [0, 1, 2, 7] }, { forcedBeginToken: 3 }]) {
      const { kind, where } = await rejection(() => begin(rules).next());
      assert.deepEqual([kind, where], ['model', 'generation_config.json']);
    }
    // Each token but the prompt's comes once.
    const steps = begin({ noRepeatNgramSize: 1 });
    const ids: number[] = [];
    let step = await steps.next();
    for (; !step.done; step = await steps.next()) {
      ids.push(step.value.id);
    }
    assert.deepEqual([ids, step.value], [[1, 2], 'end']);
  });
});

const oneAsScalar = { type: 'int64', data: [1], dims: [] };

/** A fed tensor's elements; none where it was not fed. */
function numbers(feeds: ReadonlyMap<string, Tensor>, name: string): number[] {
  return Array.from(feeds.get(name)?.data ?? [], Number);
}
