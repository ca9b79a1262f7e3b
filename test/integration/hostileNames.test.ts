import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { sequenceModel } from '../support/sequenceModels';
import { skipUnless } from '../support/skips';
import { temporaryFolder } from '../support/temporary';
import { randomModel, wordTokenizer } from '../support/engine/randomModels';
import { acceptLists, configure, headlight, open, tidyUp } from './support/headlight';
import { messages, progressMessages, quickPicks } from './support/window';

/** A link to a notification, a picture to a list. */
const HOSTILE = '[x](command:a.b)$(trash)';
/** As a message shows it, which leaves pictures alone. */
const IN_MESSAGE = '[x] (command:a.b)$(trash)';
const IN_LABEL = '[x](command:a.b)\\$(trash)';

/** What messages and lists are given: they are text there, whoever wrote them. */
suite('Hostile names in messages and lists', () => {
  let folder: string;

  suiteSetup(async function () {
    skipUnless(this, process.platform !== 'win32', 'Windows lets no file have such a name');
    ({ folder } = await headlight());
  });

  teardown(tidyUp);

  function hostileModel(name: 'marian' | 'bert'): string {
    const copy = path.join(temporaryFolder(), HOSTILE);
    cpSync(sequenceModel(folder, name), copy, { recursive: true });
    return copy;
  }

  async function openHostileFile(content: string, selected: string): Promise<vscode.TextEditor> {
    const file = path.join(temporaryFolder(), `${HOSTILE}.txt`);
    writeFileSync(file, content);
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(file));
    const start = editor.document.positionAt(content.indexOf(selected));
    editor.selection = new vscode.Selection(start, start.translate(0, selected.length));
    return editor;
  }

  async function readOnly(run: () => Promise<void>): Promise<void> {
    const set = (mode: string): Thenable<unknown> =>
      vscode.commands.executeCommand(`workbench.action.files.setActiveEditor${mode}InSession`);
    await set('Readonly');
    await run();
    await set('Writeable');
  }

  test('a folder in the lists of Choose Model, and in its answer', async () => {
    const model = hostileModel('marian');
    await configure({ 'translate.model': model });
    const shown = messages();
    const lists = quickPicks((items) => items[1]);
    await vscode.commands.executeCommand('headlight.chooseModel');
    const [uses, folders] = lists;
    assert.match(uses?.[1]?.description ?? '', endingIn(IN_LABEL));
    assert.match(folders?.[1]?.label ?? '', endingIn(IN_LABEL));
    assert.equal(shown.length, 1);
    assert.ok(shown[0]?.includes(IN_MESSAGE), shown[0]);
  });

  test('a folder in the list of models that trace', async () => {
    await configure({ 'translate.model': hostileModel('marian') });
    const lists = quickPicks();
    const done = vscode.commands.executeCommand('headlight.traceWith');
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await done;
    const own = lists[0]?.find(({ description }) => description?.includes('trash'));
    assert.equal(own?.label, `$(folder) ${IN_LABEL}`);
    assert.match(own.description ?? '', endingIn(IN_LABEL));
  });

  test('a folder that is not there', async () => {
    await configure({ 'complete.model': `/no/such/${HOSTILE}` });
    const shown = messages();
    await open('some text', 'some text');
    await vscode.commands.executeCommand('headlight.complete');
    assert.equal(shown.length, 1);
    assert.ok(shown[0]?.includes(`/no/such/${IN_MESSAGE}`), shown[0]);
  });

  test('a text of which one of several selections was taken', async () => {
    const shown = messages();
    const editor = await open(`${HOSTILE}\nmore`);
    editor.selections = [
      new vscode.Selection(0, 0, 0, HOSTILE.length),
      new vscode.Selection(1, 0, 1, 4),
    ];
    await vscode.commands.executeCommand('headlight.trace');
    assert.equal(shown.length, 1);
    assert.ok(shown[0]?.includes(IN_MESSAGE), shown[0]);
  });

  test('a file that takes no completion', async () => {
    await openHostileFile('The function returns', 'The function returns');
    const shown = messages();
    await configure({ 'complete.maxNewTokens': 4 });
    await readOnly(async () => {
      await vscode.commands.executeCommand('headlight.complete');
    });
    const told = shown.filter((message) => message.includes('cannot be edited'));
    assert.equal(told.length, 1);
    assert.ok(told[0]?.includes(IN_MESSAGE), told[0]);
  });

  test('a file that takes no word for a blank', async () => {
    await openHostileFile('the cat [MASK] on the mat.', '[MASK]');
    const shown = messages();
    await configure({ 'fillMask.model': sequenceModel(folder, 'bert') });
    await readOnly(() => acceptLists(vscode.commands.executeCommand('headlight.fillMask')));
    const told = shown.filter((message) => message.includes('cannot be edited'));
    assert.equal(told.length, 1);
    assert.ok(told[0]?.includes(IN_MESSAGE), told[0]);
  });

  test('a sentence that gets a warning', async () => {
    const { document } = await open(`See ${HOSTILE} for the cat.`, '');
    await vscode.languages.setTextDocumentLanguage(document, 'markdown');
    await configure({ 'translate.model': sequenceModel(folder, 'marian') });
    await vscode.commands.executeCommand('editor.action.selectAll');
    const shown = messages();
    await vscode.commands.executeCommand('headlight.translate');
    assert.ok(shown.join('\n').includes('[x] (command:a.b)'), shown.join('\n'));
  });

  test('what a model writes, as it is read out', async () => {
    const suppressed = Array.from({ length: 40 }, (_, id) => id).filter((id) => id !== 9);
    await configure({
      'complete.model': randomModel('gpt2', {
        generation: { suppress_tokens: suppressed },
        tokenizer: wordTokenizer({ 9: HOSTILE }),
      }),
      'complete.maxNewTokens': 2,
    });
    const { document } = await open('w7 w8', 'w7 w8');
    const said = progressMessages();
    await vscode.commands.executeCommand('headlight.complete');
    assert.ok(document.getText().includes(HOSTILE), document.getText());
    assert.ok(said.at(-1)?.includes(IN_MESSAGE), said.at(-1));
  });
});

function endingIn(text: string): RegExp {
  return new RegExp(`${text.replaceAll(/[^\w ]/g, '\\$&')}$`);
}
