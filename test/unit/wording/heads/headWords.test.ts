import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { HeadKind, HeadDescription, TopTarget } from '../../../../src/shared/attention';
import { inEnglish } from '../../../../src/shared/failure';
import { headMeaning } from '../../../../src/wording/heads/headMeanings';
import { headWords } from '../../../../src/wording/heads/headWords';

/** A reading of 74% where chance gives 12% and the label begins at 50%, of 5 of 20 queries. */
function reading(kind: HeadKind): HeadDescription {
  const queries = { counted: 5, all: 20 };
  return { kind, figure: 0.741, chance: 0.1234, limit: 0.5, queries };
}

function words(kind: HeadKind): string {
  return inEnglish(headWords(reading(kind)));
}

const SHARES: HeadKind[] = [
  ...(['previousToken', 'nextToken', 'currentToken', 'attentionSink', 'duplicateToken'] as const),
  ...(['separator', 'positional'] as const),
];

suite('wording/heads/headWords', () => {
  test('a label names its figure, that of chance and its limit, and is about this text', () => {
    for (const kind of SHARES) {
      assert.match(words(kind), /head: .*74%.*\(by chance 12%; the label begins at 50%\)\.$/);
      assert.match(words(kind), /(on|in) this text/);
    }
    assert.match(words('broad'), /on this text.* evenness 74%.*begins at 50%/);
    assert.match(words('aligning'), /on this text.*steps are 74% as long .*begins at 50% or less/);
    assert.match(words('monotone'), /on this text.*correlation 0\.74; by chance 0; .* 0\.50\)/);
  });

  test('a label of some queries says of how many', () => {
    assert.match(words('duplicateToken'), /\(5 of 20 tokens\)/);
    assert.doesNotMatch(words('separator'), /5 of 20/);
  });

  test('of a text that is too short it is said how many tokens are too few', () => {
    assert.equal(
      inEnglish(headWords({ kind: 'tooShort', queries: 5, needed: 6 })),
      'This text is too short to tell what the head does: 5 of its tokens can look at more than one token, and at least 6 are needed.',
    );
  });

  const first: TopTarget = { target: 'firstToken', label: '<s>', figure: 0.48, chance: 0.125 };
  const own: TopTarget = { target: 'self', figure: 0.21, chance: 0.04 };
  const before: TopTarget = { target: 'previousToken', figure: 0.15, chance: 0.04 };
  const after: TopTarget = { target: 'nextToken', figure: 0.12, chance: 0.04 };
  const file: TopTarget = { target: 'token', label: '·file', figure: 0.09, chance: 0.004 };
  const cases: [TopTarget[], string][] = [
    [[], 'No token of this text gets much more of its attention than chance would give.'],
    [
      [first],
      'Looks more than by chance at the first token “<s>” (48%, by chance 13%), on average over this text.',
    ],
    [
      [own, file],
      'Looks more than by chance at the token itself (21%, by chance 4%) and “·file” (9%, by chance 0.4%), on average over this text.',
    ],
    [
      [own, before, after],
      'Looks more than by chance at the token itself (21%, by chance 4%), the token before (15%, by chance 4%) and the token after (12%, by chance 4%), on average over this text.',
    ],
  ];
  for (const [targets, sentence] of cases) {
    test(`a head without a label: ${sentence}`, () => {
      assert.equal(inEnglish(headWords({ kind: 'mixed', targets })), sentence);
    });
  }

  test('every sentence has a meaning, which says what by chance is where a share is told', () => {
    for (const kind of SHARES) {
      assert.match(inEnglish(headMeaning(reading(kind))), /By chance: .*The label needs /);
    }
    for (const kind of ['broad', 'aligning', 'monotone'] as const) {
      assert.match(inEnglish(headMeaning(reading(kind))), /\d/);
    }
    assert.match(inEnglish(headMeaning({ kind: 'mixed', targets: [] })), /By chance: /);
    assert.match(inEnglish(headMeaning({ kind: 'tooShort', queries: 1, needed: 6 })), /few tokens/);
  });
});
