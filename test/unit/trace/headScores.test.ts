import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { chanceScore, headScores, SCORE_LIMIT, scoredKind } from '../../../src/trace/headScores';

const START = 1;
const LENGTH = 4;
const TOKENS = START + 2 * LENGTH;

/** A masked head that pays 0.7 to one key of each query of the second copy, the rest to the first key. */
function head(key: (query: number) => number): Float32Array {
  const map = new Float32Array(TOKENS * TOKENS);
  for (let query = 0; query < TOKENS; query++) {
    const row = map.subarray(query * TOKENS, (query + 1) * TOKENS);
    row[0] = query < START + LENGTH ? 1 : 0.3;
    if (query >= START + LENGTH) {
      row[key(query)] = 0.7;
    }
  }
  return map;
}

/** Scores without the rounding of single precision. */
function scores(key: (query: number) => number): number[] {
  const found = headScores(head(key), TOKENS, { start: START, length: LENGTH });
  return [found.induction, found.duplicateToken, found.previousToken].map(
    (score) => Math.round(score * 1e6) / 1e6,
  );
}

suite('trace/headScores', () => {
  test('an induction head looks at what followed the first copy of its token', () => {
    // Of ^ABCDABCD the second A looks at the first B, and so on; D at the second A.
    assert.deepEqual(
      scores((query) => query - LENGTH + 1),
      [0.7, 0, 0],
    );
  });

  test('a duplicate-token head looks at the first copy of its token', () => {
    assert.deepEqual(
      scores((query) => query - LENGTH),
      [0, 0.7, 0],
    );
  });

  test('a previous-token head looks at the token before', () => {
    assert.deepEqual(
      scores((query) => query - 1),
      [0, 0, 0.7],
    );
  });

  test('a head that always looks at one token is none of them', () => {
    // The first B: what followed the first A, the first copy of B, and the token before none.
    assert.deepEqual(
      scores(() => START + 1),
      [0.175, 0.175, 0],
    );
  });

  test('a head is what it finds on random tokens; finding what followed makes it an induction head', () => {
    const scores = { induction: 0.1, duplicateToken: 0.1, previousToken: 0.1 };
    const [reached, short] = [SCORE_LIMIT, SCORE_LIMIT - 1e-6];
    assert.equal(scoredKind({ ...scores, induction: reached, duplicateToken: 0.5 }), 'induction');
    assert.equal(scoredKind({ ...scores, induction: short, previousToken: 0.5 }), 'previousToken');
    assert.equal(
      scoredKind({ ...scores, duplicateToken: 0.5, previousToken: 0.45 }),
      'duplicateToken',
    );
    const none = { induction: short, duplicateToken: short, previousToken: short };
    assert.equal(scoredKind(none), undefined);
  });

  test('chance is that of all keys that a query sees', () => {
    const sequence = { start: START, length: LENGTH };
    const masked = chanceScore(TOKENS, sequence, true);
    assert.ok(Math.abs(masked - (1 / 6 + 1 / 7 + 1 / 8 + 1 / 9) / 4) < 1e-12);
    assert.ok(Math.abs(chanceScore(TOKENS + 1, sequence, false) - 1 / 10) < 1e-12);
  });
});
