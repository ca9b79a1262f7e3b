import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { HeadStatistics, TracedSequences } from '../../../../src/shared/attention';
import { figuresOf } from '../../../../webview/attention/figures';
import { headName, mapWords } from '../../../../webview/attention/mapWords';
import { site } from '../../../support/webview/sites';

const both: { sequences: TracedSequences } = { sequences: { encoder: [], decoder: [] } };
const alone: { sequences: TracedSequences } = { sequences: { decoder: [] } };

suite('webview: words of a map', () => {
  test('a head bears the name of its stack where there are two', () => {
    assert.equal(headName(site('encoder', 'self', 3), 1, both), 'Encoder layer 3, head 1');
    assert.equal(headName(site('decoder', 'masked', 3), 1, both), 'Decoder layer 3, head 1');
    assert.equal(headName(site('decoder', 'cross', 1), 0, both), 'Cross-attention layer 1, head 0');
    assert.equal(headName(site('decoder', 'masked', 2), 5, alone), 'Layer 2, head 5');
  });

  test('the mean of a layer has a name of its own', () => {
    assert.equal(
      headName(site('decoder', 'cross', 1), 'mean', both),
      'Mean of cross-attention layer 1',
    );
  });

  test('cross-attention has the result down and the source across', () => {
    const { readout, ...words } = mapWords(site('decoder', 'cross'), 1, both, ['encoder']);
    assert.deepEqual(words, {
      title:
        'Attention map of Cross-attention layer 0, head 1. Arrow keys move from cell to cell, Enter shows the source token in the editor.',
      rowTitle: 'Result tokens (queries)',
      columnTitle: 'Source tokens (keys)',
      hint: 'Point at a token or a cell, or move with the arrow keys.',
    });
    assert.equal(readout('a', 'b', '0.5'), 'Result “a” attends to source “b”: 0.5');
  });

  test('self-attention has the same text on both sides', () => {
    const encoder = mapWords(site('encoder', 'self'), 0, both, ['encoder']);
    assert.equal(encoder.rowTitle, 'Source tokens (queries)');
    assert.equal(encoder.columnTitle, 'Source tokens (keys)');
    assert.equal(encoder.readout('a', 'b', '0.5'), '“a” attends to “b”: 0.5');
    const decoder = mapWords(site('decoder', 'masked'), 0, both, ['encoder']);
    assert.equal(decoder.rowTitle, 'Result tokens (queries)');
    assert.equal(decoder.columnTitle, 'Result tokens (keys)');
  });

  test('a model of one text speaks of queries and keys alone', () => {
    const words = mapWords(site('decoder', 'masked'), 0, alone, ['decoder']);
    assert.equal(words.rowTitle, 'Query: the token that looks');
    assert.equal(words.columnTitle, 'Key: the token looked at');
    assert.equal(words.hint, 'Point at a cell, or move with the arrow keys.');
    assert.match(words.title, /^Attention map of Layer 0, head 0\. .*, Enter shows the token/);
  });

  test('Enter is not spoken of where the text stands in no editor', () => {
    const result = mapWords(site('decoder', 'masked'), 0, both, ['encoder']);
    assert.match(result.title, /^Attention map of Decoder layer 0, head 0\./);
    assert.doesNotMatch(result.title, /Enter/);
    const found = mapWords(site('decoder', 'masked'), 0, both, ['encoder', 'decoder']);
    assert.match(found.title, /^Attention map of Decoder layer 0, head 0\. .*, Enter shows/);
  });

  test('places are compared within one text only', () => {
    const statistics: HeadStatistics = {
      entropy: 1.5,
      maximum: 0.75,
      distance: 2,
      onFirst: 0.125,
      onSelf: 0.25,
      onPrevious: 0.5,
      information: 0.25,
    };
    const figures = figuresOf(statistics, site('decoder', 'masked'));
    assert.deepEqual(
      figures.map(({ name, value }) => [name, value]),
      [
        ['Entropy', '1.50 nats'],
        ['Distance', '2.00 tokens'],
        ['Largest probability', '0.75'],
        ['On the first token', '0.13'],
        ['On itself', '0.25'],
        ['On the previous token', '0.50'],
      ],
    );
    // Three queries see one, two and three keys: ln 1 + ln 2 + ln 3 over 3.
    assert.match(figures[0]?.meaning ?? '', /The most possible here is 0\.60:/);
    const cross = figuresOf(statistics, site('decoder', 'cross'));
    assert.deepEqual(
      cross.map(({ name }) => name),
      ['Entropy', 'Largest probability', 'On the first token'],
    );
    // Four keys that all get the same: ln 4.
    assert.match(cross[0]?.meaning ?? '', /The most possible here is 1\.39:/);
  });
});
