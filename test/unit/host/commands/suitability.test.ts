import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { unsuitability } from '../../../../src/host/commands/suitability';
import type { ModelUse } from '../../../../src/host/settings';
import { inEnglish } from '../../../../src/shared/failure';

const folder = 'a/model';
const models = {
  'decoder-only': { decoder: 6 },
  'encoder-only': { encoder: 4 },
  'encoder–decoder': { encoder: 4, decoder: 2 },
} as const;

const suits: Record<ModelUse, readonly (keyof typeof models)[]> = {
  complete: ['decoder-only'],
  translate: ['encoder–decoder'],
  summarize: ['encoder–decoder'],
  fillMask: ['encoder-only'],
  trace: ['decoder-only', 'encoder-only', 'encoder–decoder'],
};

suite('host/commands/suitability', () => {
  for (const use of Object.keys(suits) as ModelUse[]) {
    for (const kind of Object.keys(models) as (keyof typeof models)[]) {
      const suitable = suits[use].includes(kind);
      test(`${use}: ${kind} ${suitable ? 'will do' : 'is refused'}`, () => {
        const problem = unsuitability({ layers: models[kind], folder }, use);
        assert.equal(problem === undefined, suitable);
        if (problem) {
          assert.equal(problem.where, folder);
          assert.match(inEnglish(problem.todo), /such as/);
        }
      });
    }
  }

  test('a decoder without an output layer is traced, and asked for nothing else', () => {
    const summary = { layers: models['decoder-only'], folder, instead: 'last_hidden_state' };
    assert.equal(unsuitability(summary, 'trace'), undefined);
    const problem = unsuitability(summary, 'complete');
    assert.ok(problem && inEnglish(problem.what).includes('“last_hidden_state”'));
  });
});
