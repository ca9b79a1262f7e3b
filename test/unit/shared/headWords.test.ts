import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { HeadKind, HeadReading } from '../../../src/shared/attention';
import { inEnglish } from '../../../src/shared/failure';
import { headWords, scoreWords } from '../../../src/shared/headWords';

/** Sentence for a reading of 74% where chance gives 12%, of 5 of 20 queries. */
function words(kind: HeadKind): string {
  const queries = { counted: 5, all: 20 };
  return inEnglish(headWords({ kind, figure: 0.741, chance: 0.1234, queries }));
}

const target = (label: string, figure: number, chance: number) => ({ label, figure, chance });

suite('shared/headWords', () => {
  test('a label names its figure and that of chance, and says that it is about this text', () => {
    const kinds: HeadKind[] = [
      'previousToken',
      'nextToken',
      'firstToken',
      'self',
      'sameToken',
      'separator',
      'positional',
    ];
    for (const kind of kinds) {
      assert.match(words(kind), /head: .*74%.*by chance 12%\)\.$/);
      assert.match(words(kind), /(on|in) this text/);
    }
    assert.match(words('broad'), /on this text.* 74% of the entropy that .* alike/);
    assert.match(words('aligning'), /on this text.*74% of what is possible.* 0%/);
    assert.match(words('monotone'), /on this text.*correlation 0\.74, by chance 0/);
  });

  test('a label of some queries says of how many', () => {
    assert.match(words('sameToken'), /\(5 of 20 tokens\)/);
    assert.doesNotMatch(words('separator'), /5 of 20/);
  });

  const cases: [HeadReading & { kind: 'mixed' }, string][] = [
    [
      { kind: 'mixed', targets: [] },
      'No token of this text gets much more of its attention than chance would give.',
    ],
    [
      { kind: 'mixed', targets: [target('<s>', 0.48, 0.125)] },
      'Looks most at “<s>” (48%), on average over this text; by chance it would get 13%.',
    ],
    [
      { kind: 'mixed', targets: [target('·the', 0.21, 0.04), target('.', 0.12, 0.04)] },
      'Looks most at “·the” (21%) and “.” (12%), on average over this text; by chance each would get 4%.',
    ],
    [
      { kind: 'mixed', targets: [target('·the', 0.21, 0.08), target('.', 0.12, 0.04)] },
      'Looks most at “·the” (21%) and “.” (12%), on average over this text; by chance they would get 8% and 4%.',
    ],
    [
      {
        kind: 'mixed',
        targets: [target('·the', 0.21, 0.04), target('·file', 0.12, 0.04), target('.', 0.09, 0.04)],
      },
      'Looks most at “·the” (21%), “·file” (12%) and “.” (9%), on average over this text; by chance each would get 4%.',
    ],
    [
      {
        kind: 'mixed',
        targets: [target('·the', 0.21, 0.1), target('·file', 0.12, 0.05), target('.', 0.09, 0.004)],
      },
      'Looks most at “·the” (21%), “·file” (12%) and “.” (9%), on average over this text; by chance they would get 10%, 5% and 0.4%.',
    ],
  ];
  for (const [reading, sentence] of cases) {
    test(`a head without a label: ${sentence}`, () => {
      assert.equal(inEnglish(headWords(reading)), sentence);
    });
  }

  test('on random tokens the largest score gives the label, and small ones give none', () => {
    const scores = { induction: 0.02, duplicateToken: 0.01, previousToken: 0.05, chance: 0.0135 };
    const said = (more: Partial<typeof scores>): string =>
      inEnglish(scoreWords({ ...scores, ...more }));
    assert.equal(
      said({ induction: 0.62, duplicateToken: 0.5 }),
      'Induction head: on repeated random tokens, 62% of its attention goes to the token that followed last time (by chance 1.4%).',
    );
    assert.match(said({ duplicateToken: 0.5 }), /^Duplicate-token head: .* 50% .*by chance 1\.4%/);
    assert.match(said({ previousToken: 0.5 }), /^Previous-token head: on random tokens, 50% /);
    assert.equal(
      said({}),
      'On repeated random tokens, 2% of its attention goes to the token that followed last time, 1.0% to the earlier place of the same token and 5% to the token before (by chance 1.4% each).',
    );
    assert.match(inEnglish(scoreWords(undefined)), /too few tokens/);
  });
});
