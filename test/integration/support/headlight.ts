import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { HeadlightApi } from '../../../src/extension';
import { temporaryFolder } from '../../support/temporary';
import { restoreWindow } from './window';

/** Everything below waits for an event or a condition; this is when it gives up. */
const PATIENCE_MS = 20_000;

/** The extension under test, activated. */
export async function headlight(): Promise<{ api: HeadlightApi; folder: string }> {
  const extension = vscode.extensions.getExtension<HeadlightApi>('headlight.headlight');
  assert.ok(extension, 'the extension is installed');
  return { api: await extension.activate(), folder: extension.extensionPath };
}

/** Changes settings for a test; `undefined` takes one back. */
export async function configure(settings: Record<string, unknown>): Promise<void> {
  const headlightSettings = vscode.workspace.getConfiguration('headlight');
  for (const [key, value] of Object.entries(settings)) {
    await headlightSettings.update(key, value, vscode.ConfigurationTarget.Global);
  }
}

/** Leaves nothing of a test behind: no open list, no setting, no model in memory, no editor. */
export async function tidyUp(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  restoreWindow();
  await resetSettings();
  await vscode.commands.executeCommand('headlight.restartEngine');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Takes every setting of the extension back to its default. */
async function resetSettings(): Promise<void> {
  await configure({
    'complete.model': undefined,
    'complete.maxNewTokens': undefined,
    'complete.temperature': undefined,
    'complete.seed': undefined,
    'translate.model': undefined,
    'translate.source': undefined,
    'translate.target': undefined,
    'summarize.model': undefined,
    'fillMask.model': undefined,
    'trace.model': undefined,
    'result.placement': undefined,
  });
}

/** Opens a file of its own and selects `selected` in it. The file goes when the tests end. */
export async function openFile(content: string, selected = ''): Promise<vscode.TextEditor> {
  const file = path.join(temporaryFolder(), 'note.txt');
  writeFileSync(file, content);
  return show(await vscode.workspace.openTextDocument(file), selected);
}

/** Opens a new document and selects `selected` in it, or puts the cursor at its end. */
export async function open(content: string, selected = ''): Promise<vscode.TextEditor> {
  let document: vscode.TextDocument;
  do {
    // One that was closed just now may come back in its place, with the text of the test before.
    document = await vscode.workspace.openTextDocument({ content, language: 'plaintext' });
  } while (document.getText() !== content);
  return show(document, selected);
}

async function show(document: vscode.TextDocument, selected: string): Promise<vscode.TextEditor> {
  const editor = await vscode.window.showTextDocument(document);
  const content = document.getText();
  const start = selected === '' ? content.length : content.indexOf(selected);
  assert.ok(start >= 0, `“${selected}” is in the document`);
  editor.selection = new vscode.Selection(
    document.positionAt(start),
    document.positionAt(start + selected.length),
  );
  return editor;
}

/** Puts text into a document. An edit that meets another one fails and is tried again. */
export async function insert(
  editor: vscode.TextEditor,
  offset: number,
  text: string,
): Promise<void> {
  for (let done = false; !done;) {
    done = await editor.edit((edit) => edit.insert(editor.document.positionAt(offset), text));
  }
}

/**
 * Takes what is in front in each list that a command shows, until the command is done. A list may
 * take its time to come or to fill.
 */
export async function acceptLists(command: Thenable<unknown>): Promise<void> {
  const done = Promise.resolve(command).then(() => true);
  const pause = (): Promise<boolean> =>
    new Promise((resolve) => setTimeout(() => resolve(false), 50));
  const start = Date.now();
  while (!(await Promise.race([done, pause()]))) {
    assert.ok(Date.now() - start < PATIENCE_MS, 'waited in vain until the command is done');
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }
}

/** Resolves once a condition holds. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const start = Date.now();
  while (!holds()) {
    assert.ok(Date.now() - start < PATIENCE_MS, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
