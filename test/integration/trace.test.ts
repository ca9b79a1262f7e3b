import assert from 'node:assert/strict';
import { suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { HeadlightApi } from '../../src/extension';
import { eventually } from '../support/eventually';
import { configure, headlight, open, tidyUp } from './support/headlight';

const SENTENCE = 'The function returns a list of strings.';

suite('Trace Attention', () => {
  let api: HeadlightApi;

  suiteSetup(async () => {
    ({ api } = await headlight());
  });

  teardown(tidyUp);

  async function hoverAt(document: vscode.TextDocument, text: string): Promise<string> {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(document.getText().indexOf(text) + 1),
    );
    return hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
      .join('\n');
  }

  /** A hover, as soon as the workbench gives one. */
  async function explanation(document: vscode.TextDocument, text: string): Promise<string> {
    let hover = '';
    await eventually(async () => {
      hover = await hoverAt(document, text);
      assert.match(hover, /returns/);
    });
    return hover;
  }

  test('hovers explain the tokens of the traced text and of no other', async () => {
    const { document } = await open(`First line.\n${SENTENCE}\nLast line.`, SENTENCE);
    await vscode.commands.executeCommand('headlight.trace');
    assert.equal(api.engineState().state, 'ready');

    const hover = await hoverAt(document, 'returns');
    assert.match(hover, /returns/);
    assert.match(hover, /id \d+/);
    assert.match(hover, /characters \d+–\d+/);
    assert.match(hover, /Probability given what precedes it: [\d.]+%, rank \d+/);
    assert.match(hover, /Layer 0, head 0 attends to:/);
    assert.equal(await hoverAt(document, 'First'), '');
    assert.equal(await hoverAt(document, 'Last'), '');
  });

  test('hovers move along with the text, and end when it is changed', async () => {
    const editor = await open(SENTENCE, SENTENCE);
    await vscode.commands.executeCommand('headlight.trace');
    const before = await explanation(editor.document, 'returns');
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'A new first line.\n'));
    assert.equal(await hoverAt(editor.document, 'returns'), before);
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 8), 'x'));
    assert.equal(await hoverAt(editor.document, 'returns'), '');
  });

  test('hovers come back with the text: by undo, and by hand', async () => {
    const editor = await open(`First line.\n${SENTENCE}`, SENTENCE);
    const { document } = editor;
    await vscode.commands.executeCommand('headlight.trace');
    const before = await explanation(document, 'returns');
    await editor.edit((edit) => edit.delete(new vscode.Range(0, 6, 1, SENTENCE.length)));
    assert.equal(document.getText(), 'First ');
    await vscode.commands.executeCommand('undo');
    assert.equal(await hoverAt(document, 'returns'), before);
    await editor.edit((edit) => edit.replace(new vscode.Range(1, 4, 1, 12), 'method'));
    assert.equal(await hoverAt(document, 'returns'), '');
    await editor.edit((edit) => edit.replace(new vscode.Range(1, 4, 1, 10), 'function'));
    assert.equal(await hoverAt(document, 'returns'), before);
  });

  test('of several selections the first one is traced, and all stay selected', async () => {
    const editor = await open(`${SENTENCE}\nThe other line.`);
    editor.selections = [new vscode.Selection(1, 0, 1, 15), new vscode.Selection(0, 0, 0, 12)];
    await vscode.commands.executeCommand('headlight.trace');
    assert.equal(editor.selections.length, 2);
    assert.match(await hoverAt(editor.document, 'other'), /id \d+/);
    assert.equal(await hoverAt(editor.document, 'function'), '');
  });

  test('a trace that fails leaves the one before', async () => {
    const { document } = await open(SENTENCE, SENTENCE);
    await vscode.commands.executeCommand('headlight.trace');
    const before = await explanation(document, 'returns');
    await configure({ 'trace.model': '/no/such/model' });
    await vscode.commands.executeCommand('headlight.trace');
    assert.equal(api.engineState().state, 'failed');
    assert.equal(await hoverAt(document, 'returns'), before);
  });

  test('text typed above while the trace is made moves the hovers along', async () => {
    await vscode.commands.executeCommand('headlight.restartEngine');
    const editor = await open(SENTENCE, SENTENCE);
    const done = vscode.commands.executeCommand('headlight.trace');
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'A new first line.\n'));
    await done;
    assert.match(await hoverAt(editor.document, 'returns'), /returns/);
    assert.equal(await hoverAt(editor.document, 'new first'), '');
  });

  test('a hover after the engine was restarted says so instead of failing', async () => {
    const { document } = await open(SENTENCE, SENTENCE);
    await vscode.commands.executeCommand('headlight.trace');
    await vscode.commands.executeCommand('headlight.restartEngine');
    assert.match(await hoverAt(document, 'returns'), /no longer has this trace/);
  });

  test('an empty selection starts nothing', async () => {
    await vscode.commands.executeCommand('headlight.restartEngine');
    await open('', '');
    await vscode.commands.executeCommand('headlight.trace');
    assert.equal(api.enginePid(), undefined);
  });
});
