import assert from 'node:assert/strict';
import { suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { HeadlightApi } from '../../src/extension';
import { endlessModel } from '../support/endlessModel';
import { changed, configure, headlight, insert, open, tidyUp, until } from './support/headlight';

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
  async function startEndless(editor: vscode.TextEditor): Promise<{ done: Thenable<unknown> }> {
    await configure({
      'complete.model': endless,
      'complete.maxNewTokens': 4096,
      'complete.temperature': 1,
    });
    const first = changed(editor.document);
    const done = vscode.commands.executeCommand('headlight.complete');
    await first;
    return { done };
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
    await changed(editor.document);
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    const text = editor.document.getText();
    assert.ok(text.startsWith(`Note: ${PROMPT}`), text);
    assert.ok(text.endsWith('\nThe end.'), text);
  });

  test('stops when its own text is changed, and loses neither text', async () => {
    const editor = await open(PROMPT, PROMPT);
    const { done } = await startEndless(editor);
    await until('some text is written', () => editor.document.getText().length > PROMPT.length + 4);
    await insert(editor, PROMPT.length + 2, '<mine>');
    await done;
    const text = editor.document.getText();
    assert.ok(text.includes('<mine>'), text);
    assert.ok(text.startsWith(PROMPT) && text.length > PROMPT.length + 10, text);
  });

  test('undo while it writes takes the text back and stops it', async () => {
    const editor = await open(PROMPT, PROMPT);
    const { done } = await startEndless(editor);
    await until('some text is written', () => editor.document.getText().length > PROMPT.length + 4);
    await vscode.commands.executeCommand('undo');
    await done;
    assert.equal(editor.document.getText(), PROMPT);
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
    const { length } = editor.document.getText();
    await until('more is written', () => editor.document.getText().length > length + 4);
    await vscode.commands.executeCommand('headlight.stop');
    await done;
  });

  test('a read-only editor is left as it is, and the writing ends', async () => {
    const editor = await open(PROMPT, PROMPT);
    await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
    await configure({ 'complete.model': endless, 'complete.maxNewTokens': 4096 });
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
    await changed(editor.document);
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    const text = editor.document.getText();
    assert.equal(text.indexOf(PROMPT), 0);
  });

  test('two documents are written at once', async () => {
    await configure({ 'complete.model': endless, 'complete.maxNewTokens': 40 });
    const first = await open(PROMPT, PROMPT);
    const one = vscode.commands.executeCommand('headlight.complete');
    await changed(first.document);
    const second = await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ content: PROMPT }),
      vscode.ViewColumn.Beside,
    );
    second.selection = new vscode.Selection(0, 0, 0, PROMPT.length);
    await vscode.commands.executeCommand('headlight.complete');
    await one;
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
