import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { linkLabelsIn } from '../../../../src/host/commands/linkLabels';

suite('host/commands/linkLabels', () => {
  const document = [
    'see [One], [two words], [three] and [note]',
    '[one]: https://a.b "title"',
    '[two words]: <c>',
    '> - [three]: d',
    '1. [four]: e',
    '[^note]: a footnote',
    'a [five]: f',
  ].join('\n');

  test('labels that are defined somewhere and mentioned in the part', () => {
    assert.deepEqual(linkLabelsIn('see [One], [two words], [three]', document), [
      'one',
      'two words',
      'three',
    ]);
    assert.deepEqual(linkLabelsIn('[note] [five] [six] four', document), []);
  });

  test('a long line of brackets takes no long time', () => {
    assert.deepEqual(linkLabelsIn('[a]', '['.repeat(100_000) + '- '.repeat(100_000)), []);
  });
});
