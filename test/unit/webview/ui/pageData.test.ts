import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { parsePageData } from '../../../../webview/ui/pageData';

suite('webview: data of the page', () => {
  test('holds the sentences of the display language, or none in English', () => {
    const bundle = { 'Try Again': '重试', 'Layer {0}': '第 {0} 层' };
    assert.deepEqual(parsePageData(JSON.stringify({ bundle })), { bundle });
    assert.deepEqual(parsePageData('{}'), {});
  });

  test('anything else is refused', () => {
    for (const text of ['', 'null', '[]', '"bundle"']) {
      assert.throws(() => parsePageData(text), Error, text);
    }
    for (const bundle of [null, 'Try Again', ['Try Again'], { 'Try Again': 1 }]) {
      assert.throws(() => parsePageData(JSON.stringify({ bundle })), /no table of sentences/);
    }
  });
});
