import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import {
  createProcessors,
  enforceMinLength,
  suppressTokensAt,
  forbidRepeatedNgrams,
  forbidSequences,
  forceTokensAt,
  penalizeRepetition,
  type LogitsProcessor,
} from '../../../../src/engine/generation/logitsProcessors';
import { readGenerationConfig } from '../../../../src/library/generationConfig';
import { json } from '../../../support/engine/models';

/** What the logits processors of `transformers` make of scores; null is −∞. */
interface Expected {
  scores: number[];
  single: { name: string; arguments: unknown[]; ids: number[]; after: (number | null)[] }[];
  together: {
    settings: Record<string, unknown>;
    promptLength: number;
    maxLength: number;
    cases: { ids: number[]; after: (number | null)[] }[];
  };
}

const expected = json('processors.json') as Expected;

const makers: Record<string, (...given: never[]) => LogitsProcessor> = {
  penalizeRepetition,
  forbidRepeatedNgrams,
  forbidSequences: (sequences: number[][], end: number[]) =>
    forbidSequences(sequences, new Set(end)),
  delayEnd: (length: number, end: number[]) => enforceMinLength(length, new Set(end)),
  forceAt: (length: number, token: number) => forceTokensAt(length, [token]),
  forbidAt: suppressTokensAt,
};

function assertScores(found: Float32Array, wanted: readonly (number | null)[]): void {
  assert.equal(found.length, wanted.length);
  for (const [id, score] of wanted.entries()) {
    const own = found[id] as number;
    assert.ok(
      score === null ? own === -Infinity : Math.abs(own - score) < 1e-6,
      `token ${id}: ${own} and not ${score ?? '−∞'}`,
    );
  }
}

suite('engine/generation/logitsProcessors, against transformers', () => {
  for (const { name, arguments: given, ids, after } of expected.single) {
    test(`${name}(${JSON.stringify(given)}) after ${JSON.stringify(ids)}`, () => {
      const scores = Float32Array.from(expected.scores);
      makers[name]?.(...(given as never[]))(scores, ids);
      assertScores(scores, after);
    });
  }

  const { settings, promptLength, maxLength, cases } = expected.together;
  for (const { ids, after } of cases) {
    test(`all of a generation_config.json, in order, after ${JSON.stringify(ids)}`, () => {
      const rules = readGenerationConfig(settings, {});
      const { repetitionPenalty } = rules;
      assert.ok(repetitionPenalty !== undefined);
      const processors = createProcessors(rules, {
        repetitionPenalty,
        endIds: new Set(rules.endTokens),
        source: [],
        promptLength,
        maxLength,
      });
      assert.equal(processors.length, 8);
      const scores = Float32Array.from(expected.scores);
      for (const process of processors) {
        process(scores, ids);
      }
      assertScores(scores, after);
    });
  }

  test('without rules there is nothing to do', () => {
    const frame = { endIds: new Set([1]), source: [], promptLength: 1, maxLength: 9 };
    assert.deepEqual(createProcessors({}, frame), []);
    assert.deepEqual(createProcessors({}, { ...frame, repetitionPenalty: 1 }), []);
  });

  test('tokens outside the vocabulary are no matter', () => {
    const scores = Float32Array.of(1, 2);
    penalizeRepetition(2)(scores, [7]);
    suppressTokensAt(1, [7])(scores, [0]);
    forbidSequences([[7]], new Set())(scores, [0]);
    assert.deepEqual(scores, Float32Array.of(1, 2));
  });
});
