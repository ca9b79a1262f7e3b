import { suite, test } from 'mocha';
import assert from 'node:assert/strict';
import { withShellAdvice } from '../../../src/cli/shellAdvice';
import { Failure } from '../../../src/shared/failure';
import { parseFolders, translationCalls } from '../../support/house/sentences';

/** What a shell does not have. */
const OF_AN_EDITOR = /\bwindow\b|\bwith the log\b|^select\b|palette/;

suite('cli/shellAdvice', () => {
  const failure = (text: string): Failure =>
    new Failure({
      kind: 'input',
      what: { text: 'It does not work', args: [] },
      where: 'here',
      remedy: { text, args: [] },
    });
  const folders = [
    'cli',
    'engine',
    'library',
    'onnx',
    'reference',
    'tokenizer',
    'trace',
    'weights',
  ];
  const advice = parseFolders(...folders.map((name) => `src/${name}`), 'src/shared')
    .flatMap(translationCalls)
    .flatMap(({ key }) => (key !== undefined && OF_AN_EDITOR.test(key) ? [key] : []));

  test('nothing that the engine advises is for an editor alone', () => {
    assert.ok(advice.length >= 5, advice.join());
    for (const text of advice) {
      const { what, where, remedy, kind } = withShellAdvice(failure(text));
      assert.doesNotMatch(remedy.text, OF_AN_EDITOR);
      assert.deepEqual([kind, what.text, where], ['input', 'It does not work', 'here']);
    }
  });

  test('a setting is named by the option that stands for it', () => {
    const { where, remedy } = withShellAdvice(
      new Failure({ ...failure('choose another').data, where: 'headlight.translate.source' }),
    );
    assert.deepEqual([where, remedy.text], ['--source', 'choose another']);
  });

  test('other advice stays', () => {
    const given = failure('choose another folder');
    assert.equal(withShellAdvice(given), given);
  });
});
