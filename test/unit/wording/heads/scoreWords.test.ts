import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { MeasuredScores } from '../../../../src/shared/attention';
import { inEnglish } from '../../../../src/shared/failure';
import { scoreWords } from '../../../../src/wording/heads/scoreWords';

suite('wording/heads/scoreWords', () => {
  test('on random tokens it is said whether that makes an induction head', () => {
    const scores = { induction: 0.02, duplicateToken: 0.01, previousToken: 0.05 };
    const said = (more: Partial<MeasuredScores>): string =>
      inEnglish(scoreWords({ ...scores, chance: 0.0135, limit: 0.4, ...more }));
    assert.equal(
      said({ kind: 'induction', induction: 0.42, duplicateToken: 0.5 }),
      'Induction head: on repeated random tokens, 42% of its attention goes to the token that followed last time (by chance 1.4%; the label begins at 40%).',
    );
    assert.match(
      said({ kind: 'duplicateToken', duplicateToken: 0.5 }),
      /^Duplicate-token head: .* 50% .*by chance 1\.4%.* no induction head here: 2% goes/,
    );
    assert.match(
      said({ kind: 'previousToken', previousToken: 0.5 }),
      /^Previous-token head: on random tokens, 50% .* no induction head here: 2% goes/,
    );
    assert.match(
      said({}),
      /^No induction head here: .* 2% .*\(by chance 1\.4%; the label begins at 40%\).* with 1\.0% .* with 5% on the token before\.$/,
    );
    assert.match(inEnglish(scoreWords(undefined)), /too few tokens/);
  });

  test('a score below the figure that a label begins at never reads as that figure', () => {
    const scores = { induction: 0.1, duplicateToken: 0.1, previousToken: 0.1 };
    const measured = { ...scores, chance: 0.02, limit: 0.4 };
    for (const [score, percent] of [
      [0.394, '39'],
      [0.396, '39.6'],
      [0.39999, '39.9'],
    ] as const) {
      for (const which of ['induction', 'duplicateToken', 'previousToken'] as const) {
        const said = inEnglish(scoreWords({ ...measured, [which]: score }));
        assert.match(said, /^No induction head here: .* begins at 40%\)/);
        assert.deepEqual(
          said.match(/[\d.]+(?=%)/g)?.filter((figure) => figure.startsWith('39')),
          [percent],
        );
        assert.equal(said.split('40%').length, 2);
      }
    }
    assert.match(
      inEnglish(scoreWords({ ...measured, kind: 'induction', induction: 0.4 })),
      /^Induction head: .* 40% of/,
    );
  });
});
