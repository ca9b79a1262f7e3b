import assert from 'node:assert/strict';
import { suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { HeadlightApi } from '../../src/extension';
import { sequenceModel } from '../support/sequenceModels';
import { acceptLists, configure, headlight, open, tidyUp } from './support/headlight';

const SENTENCE = 'the cat sat on the mat.';

suite('Choosing models', () => {
  let api: HeadlightApi;
  let folder: string;

  suiteSetup(async () => {
    ({ api, folder } = await headlight());
  });

  teardown(tidyUp);

  function setting(key: string): unknown {
    return vscode.workspace.getConfiguration('headlight').get(key);
  }

  test('Choose Model takes a setting back, for the task that was asked for', async () => {
    const model = sequenceModel(folder, 'marian');
    await configure({ 'complete.model': model, 'translate.model': model });
    await acceptLists(vscode.commands.executeCommand('headlight.chooseModel', 'complete'));
    assert.equal(setting('complete.model'), '');
    assert.equal(setting('translate.model'), model);
    assert.equal(api.engineState().state, 'ready');
  });

  test('Choose Model asks for the task when none is given', async () => {
    await configure({ 'complete.model': sequenceModel(folder, 'marian') });
    await acceptLists(vscode.commands.executeCommand('headlight.chooseModel'));
    assert.equal(setting('complete.model'), '', 'completing is first in the list');
  });

  test('Trace Attention With traces with the model that was picked', async () => {
    await configure({ 'translate.model': sequenceModel(folder, 'marian') });
    const { document } = await open(SENTENCE, SENTENCE);
    await acceptLists(vscode.commands.executeCommand('headlight.traceWith'));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(0, 5),
    );
    const contents = hovers.flatMap((hover) => hover.contents) as vscode.MarkdownString[];
    assert.match(contents.map(({ value }) => value).join('\n'), /marian/);
    assert.equal(setting('trace.model'), '', 'for once');
  });
});
