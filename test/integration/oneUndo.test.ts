import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { HeadlightApi } from '../../src/extension';
import { endlessModel } from '../support/endlessModel';
import { slowTranslator } from '../support/sequenceModels';
import { configure, headlight, insert, openFile, tidyUp, until } from './support/headlight';

const PROMPT = 'The function returns a list of';
const BEFORE = 'First line.\n';
const BEHIND = '\nLast line.\n';
/** Blanks before and within it are doubled, for a formatter to remove. */
const LOOSE = 'the  cat  sat on the mat. ';

/** Text is safe whatever happens to its document while a model writes. */
suite('Saves, formatters and edits while a model writes', () => {
  let api: HeadlightApi;
  let translator: string;
  let endless: string;
  const disposables: vscode.Disposable[] = [];

  suiteSetup(async () => {
    const extension = await headlight();
    api = extension.api;
    endless = await endlessModel(extension.folder);
    translator = await slowTranslator(extension.folder);
  });

  teardown(async () => {
    vscode.Disposable.from(...disposables.splice(0)).dispose();
    await setWorkbench({
      'files.autoSave': undefined,
      'files.autoSaveDelay': undefined,
    });
    await tidyUp();
  });

  async function setWorkbench(settings: Record<string, unknown>): Promise<void> {
    for (const [key, value] of Object.entries(settings)) {
      await vscode.workspace
        .getConfiguration()
        .update(key, value, vscode.ConfigurationTarget.Workspace);
    }
  }

  async function useAutoSave(autoSave: 'off' | 'afterDelay'): Promise<void> {
    await setWorkbench({ 'files.autoSave': autoSave, 'files.autoSaveDelay': 20 });
  }

  /** What a document's file holds after each time that it is saved. */
  function contentsOf({ fileName }: vscode.TextDocument): Set<string> {
    const contents = new Set<string>();
    disposables.push(
      vscode.workspace.onDidSaveTextDocument(() => contents.add(readFileSync(fileName, 'utf8'))),
    );
    return contents;
  }

  async function saved(document: vscode.TextDocument, autoSave: string): Promise<void> {
    if (autoSave === 'off') {
      await document.save();
    }
    await until('the document is saved', () => !document.isDirty);
  }

  async function comes({ uri }: vscode.TextDocument): Promise<void> {
    const { length } = api.comingText(uri);
    await until('more text comes', () => api.comingText(uri).length > length + 4);
  }

  /**
   * Removes doubled blanks as formatters do, by many edits or by one that replaces everything. Format
   * on save itself gives up after 750 ms, which may be on a busy machine.
   */
  async function format(document: vscode.TextDocument, whole: boolean): Promise<void> {
    for (let done = false; !done;) {
      const text = document.getText();
      const range = (start: number, end: number): vscode.Range =>
        new vscode.Range(document.positionAt(start), document.positionAt(end));
      const edit = new vscode.WorkspaceEdit();
      if (whole) {
        edit.replace(document.uri, range(0, text.length), text.replaceAll('  ', ' '));
      } else {
        for (const { index } of text.matchAll(/ {2}/g)) {
          edit.delete(document.uri, range(index, index + 1));
        }
      }
      done = await vscode.workspace.applyEdit(edit);
    }
  }

  /** One undo brings `before` back, one redo what was written; the file holds whole texts alone. */
  async function isOneStep(
    document: vscode.TextDocument,
    before: string,
    contents: Set<string>,
    versions: readonly string[],
  ): Promise<void> {
    const written = document.getText();
    assert.ok(written !== before, 'something is written');
    await vscode.commands.executeCommand('undo');
    assert.ok(document.getText() === before, 'one undo takes it back');
    await vscode.commands.executeCommand('redo');
    assert.ok(document.getText() === written, 'one redo brings it again');
    for (const content of contents) {
      const isWhole = [written, before, ...versions].includes(content);
      assert.ok(isWhole, `saved: ${JSON.stringify(content).slice(0, 200)}`);
    }
  }

  for (const autoSave of ['off', 'afterDelay'] as const) {
    test(`a completion is one step (auto-save ${autoSave})`, async () => {
      await useAutoSave(autoSave);
      await configure({ 'complete.model': endless, 'complete.maxNewTokens': 24 });
      const { document } = await openFile(`${BEFORE}${PROMPT}${BEHIND}`, PROMPT);
      const before = document.getText();
      const contents = contentsOf(document);
      await vscode.commands.executeCommand('headlight.complete');
      await saved(document, autoSave);
      assert.ok(contents.size > 0, 'it was saved');
      await isOneStep(document, before, contents, []);
    });

    test(`edits before, in and behind the place stay, each saved (auto-save ${autoSave})`, async () => {
      await useAutoSave(autoSave);
      await configure({ 'complete.model': endless, 'complete.maxNewTokens': 4096 });
      const editor = await openFile(`${BEFORE}${PROMPT}${BEHIND}`, PROMPT);
      const { document } = editor;
      const versions = [document.getText()];
      const contents = contentsOf(document);
      const done = vscode.commands.executeCommand('headlight.complete');
      await comes(document);
      const place = (): number => document.getText().indexOf(BEHIND);
      for (const [text, offset] of [
        ['# ', () => 0],
        ['long ', () => document.getText().indexOf('list')],
        ['(mine)', () => place() + 3],
      ] as const) {
        await insert(editor, offset(), text);
        versions.push(document.getText());
        await saved(document, autoSave);
        await comes(document);
      }
      const before = document.getText();
      assert.equal(before, `# ${BEFORE}The function returns a long list of\nLa(mine)st line.\n`);
      await vscode.commands.executeCommand('headlight.stop');
      await done;
      await saved(document, autoSave);
      assert.ok(document.getText().startsWith(before.slice(0, before.indexOf('\nLa'))));
      await isOneStep(document, before, contents, versions);
    });

    for (const whole of [false, true]) {
      test(`a formatter moves the place along (auto-save ${autoSave}, ${whole ? 'all' : 'parts'} replaced)`, async () => {
        await useAutoSave(autoSave);
        const source = LOOSE.repeat(1500).trim();
        await configure({
          'translate.model': translator,
          'result.placement': 'inPlace',
        });
        const editor = await openFile(`First  line.\n${source}${BEHIND}`, source);
        const { document } = editor;
        const contents = contentsOf(document);
        const versions = [document.getText()];
        const done = vscode.commands.executeCommand('headlight.translate');
        await comes(document);
        await insert(editor, document.getText().length, 'x');
        versions.push(document.getText());
        await format(document, whole);
        await saved(document, autoSave);
        const before = document.getText();
        assert.ok(before === `${BEFORE}${source.replaceAll('  ', ' ')}${BEHIND}x`, 'formatted');
        await until('sentences are done', () => api.comingText(document.uri).length > 1000);
        await vscode.commands.executeCommand('headlight.stop');
        await done;
        const text = document.getText();
        assert.ok(text.startsWith(BEFORE) && text.endsWith(`${BEHIND}x`), text.slice(0, 60));
        const left = text.split('cat sat on the mat').length - 1;
        assert.ok(left > 0 && left < 1500 && !text.includes('  cat'), `${left} sentences are left`);
        await isOneStep(document, before, contents, versions);
      });
    }

    test(`a source that is changed is not replaced (auto-save ${autoSave})`, async () => {
      await useAutoSave(autoSave);
      await configure({
        'translate.model': translator,
        'result.placement': 'inPlace',
      });
      const source = 'the cat sat on the mat. '.repeat(1500).trim();
      const editor = await openFile(`${BEFORE}${source}${BEHIND}`, source);
      const { document } = editor;
      const original = document.getText();
      const contents = contentsOf(document);
      const done = vscode.commands.executeCommand('headlight.translate');
      await comes(document);
      await insert(editor, BEFORE.length + 4, '<mine>');
      await done;
      await saved(document, autoSave);
      const changed = `${BEFORE}the <mine>cat${original.slice(BEFORE.length + 7)}`;
      assert.ok(document.getText() === changed, document.getText().slice(0, 60));
      await isOneStep(document, original, contents, []);
    });
  }
});
