import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { Decoder } from '../../../../src/engine/generation/decoder';
import { generate } from '../../../../src/engine/generation/generate';
import type { GenerationRules } from '../../../../src/engine/generation/logitsProcessors';
import type { Session } from '../../../../src/engine/runtime/session';
import type { Tensor } from '../../../../src/engine/runtime/tensor';
import type { StopReason } from '../../../../src/shared/generation';
import { rejection } from '../../../support/failures';

const [END, A, B, C, START] = [0, 1, 2, 3, 4];
const VOCABULARY = 5;

/** Probabilities of the tokens that may come after some tokens; others are all but impossible. */
type Continuations = Record<string, Partial<Record<number, number>>>;

/**
 * Greedy search takes `a` first, since it is the likeliest token, and gets 0.55 × 0.4 × 0.9; the
 * likeliest text is `b c`: 0.45 × 1 × 0.9. Either way `c` comes next and then the end.
 */
const GARDEN_PATH: Continuations = {
  [`${START}`]: { [A]: 0.55, [B]: 0.45 },
  [`${START},${A}`]: { [A]: 0.3, [B]: 0.3, [C]: 0.4 },
  [`${START},${B}`]: { [C]: 1 },
  [`${START},${A},${C}`]: { [END]: 0.9, [C]: 0.1 },
  [`${START},${B},${C}`]: { [END]: 0.9, [C]: 0.1 },
};

/** Stands in for a model: what may come is looked up by all tokens of a sequence. */
class Lookup implements Session {
  runs = 0;

  constructor(private readonly continuations: Continuations) {}

  run(feeds: ReadonlyMap<string, Tensor>): Promise<Map<string, Tensor>> {
    this.runs++;
    const ids = feeds.get('input_ids');
    assert.ok(ids?.type === 'int64');
    const [rows = 0, length = 0] = ids.dims;
    const logits = new Float32Array(rows * length * VOCABULARY).fill(-50);
    for (let row = 0; row < rows; row++) {
      const sequence = [...ids.data.subarray(row * length, (row + 1) * length)].join();
      const chances = Object.entries(this.continuations[sequence] ?? { [END]: 1 });
      for (const [id, chance = 0] of chances) {
        logits[((row + 1) * length - 1) * VOCABULARY + Number(id)] = Math.log(chance);
      }
    }
    const dims = [rows, length, VOCABULARY];
    return Promise.resolve(new Map([['logits', { type: 'float32', data: logits, dims }]]));
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

interface Search {
  continuations?: Continuations;
  beams?: number;
  maxNewTokens?: number;
  context?: number;
  rules?: GenerationRules;
  signal?: AbortSignal;
}

/** Searches, and notes after how many runs each token came. */
async function search({
  continuations = GARDEN_PATH,
  beams = 2,
  maxNewTokens = 8,
  context = 16,
  rules = {},
  signal = new AbortController().signal,
}: Search): Promise<{ ids: number[]; after: number[]; runs: number; stop: StopReason }> {
  const session = new Lookup(continuations);
  const decoder = new Decoder({
    first: {
      session,
      interface: {
        attentionMask: false,
        positionIds: false,
        encoderStates: false,
        encoderMask: false,
        cacheBranch: false,
      },
    },
  });
  const limits = { endIds: new Set([END]), context, rules };
  const steps = generate(decoder, [START], { maxNewTokens, beams }, limits, signal);
  const ids: number[] = [];
  const after: number[] = [];
  let step = await steps.next();
  for (; !step.done; step = await steps.next()) {
    ids.push(step.value.id);
    after.push(session.runs);
  }
  return { ids, after, runs: session.runs, stop: step.value };
}

suite('engine/generation/beamSearch', () => {
  test('finds a likelier text than always taking the likeliest token does', async () => {
    assert.deepEqual((await search({ beams: 1 })).ids, [A, C]);
    const { ids, stop } = await search({ beams: 2 });
    assert.deepEqual({ ids, stop }, { ids: [B, C], stop: 'end' });
  });

  test('a token comes as soon as all texts that may win have it, and not before', async () => {
    const { after, runs } = await search({
      continuations: {
        [`${START}`]: { [A]: 0.999, [B]: 0.001 },
        [`${START},${A}`]: { [B]: 0.5, [C]: 0.5 },
        [`${START},${A},${B}`]: { [END]: 0.2, [C]: 0.8 },
        [`${START},${A},${C}`]: { [END]: 1 },
      },
    });
    assert.equal(after[0], 2, 'both beams have begun with a');
    assert.ok((after[1] ?? 0) > 2, 'b and c are equally likely after two runs');
    assert.ok(runs >= 3);
  });

  test('ends at the limit and at the end of the context', async () => {
    const endless: Continuations = new Proxy({}, { get: () => ({ [A]: 0.6, [B]: 0.4 }) });
    const limited = await search({ continuations: endless, maxNewTokens: 3 });
    assert.deepEqual([limited.ids, limited.stop], [[A, A, A], 'length']);
    const full = await search({ continuations: endless, context: 2 });
    assert.deepEqual([full.ids, full.stop], [[A, A], 'context']);
  });

  test('an end that is forced at the limit is the limit’s doing', async () => {
    const endless: Continuations = new Proxy({}, { get: () => ({ [A]: 0.6, [B]: 0.4 }) });
    const { ids, stop } = await search({
      continuations: endless,
      maxNewTokens: 3,
      rules: { forcedEndTokens: [END] },
    });
    assert.deepEqual([ids, stop], [[A, A], 'length']);
  });

  test('cancelled between two steps, it keeps what has come and runs no more', async () => {
    const aborter = new AbortController();
    const endless: Continuations = new Proxy(
      {},
      {
        get: (_, sequence: string) => {
          if (sequence.split(',').length === 4) {
            aborter.abort();
          }
          return { [A]: 0.9, [B]: 0.1 };
        },
      },
    );
    const { ids, runs, stop } = await search({ continuations: endless, signal: aborter.signal });
    assert.equal(stop, 'cancelled');
    assert.equal(runs, 4);
    assert.ok(ids.every((id) => id === A));
  });

  test('rules that leave no token are a failure at the begin, and an end later', async () => {
    const suppressedTokens = [END, A, B, C, START];
    const failure = await rejection(() => search({ rules: { suppressedTokens } }));
    assert.match(failure.message, /generation settings leave no token/);
    const later = await search({
      rules: { suppressedTokens: [END, C, START], noRepeatNgramSize: 1 },
    });
    assert.equal(later.stop, 'end');
    assert.deepEqual([...later.ids].sort(), [A, B]);
  });
});
