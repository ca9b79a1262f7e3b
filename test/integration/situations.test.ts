import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { HeadlightApi } from '../../src/extension';
import { endlessModel } from '../support/endlessModel';
import { slowTranslator } from '../support/sequenceModels';
import { temporaryFolder } from '../support/temporary';
import { configure, headlight, open, openFile, tidyUp, until } from './support/headlight';
import { messages } from './support/window';

const PROMPT = 'The function returns a list of';
const BEFORE = 'First line.\n';
const BEHIND = '\nLast line.\n';
const HALF_A_PAIR = /\p{Cs}/u;
const WHOLE = `${BEFORE}${PROMPT}${BEHIND}`;

/** Whatever happens to a document while a model writes: the right text, or a clear message. */
suite('Editors and files while a model writes', () => {
  let api: HeadlightApi;
  let translator: string;
  let endless: string;

  suiteSetup(async () => {
    const extension = await headlight();
    api = extension.api;
    endless = await endlessModel(extension.folder);
    translator = await slowTranslator(extension.folder);
  });

  teardown(tidyUp);

  async function useModels(tokens = 4096): Promise<void> {
    await configure({
      'complete.model': endless,
      'complete.maxNewTokens': tokens,
      'complete.temperature': 1,
      'translate.model': translator,
    });
  }

  async function comes({ uri }: vscode.TextDocument): Promise<void> {
    const { length } = api.comingText(uri);
    await until('more text comes', () => api.comingText(uri).length > length + 4);
  }

  /** Starts a completion that goes on until it is stopped, and waits for its first words. */
  async function start(document: vscode.TextDocument): Promise<{ done: Thenable<unknown> }> {
    await useModels();
    const done = vscode.commands.executeCommand('headlight.complete');
    await comes(document);
    return { done };
  }

  async function stop(done: Thenable<unknown>): Promise<void> {
    await vscode.commands.executeCommand('headlight.stop');
    await done;
  }

  /** The completion stands behind the prompt, everything else as it was, and one undo takes it back. */
  async function isWritten(document: vscode.TextDocument, whole = WHOLE): Promise<void> {
    const text = document.getText();
    const behind = whole.slice(whole.indexOf(PROMPT) + PROMPT.length);
    assert.ok(text.startsWith(whole.slice(0, whole.length - behind.length)), text);
    assert.ok(text.endsWith(behind) && text.length > whole.length, text);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), whole);
  }

  /** The text that was handed over because it could not be written. */
  async function handedOver(): Promise<string> {
    const found = (): vscode.TextDocument | undefined =>
      vscode.window.visibleTextEditors
        .map(({ document }) => document)
        .find(({ uri }) => uri.scheme === 'headlight-result');
    await until('the text is handed over', () => (found()?.getText() ?? '') !== '');
    return found()?.getText() ?? '';
  }

  test('two editors of one document show it, and both keep their selections', async () => {
    const first = await open(WHOLE, PROMPT);
    const { document } = first;
    const second = await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
    assert.notEqual(first, second);
    second.selection = first.selection;
    const { done } = await start(document);
    await stop(done);
    for (const { selection } of [first, second]) {
      assert.equal(document.getText(selection), PROMPT);
    }
    await isWritten(document);
  });

  /** Shows a notebook, saved in a file of its own, with the prompt selected in its second cell. */
  async function openNotebook(): Promise<vscode.NotebookDocument> {
    const cell = (type: string, source: string): object => ({
      cell_type: type,
      metadata: {},
      source: source.split(/(?<=\n)/),
      ...(type === 'code' ? { execution_count: null, outputs: [] } : {}),
    });
    const cells = [cell('code', 'x = 1'), cell('markdown', WHOLE)];
    const file = path.join(temporaryFolder(), 'book.ipynb');
    writeFileSync(file, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 2 }));
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    await vscode.window.showNotebookDocument(notebook, {
      selections: [new vscode.NotebookRange(1, 2)],
    });
    const { document } = notebook.cellAt(1);
    await vscode.commands.executeCommand('notebook.cell.edit');
    const active = (): vscode.TextEditor | undefined => vscode.window.activeTextEditor;
    await until('the cell is edited', () => active()?.document === document);
    const editor = active();
    assert.ok(editor);
    editor.selection = new vscode.Selection(1, 0, 1, PROMPT.length);
    return notebook;
  }

  test('a cell of a notebook is written like a file', async () => {
    const notebook = await openNotebook();
    const { document } = notebook.cellAt(1);
    const { done } = await start(document);
    await stop(done);
    await isWritten(document);
    assert.equal(notebook.cellAt(0).document.getText(), 'x = 1');
  });

  test('a notebook that is closed is left as it is, and the text handed over', async () => {
    const notebook = await openNotebook();
    const shown = messages('Show Text');
    const { document } = notebook.cellAt(1);
    const { done } = await start(document);
    const coming = api.comingText(document.uri);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await done;
    assert.match(shown.join('\n'), /^Headlight stopped because “book\.ipynb” was closed/);
    assert.ok((await handedOver()).startsWith(coming));
  });

  test('who scrolls away stays there', async () => {
    const whole = `${WHOLE}${'another line\n'.repeat(500)}`;
    const editor = await open(whole, PROMPT);
    const { document } = editor;
    const { done } = await start(document);
    const end = new vscode.Range(480, 0, 480, 0);
    editor.revealRange(end, vscode.TextEditorRevealType.AtTop);
    const isAway = (): boolean => (editor.visibleRanges[0]?.start.line ?? 0) > 300;
    await until('it is scrolled', isAway);
    await comes(document);
    await stop(done);
    assert.ok(isAway());
    await isWritten(document, whole);
  });

  test('a document that is closed is left as it is, and the text handed over', async () => {
    // The workbench holds on to closed documents of earlier tests for a while, unsaved as they were.
    const before = new Set(vscode.workspace.textDocuments);
    const { document } = await openFile(WHOLE, PROMPT);
    const { fileName } = document;
    const shown = messages('Show Text');
    const { done } = await start(document);
    const coming = api.comingText(document.uri);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await done;
    assert.match(shown.join('\n'), /^Headlight stopped because “note\.txt” was closed/);
    assert.ok((await handedOver()).startsWith(coming));
    assert.equal(readFileSync(fileName, 'utf8'), WHOLE);
    const unsaved = vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty);
    assert.deepEqual(
      unsaved.filter((each) => !before.has(each)),
      [],
    );
  });

  test('a preview that gives way to another file is kept', async () => {
    const { document } = await openFile(WHOLE, PROMPT);
    const { done } = await start(document);
    await openFile('another file');
    await comes(document);
    await stop(done);
    await vscode.window.showTextDocument(document);
    await isWritten(document);
  });

  test('a document that becomes read-only is left as it is, and the text handed over', async () => {
    const { document } = await openFile(WHOLE, PROMPT);
    const shown = messages('Show Text');
    const { done } = await start(document);
    const coming = api.comingText(document.uri);
    await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
    await comes(document);
    await stop(done);
    assert.equal(document.getText(), WHOLE);
    assert.match(shown.join('\n'), /^Headlight stopped because “note\.txt” cannot be edited/);
    assert.ok((await handedOver()).startsWith(coming));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand(
      'workbench.action.files.setActiveEditorWriteableInSession',
    );
  });

  test('a file that is renamed keeps its text, and what came is handed over', async () => {
    const { document } = await openFile(WHOLE, PROMPT);
    const shown = messages('Show Text');
    const { done } = await start(document);
    const coming = api.comingText(document.uri);
    const renamed = vscode.Uri.file(path.join(path.dirname(document.fileName), 'renamed.txt'));
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(document.uri, renamed);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await done;
    assert.match(shown.join('\n'), /^Headlight stopped because “note\.txt” was closed/);
    assert.ok((await handedOver()).startsWith(coming));
    assert.equal(readFileSync(renamed.fsPath, 'utf8'), WHOLE);
  });

  test('a file that is deleted loses nothing that came', async () => {
    const { document } = await openFile(WHOLE, PROMPT);
    const shown = messages('Show Text');
    const { done } = await start(document);
    const coming = api.comingText(document.uri);
    const edit = new vscode.WorkspaceEdit();
    edit.deleteFile(document.uri);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await done;
    assert.match(shown.join('\n'), /^Headlight stopped because “note\.txt” was closed/);
    assert.ok((await handedOver()).startsWith(coming));
  });

  test('a file that is deleted from outside is written in its editor', async () => {
    const { document } = await openFile(WHOLE, PROMPT);
    const { done } = await start(document);
    rmSync(document.fileName);
    await comes(document);
    await stop(done);
    await isWritten(document);
  });

  test('a second command on the same selection is refused, and the first one goes on', async () => {
    const { document } = await open(WHOLE, PROMPT);
    const { done } = await start(document);
    const shown = messages();
    await configure({ 'result.placement': 'inPlace' });
    await vscode.commands.executeCommand('headlight.translate');
    assert.deepEqual(shown, ['Headlight is already writing in this document.']);
    await comes(document);
    await stop(done);
    await isWritten(document);
  });

  test('a translation beside goes along with a completion of the same selection', async () => {
    const { document } = await open(WHOLE, PROMPT);
    const { done } = await start(document);
    const other = vscode.commands.executeCommand('headlight.translate');
    await handedOver();
    await comes(document);
    await stop(done);
    await other;
    await isWritten(document);
  });

  test('several places of a CRLF document are written at once', async () => {
    const editor = await open(`${WHOLE}${WHOLE}`);
    const { document } = editor;
    await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF));
    editor.selections = [1, 4].map((line) => new vscode.Selection(line, 0, line, PROMPT.length));
    const before = document.getText();
    await useModels(12);
    await vscode.commands.executeCommand('headlight.complete');
    const parts = document.getText().split(PROMPT);
    assert.equal(parts.length, 3);
    assert.ok(parts[1]?.endsWith('\r\nLast line.\r\nFirst line.\r\n') && parts[1].length > 28);
    assert.ok(parts[2]?.endsWith('\r\nLast line.\r\n') && parts[2].length > 15);
    assert.deepEqual(
      editor.selections.map((selection) => document.getText(selection)),
      [PROMPT, PROMPT],
    );
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
  });

  for (const [what, emoji] of [
    ['a pair of surrogates', '😀'],
    ['a combined emoji', '👨‍👩‍👧'],
  ] as const) {
    test(`a selection that ends within ${what} takes all of it`, async () => {
      const prompt = `${PROMPT} ${emoji}`;
      const editor = await open(`${prompt}${emoji}\nEnd`);
      const { document } = editor;
      const before = document.getText();
      await useModels(8);
      editor.selection = new vscode.Selection(0, 0, 0, prompt.length - 1);
      await vscode.commands.executeCommand('headlight.complete');
      const text = document.getText();
      assert.ok(text.startsWith(prompt) && text.endsWith(`${emoji}\nEnd`), text);
      assert.ok(!HALF_A_PAIR.test(text) && text.length > before.length, text);
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), before);

      await configure({ 'result.placement': 'inPlace' });
      editor.selection = new vscode.Selection(0, prompt.length - 1, 0, 0);
      await vscode.commands.executeCommand('headlight.translate');
      const translated = document.getText();
      assert.ok(!HALF_A_PAIR.test(translated) && translated.endsWith(`${emoji}\nEnd`), translated);
      assert.ok(!translated.includes(PROMPT), translated);
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), before);
    });
  }

  test('a very long result is written as a whole, in place and beside', async () => {
    const source = 'the cat sat on the mat. '.repeat(2000).trim();
    await useModels();
    for (const placement of ['inPlace', 'beside']) {
      await configure({ 'result.placement': placement });
      const { document } = await open(`${BEFORE}${source}${BEHIND}`, source);
      const before = document.getText();
      const done = vscode.commands.executeCommand('headlight.translate');
      const result = (): string =>
        placement === 'inPlace'
          ? api.comingText(document.uri)
          : (vscode.window.visibleTextEditors.at(-1)?.document.getText() ?? '');
      await until('much text has come', () => result() !== before && result().length > 1500);
      await stop(done);
      if (placement === 'inPlace') {
        const text = document.getText();
        assert.ok(text.startsWith(BEFORE) && text.endsWith(BEHIND));
        const left = text.split('the cat sat on the mat.').length - 1;
        assert.ok(left > 0 && left < 2000, `${left} sentences are left of 2000`);
        assert.ok(text.endsWith(` ${'the cat sat on the mat. '.repeat(left).trim()}${BEHIND}`));
        await vscode.commands.executeCommand('undo');
      } else {
        assert.ok(result().length > 1500);
      }
      assert.ok(document.getText() === before);
    }
  });
});
