import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { groupSites, revealedSide, sidesOf } from '../../../../webview/attention/siteGroups';
import { encoderDecoder, site } from '../../../support/webview/sites';

suite('webview: groups of layers', () => {
  test('encoder, decoder and cross-attention, each with its layers in order', () => {
    const groups = groupSites(encoderDecoder).map(({ name, sites }) => [
      name,
      sites.map(({ id }) => id),
    ]);
    assert.deepEqual(groups, [
      ['encoder', ['encoder.blocks.0.self', 'encoder.blocks.1.self']],
      ['decoder', ['decoder.blocks.0.masked']],
      ['cross', ['decoder.blocks.0.cross']],
    ]);
  });

  test('a model of one stack has one group, a trace without layers none', () => {
    const [only, ...others] = groupSites([
      site('decoder', 'masked', 0),
      site('decoder', 'masked', 1),
    ]);
    assert.equal(only?.name, 'decoder');
    assert.equal(only.sites.length, 2);
    assert.deepEqual(others, []);
    assert.deepEqual(groupSites([]), []);
  });

  test('only cross-attention has different sequences on its sides', () => {
    assert.deepEqual(sidesOf(site('encoder', 'self')), { query: 'encoder', key: 'encoder' });
    assert.deepEqual(sidesOf(site('decoder', 'masked')), { query: 'decoder', key: 'decoder' });
    assert.deepEqual(sidesOf(site('decoder', 'cross')), { query: 'decoder', key: 'encoder' });
  });

  test('a cell shows its query in the editor, in cross-attention its key', () => {
    assert.equal(revealedSide(site('encoder', 'self')), 'query');
    assert.equal(revealedSide(site('decoder', 'cross')), 'key');
  });
});
