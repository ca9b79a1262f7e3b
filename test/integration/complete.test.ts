import assert from 'node:assert/strict';
import { suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { HeadlightApi } from '../../src/extension';
import { endlessModel } from '../support/endlessModel';
import { configure, headlight, insert, open, tidyUp, until } from './support/headlight';

const PROMPT = 'The function returns a list of';

suite('Complete Selection', () => {
  let api: HeadlightApi;
  let endless: string;

  suiteSetup(async () => {
    const extension = await headlight();
    api = extension.api;
    endless = await endlessModel(extension.folder);
  });

  teardown(tidyUp);

  /** Starts a completion that goes on until it is stopped, and waits for its first words. */
  async function startEndless({
    document,
  }: vscode.TextEditor): Promise<{ done: Thenable<unknown> }> {
    await configure({
      'complete.model': endless,
      'complete.maxNewTokens': 4096,
      'complete.temperature': 1,
    });
    const done = vscode.commands.executeCommand('headlight.complete');
    await comes(document);
    return { done };
  }

  /** Waits until more text is on its way into a document. */
  async function comes({ uri }: vscode.TextDocument): Promise<void> {
    const { length } = api.comingText(uri);
    await until('more text comes', () => api.comingText(uri).length > length + 4);
  }

  test('writes behind the selection and leaves everything else as it was', async () => {
    await configure({ 'complete.model': endless, 'complete.maxNewTokens': 8 });
    const { document } = await open(`before ${PROMPT}\nafter`, PROMPT);
    await vscode.commands.executeCommand('headlight.complete');
    const text = document.getText();
    assert.ok(text.startsWith(`before ${PROMPT}`), text);
    assert.ok(text.endsWith('\nafter'), text);
    assert.ok(text.length > `before ${PROMPT}\nafter`.length, text);
    assert.equal(document.getText(vscode.window.activeTextEditor?.selection), PROMPT);
    assert.equal(api.engineState().state, 'ready');
  });

  test('is one undo step, and typing afterwards is another', async () => {
    const editor = await open(PROMPT, PROMPT);
    await configure({ 'complete.model': endless, 'complete.maxNewTokens': 24 });
    await vscode.commands.executeCommand('headlight.complete');
    const written = editor.document.getText();
    assert.notEqual(written, PROMPT);
    const end = editor.document.positionAt(written.length);
    editor.selection = new vscode.Selection(end, end);
    await vscode.commands.executeCommand('type', { text: 'x' });
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), written);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), PROMPT);
    await vscode.commands.executeCommand('redo');
    assert.equal(editor.document.getText(), written);
  });

  test('each of several selections is completed, all in one undo step', async () => {
    const text = `${PROMPT}\n\n${PROMPT}\nThe end.`;
    const editor = await open(text);
    editor.selections = [2, 0].map((line) => new vscode.Selection(line, 0, line, PROMPT.length));
    await configure({ 'complete.model': endless, 'complete.maxNewTokens': 8 });
    await vscode.commands.executeCommand('headlight.complete');
    const { document } = editor;
    const written = document.getText();
    const first = written.slice(0, written.lastIndexOf(`\n\n${PROMPT}`));
    const second = written.slice(first.length + 2);
    assert.ok(first.startsWith(PROMPT) && first.length > PROMPT.length, written);
    assert.ok(second.startsWith(PROMPT) && second.endsWith('\nThe end.'), written);
    assert.ok(second.length > `${PROMPT}\nThe end.`.length, written);
    assert.deepEqual(
      editor.selections.map((selection) => document.getText(selection)),
      [PROMPT, PROMPT],
    );
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });

  test('the same seed writes the same text', async () => {
    await configure({ 'complete.temperature': 1, 'complete.seed': 7, 'complete.maxNewTokens': 12 });
    const texts: string[] = [];
    for (let i = 0; i < 2; i++) {
      const { document } = await open(PROMPT, PROMPT);
      await vscode.commands.executeCommand('headlight.complete');
      texts.push(document.getText());
    }
    assert.equal(texts[0], texts[1]);
  });

  test('stopping keeps what came and ends the writing', async () => {
    const editor = await open(PROMPT, PROMPT);
    const { done } = await startEndless(editor);
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    const text = editor.document.getText();
    assert.ok(text.startsWith(PROMPT) && text.length > PROMPT.length, text);
    assert.equal(api.engineState().state, 'ready');
  });

  test('moves along with text that is typed before it', async () => {
    const editor = await open(`${PROMPT}\nThe end.`, PROMPT);
    const { done } = await startEndless(editor);
    await insert(editor, 0, 'Note: ');
    await comes(editor.document);
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    const text = editor.document.getText();
    assert.ok(text.startsWith(`Note: ${PROMPT}`), text);
    assert.ok(text.endsWith('\nThe end.'), text);
  });

  test('changes nothing in the document until it ends', async () => {
    const editor = await open(PROMPT, PROMPT);
    const { version } = editor.document;
    const { done } = await startEndless(editor);
    assert.equal(editor.document.version, version);
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    assert.equal(editor.document.version, version + 1);
  });

  test('what is typed at its place comes behind it', async () => {
    const editor = await open(PROMPT, PROMPT);
    const { done } = await startEndless(editor);
    await insert(editor, PROMPT.length, '\n<mine>');
    await comes(editor.document);
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    const text = editor.document.getText();
    assert.ok(text.startsWith(PROMPT) && text.endsWith('\n<mine>'), text);
    assert.ok(text.length > `${PROMPT}\n<mine>`.length, text);
  });

  test('stops when what it goes on from is removed, and writes nothing', async () => {
    const editor = await open(`Before.\n${PROMPT}`, PROMPT);
    const { done } = await startEndless(editor);
    await editor.edit((edit) => edit.delete(new vscode.Range(1, 10, 1, PROMPT.length)));
    await done;
    assert.equal(editor.document.getText(), `Before.\n${PROMPT.slice(0, 10)}`);
  });

  test('an undo that takes away what it goes on from stops it', async () => {
    const editor = await open('', '');
    await insert(editor, 0, PROMPT);
    editor.selection = new vscode.Selection(0, 0, 0, PROMPT.length);
    const { done } = await startEndless(editor);
    await vscode.commands.executeCommand('undo');
    await done;
    assert.equal(editor.document.getText(), '');
  });

  test('ends when the document is closed', async () => {
    const editor = await open(PROMPT, PROMPT);
    const { done } = await startEndless(editor);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await done;
    assert.equal(api.engineState().state, 'ready');
  });

  test('goes on when the language of its document changes', async () => {
    const editor = await open(PROMPT, PROMPT);
    const { done } = await startEndless(editor);
    await vscode.languages.setTextDocumentLanguage(editor.document, 'markdown');
    await comes(editor.document);
    await vscode.commands.executeCommand('headlight.stop');
    await done;
  });

  test('a read-only editor is left as it is, and the writing ends', async () => {
    const editor = await open(PROMPT, PROMPT);
    await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
    await configure({ 'complete.model': endless, 'complete.maxNewTokens': 8 });
    await vscode.commands.executeCommand('headlight.complete');
    assert.equal(editor.document.getText(), PROMPT);
    await vscode.commands.executeCommand(
      'workbench.action.files.setActiveEditorWriteableInSession',
    );
  });

  test('goes on while another editor is in front', async () => {
    const editor = await open(PROMPT, PROMPT);
    const { done } = await startEndless(editor);
    await open('something else');
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    const text = editor.document.getText();
    assert.ok(text.startsWith(PROMPT) && text.length > PROMPT.length, text);
  });

  test('a killed engine loses no text, is reported, and comes back', async () => {
    const editor = await open(PROMPT, PROMPT);
    const { done } = await startEndless(editor);
    const pid = api.enginePid();
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    await done;
    const text = editor.document.getText();
    assert.ok(text.startsWith(PROMPT) && text.length > PROMPT.length, text);
    assert.equal(api.engineState().state, 'failed');

    await configure({ 'complete.maxNewTokens': 4 });
    await open(PROMPT, PROMPT);
    await vscode.commands.executeCommand('headlight.complete');
    assert.equal(api.engineState().state, 'ready');
    assert.notEqual(api.enginePid(), pid);
  });

  test('a second command in the same document changes nothing', async () => {
    const editor = await open(PROMPT, PROMPT);
    const { done } = await startEndless(editor);
    // It waits for an answer to its question, which nobody gives here.
    void vscode.commands.executeCommand('headlight.complete');
    await comes(editor.document);
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    const text = editor.document.getText();
    assert.equal(text.indexOf(PROMPT), 0);
  });

  test('two documents are written at once', async () => {
    const first = await open(PROMPT, PROMPT);
    const one = await startEndless(first);
    const second = await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ content: PROMPT }),
      vscode.ViewColumn.Beside,
    );
    second.selection = new vscode.Selection(0, 0, 0, PROMPT.length);
    const other = await startEndless(second);
    await comes(first.document);
    await vscode.commands.executeCommand('headlight.stop');
    await Promise.all([one.done, other.done]);
    for (const { document } of [first, second]) {
      assert.ok(document.getText().startsWith(PROMPT));
      assert.ok(document.getText().length > PROMPT.length);
    }
  });

  test('keeps the line ends of a CRLF document', async () => {
    const editor = await open(`${PROMPT}\nmore\nEnd`, 'End');
    await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF));
    await configure({
      'complete.model': endless,
      'complete.maxNewTokens': 120,
      'complete.temperature': 2,
      'complete.seed': 3,
    });
    await vscode.commands.executeCommand('headlight.complete');
    const text = editor.document.getText();
    assert.ok(text.startsWith(`${PROMPT}\r\nmore\r\nEnd`), JSON.stringify(text));
    assert.equal(text.replaceAll('\r\n', '').includes('\n'), false);
  });

  for (const [what, content] of [
    ['an empty document', ''],
    ['blanks', '   \n  '],
  ] as const) {
    test(`with ${what} changes nothing and starts no engine`, async () => {
      const editor = await open(content, content);
      await vscode.commands.executeCommand('headlight.complete');
      assert.equal(editor.document.getText(), content);
      assert.equal(api.enginePid(), undefined);
    });
  }

  test('a model folder that is none fails, and the state says so', async () => {
    await configure({ 'complete.model': '/no/such/folder' });
    const editor = await open(PROMPT, PROMPT);
    // The message waits for an answer that nobody gives here.
    void vscode.commands.executeCommand('headlight.complete');
    await until('the engine has failed', () => api.engineState().state === 'failed');
    const state = api.engineState();
    assert.equal(state.state === 'failed' && state.failure.where, '/no/such/folder');
    assert.equal(editor.document.getText(), PROMPT);
  });
});
