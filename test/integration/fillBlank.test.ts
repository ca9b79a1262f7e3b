import assert from 'node:assert/strict';
import { suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { HeadlightApi } from '../../src/extension';
import { sequenceModel } from '../support/sequenceModels';
import {
  acceptLists,
  configure,
  headlight,
  insert,
  open,
  tidyUp,
  until,
} from './support/headlight';

const MASKED = 'the cat [MASK] on the mat.';

/** Fill In the Blank with a tiny model of random weights: its words mean nothing. */
suite('Fill In the Blank', () => {
  let api: HeadlightApi;
  let folder: string;

  suiteSetup(async () => {
    ({ api, folder } = await headlight());
  });

  teardown(tidyUp);

  /** Asks for candidates, and waits until the model has answered. */
  async function ask(): Promise<{ done: Thenable<unknown> }> {
    await configure({ 'fillMask.model': sequenceModel(folder, 'bert') });
    const done = vscode.commands.executeCommand('headlight.fillMask');
    await until('the model is ready', () => api.engineState().state === 'ready');
    return { done };
  }

  test('the accepted candidate takes the place of [MASK] in one undo step', async () => {
    const { document } = await open(`Before.\n\n${MASKED}\n`, '[MASK]');
    const { done } = await ask();
    await acceptLists(done);
    const text = document.getText();
    assert.match(text, /^Before\.\n\nthe cat [^\s[]+ on the mat\.\n$/);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), `Before.\n\n${MASKED}\n`);
  });

  test('the word at the cursor is a blank, and another word may stand there', async () => {
    const { document } = await open('the cat sat on the mat.\n\n', '');
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    editor.selection = new vscode.Selection(0, 9, 0, 9);
    const { done } = await ask();
    await acceptLists(done);
    assert.match(document.getText(), /^the cat \S+ on the mat\.\n\n$/);
    assert.ok(!document.getText().includes(' sat '), document.getText());
  });

  test('Esc leaves the text as it is', async () => {
    const { document } = await open(MASKED, '[MASK]');
    const { version } = document;
    const { done } = await ask();
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await done;
    assert.equal(document.getText(), MASKED);
    assert.equal(document.version, version);
  });

  test('moves along with text that is typed before the blank meanwhile', async () => {
    const editor = await open(MASKED, '[MASK]');
    const { done } = await ask();
    await insert(editor, 0, 'Note: ');
    await acceptLists(done);
    assert.match(editor.document.getText(), /^Note: the cat [^\s[]+ on the mat\.$/);
  });

  test('a blank that is changed meanwhile is left as it is', async () => {
    const editor = await open(MASKED, '[MASK]');
    const { done } = await ask();
    await insert(editor, MASKED.indexOf('MASK'), 'mine');
    await acceptLists(done);
    assert.equal(editor.document.getText(), MASKED.replace('MASK', 'mineMASK'));
  });

  for (const [what, content, selected] of [
    ['several words', 'the cat sat', 'the cat'],
    ['an empty document', '', ''],
  ] as const) {
    test(`with ${what} changes nothing and starts no engine`, async () => {
      const { document } = await open(content, selected);
      await vscode.commands.executeCommand('headlight.fillMask');
      assert.equal(document.getText(), content);
      assert.equal(api.enginePid(), undefined);
    });
  }
});
