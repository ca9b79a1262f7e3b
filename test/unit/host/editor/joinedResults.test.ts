import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { joinedResults, wordsInJoined } from '../../../../src/host/editor/joinedResults';

suite('host: results one below the other', () => {
  test('words of each keep their places', () => {
    const texts = ['one two', '', 'three'];
    const all = joinedResults(texts);
    assert.equal(all, 'one two\n\nthree');
    const words = [
      [{ start: 4, end: 7, probability: 0.1 }],
      [],
      [{ start: 0, end: 5, probability: 0.2 }],
    ];
    assert.deepEqual(
      wordsInJoined(texts, words).map(({ start, end, probability }) => [
        all.slice(start, end),
        probability,
      ]),
      [
        ['two', 0.1],
        ['three', 0.2],
      ],
    );
  });

  test('none without words or results', () => {
    assert.deepEqual(wordsInJoined([], []), []);
    assert.deepEqual(wordsInJoined(['one', 'two'], []), []);
  });
});
