import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { HeadStatistics, TracedSequences } from '../../../src/shared/attention';
import type { AttentionPanelStrings } from '../../../src/shared/attentionPanel';
import { figuresOf } from '../../../webview/attention/figures';
import { headName, mapWords } from '../../../webview/attention/mapWords';
import { site } from '../../support/webview/sites';

const both: { sequences: TracedSequences } = { sequences: { encoder: [], decoder: [] } };
const alone: { sequences: TracedSequences } = { sequences: { decoder: [] } };

/** Those of the words that the tests are about. */
const strings = {
  layerHead: 'Layer {0}, head {1}',
  layerHeads: {
    encoder: 'Encoder layer {0}, head {1}',
    decoder: 'Decoder layer {0}, head {1}',
    cross: 'Cross layer {0}, head {1}',
  },
  layerMean: 'Mean of cross layer {0}',
  query: 'Query',
  key: 'Key',
  queriesOf: { encoder: 'Source (queries)', decoder: 'Result (queries)' },
  keysOf: { encoder: 'Source (keys)', decoder: 'Result (keys)' },
  readout: '“{0}” attends to “{1}”: {2}',
  readoutCross: 'Result “{0}” attends to source “{1}”: {2}',
  readoutHint: 'Point at a cell',
  readoutHintCross: 'Point at a token or a cell',
  mapLabel: 'Map of {0}, Enter shows the token',
  mapLabelCross: 'Map of {0}, Enter shows the source token',
  mapLabelAlone: 'Map of {0}',
  entropy: 'Entropy',
  nats: '{0} nats',
  maximum: 'Largest probability',
  distance: 'Distance',
  tokens: '{0} tokens',
  onFirst: 'On the first token',
  onSelf: 'On itself',
  onPrevious: 'On the previous token',
  meanings: {
    entropy: 'At most {0} nats',
    maximum: 'Sharpness',
    distance: 'Tokens between',
    onFirst: 'First',
    onSelf: 'Self',
    onPrevious: 'Previous',
  },
} as AttentionPanelStrings;

suite('webview: words of a map', () => {
  test('a head bears the name of its stack where there are two', () => {
    assert.equal(headName(site('encoder', 'self', 3), 1, both, strings), 'Encoder layer 3, head 1');
    assert.equal(headName(site('decoder', 'cross', 1), 0, both, strings), 'Cross layer 1, head 0');
    assert.equal(headName(site('decoder', 'masked', 2), 5, alone, strings), 'Layer 2, head 5');
  });

  test('the mean of a layer has a name of its own', () => {
    assert.equal(
      headName(site('decoder', 'cross', 1), 'mean', both, strings),
      'Mean of cross layer 1',
    );
  });

  test('cross-attention has the result down and the source across', () => {
    assert.deepEqual(mapWords(site('decoder', 'cross'), 1, both, ['encoder'], strings), {
      title: 'Map of Cross layer 0, head 1, Enter shows the source token',
      rowTitle: 'Result (queries)',
      columnTitle: 'Source (keys)',
      readout: strings.readoutCross,
      hint: strings.readoutHintCross,
    });
  });

  test('self-attention has the same text on both sides', () => {
    const encoder = mapWords(site('encoder', 'self'), 0, both, ['encoder'], strings);
    assert.equal(encoder.rowTitle, 'Source (queries)');
    assert.equal(encoder.columnTitle, 'Source (keys)');
    assert.equal(encoder.readout, strings.readout);
    const decoder = mapWords(site('decoder', 'masked'), 0, both, ['encoder'], strings);
    assert.equal(decoder.rowTitle, 'Result (queries)');
    assert.equal(decoder.columnTitle, 'Result (keys)');
  });

  test('a model of one text speaks of queries and keys alone', () => {
    const words = mapWords(site('decoder', 'masked'), 0, alone, ['decoder'], strings);
    assert.equal(words.rowTitle, 'Query');
    assert.equal(words.columnTitle, 'Key');
    assert.equal(words.title, 'Map of Layer 0, head 0, Enter shows the token');
  });

  test('Enter is not spoken of where the text stands in no editor', () => {
    const result = mapWords(site('decoder', 'masked'), 0, both, ['encoder'], strings);
    assert.equal(result.title, 'Map of Decoder layer 0, head 0');
    const found = mapWords(site('decoder', 'masked'), 0, both, ['encoder', 'decoder'], strings);
    assert.equal(found.title, 'Map of Decoder layer 0, head 0, Enter shows the token');
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
    const masked = site('decoder', 'masked');
    assert.deepEqual(figuresOf(statistics, masked, strings), [
      // Three queries see one, two and three keys: ln 1 + ln 2 + ln 3 over 3.
      { name: 'Entropy', value: '1.50 nats', meaning: 'At most 0.60 nats' },
      { name: 'Distance', value: '2.00 tokens', meaning: 'Tokens between' },
      { name: 'Largest probability', value: '0.75', meaning: 'Sharpness' },
      { name: 'On the first token', value: '0.13', meaning: 'First' },
      { name: 'On itself', value: '0.25', meaning: 'Self' },
      { name: 'On the previous token', value: '0.50', meaning: 'Previous' },
    ]);
    const cross = site('decoder', 'cross');
    assert.deepEqual(
      figuresOf(statistics, cross, strings).map(({ name }) => name),
      ['Entropy', 'Largest probability', 'On the first token'],
    );
    // Four keys that all get the same: ln 4.
    assert.equal(figuresOf(statistics, cross, strings)[0]?.meaning, 'At most 1.39 nats');
  });
});
