import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import {
  argMax,
  candidates,
  createSampler,
  type SamplingOptions,
} from '../../../../src/engine/generation/sampling';
import { penalizeRepetition } from '../../../../src/engine/generation/logitsProcessors';
import { json } from '../../../support/engine/models';

/** What the logits processors of `transformers` leave. */
interface Expected {
  logits: number[];
  previous: number[];
  cases: {
    options: SamplingOptions & { repetitionPenalty?: number };
    probabilities: number[];
  }[];
  greedy: number;
  greedyPenalized: { repetitionPenalty: number; id: number };
}

const expected = json('sampling.json') as Expected;
const logits = Float32Array.from(expected.logits);
const { previous } = expected;

suite('engine/generation/sampling', () => {
  for (const { options, probabilities } of expected.cases) {
    test(`probabilities equal those of transformers: ${JSON.stringify(options)}`, () => {
      const scores = logits.slice();
      penalizeRepetition(options.repetitionPenalty ?? 1)(scores, previous);
      const found = candidates(scores, options);
      const byId = new Map(found.map(({ id, probability }) => [id, probability]));
      for (const [id, probability] of probabilities.entries()) {
        const difference = Math.abs((byId.get(id) ?? 0) - probability);
        assert.ok(difference < 1e-6, `token ${id} is off by ${difference}`);
      }
      const kept = probabilities.filter((probability) => probability > 1e-12).length;
      assert.equal(found.filter(({ probability }) => probability > 1e-12).length, kept);
      const falling = [...found].sort((a, b) => b.probability - a.probability);
      assert.deepEqual(found, falling);
    });
  }

  test('greedy takes the most likely token, the first of equals', () => {
    assert.equal(createSampler({})(logits), expected.greedy);
    assert.equal(createSampler({ temperature: 0, seed: 3 })(logits), expected.greedy);
    assert.equal(argMax(Float32Array.of(1, 4, 4, 2)), 1);
  });

  test('a penalty makes greedy decoding leave what occurred', () => {
    const { repetitionPenalty, id } = expected.greedyPenalized;
    const scores = logits.slice();
    penalizeRepetition(repetitionPenalty)(scores, [expected.greedy]);
    assert.equal(createSampler({})(scores), id);
    assert.notEqual(id, expected.greedy);
  });

  test('a token outside the vocabulary is no matter to the penalty', () => {
    const scores = logits.slice();
    penalizeRepetition(2)(scores, [999]);
    assert.deepEqual(scores, logits);
  });

  test('the same seed draws the same tokens, another one others', () => {
    const draws = (seed: number): number[] => {
      const sample = createSampler({ temperature: 2, seed });
      return Array.from({ length: 40 }, () => sample(logits));
    };
    assert.deepEqual(draws(42), draws(42));
    assert.notDeepEqual(draws(42), draws(43));
  });

  test('many draws come as often as their probabilities say', () => {
    const options = { temperature: 2, topK: 8, seed: 1 };
    const sample = createSampler(options);
    const count = 20_000;
    const counts = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      const id = sample(logits);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const likely = candidates(logits, options);
    assert.equal(likely.length, 8);
    assert.deepEqual(
      [...counts.keys()].sort((a, b) => a - b),
      likely.map(({ id }) => id).sort((a, b) => a - b),
    );
    const chiSquared = likely.reduce((sum, { id, probability }) => {
      const wanted = probability * count;
      return sum + ((counts.get(id) ?? 0) - wanted) ** 2 / wanted;
    }, 0);
    // 7 degrees of freedom: 24.3 is exceeded once in a thousand.
    assert.ok(chiSquared < 24.3, `χ² = ${chiSquared}`);
  });

  test('a temperature next to 0 takes the most likely token', () => {
    const [only, ...others] = candidates(logits, { temperature: 1e-6 });
    assert.deepEqual(only, { id: expected.greedy, probability: 1 });
    assert.deepEqual(others, []);
  });

  test('tokens of probability 0 are never drawn', () => {
    const some = Float32Array.of(-Infinity, 0, -Infinity, 0);
    const found = candidates(some, { temperature: 5 });
    assert.deepEqual(found, [
      { id: 1, probability: 0.5 },
      { id: 3, probability: 0.5 },
    ]);
  });
});
