import assert from 'node:assert/strict';
import { suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { HeadlightApi } from '../../src/extension';
import { randomModel, wordTokenizer } from '../support/engine/randomModels';
import { slowTranslator } from '../support/sequenceModels';
import { configure, headlight, open, tidyUp, until } from './support/headlight';
import { messages } from './support/window';

const SETTINGS = { decoder_start_token_id: 2, eos_token_id: 2, pad_token_id: 1, max_length: 8 };
/** Long enough to be stopped on the way. */
const LONG = 'the cat sat on the mat. '.repeat(300).trim();

suite('Messages about several selections', () => {
  let api: HeadlightApi;
  let folder: string;

  suiteSetup(async () => {
    ({ api, folder } = await headlight());
  });

  teardown(tidyUp);

  /** A document of these paragraphs, all of them selected. */
  async function selected(paragraphs: readonly string[]): Promise<vscode.TextEditor> {
    const editor = await open(paragraphs.join('\n\n'));
    editor.selections = paragraphs.map((_, index) => {
      const { range } = editor.document.lineAt(2 * index);
      return new vscode.Selection(range.start, range.end);
    });
    return editor;
  }

  function paragraphsOf({ document }: vscode.TextEditor): string[] {
    return document.getText().split('\n\n');
  }

  /** A model that fails for a text that names a language which it does not have. */
  async function usePickyModel(placement: 'inPlace' | 'beside'): Promise<void> {
    const tokenizer = wordTokenizer({ 35: '>>fra<<', 36: '>>deu<<' }, { before: [], after: [2] });
    await configure({
      'translate.model': randomModel('marian', { generation: SETTINGS, tokenizer }),
      'translate.target': 'fra',
      'result.placement': placement,
    });
  }

  test('when each is served nothing is said', async () => {
    await usePickyModel('inPlace');
    const shown = messages();
    const editor = await selected(['w7 w8', 'w9 w10']);
    await vscode.commands.executeCommand('headlight.translate');
    const [first, second] = paragraphsOf(editor);
    assert.ok(first !== 'w7 w8' && second !== 'w9 w10', editor.document.getText());
    assert.deepEqual(
      shown.filter((message) => /selections/.test(message)),
      [],
    );
  });

  test('one that fails keeps none of the others from being served, and is named', async () => {
    await usePickyModel('inPlace');
    const shown = messages();
    const sources = ['w7 w8', '>>ita<< w9 w10', 'w11 w12'];
    const editor = await selected(sources);
    await vscode.commands.executeCommand('headlight.translate');
    const [first, second, third] = paragraphsOf(editor);
    assert.ok(first !== sources[0] && third !== sources[2], editor.document.getText());
    assert.equal(second, sources[1]);
    const told = shown.filter((message) => message.includes('selections'));
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /^1 of 3 selections .* “>>ita<< w9 w10”\. .*“ita”.*fra, deu/);
    await vscode.commands.executeCommand('undo');
    assert.deepEqual(paragraphsOf(editor), sources);
  });

  test('beside as well', async () => {
    await usePickyModel('beside');
    const shown = messages();
    await selected(['>>ita<< w9 w10', 'w11 w12', '>>spa<< w9']);
    await vscode.commands.executeCommand('headlight.translate');
    const results = vscode.window.visibleTextEditors.filter(
      ({ document }) => document.uri.scheme === 'headlight-result',
    );
    assert.equal(results.length, 1);
    assert.notEqual(results[0]?.document.getText().trim(), '');
    assert.match(shown.join('\n'), /^2 of 3 selections .* “>>ita<< w9 w10”\. .*“ita”/m);
  });

  test('without a model none is tried, and all are counted', async () => {
    await configure({ 'translate.model': '/no/such/model', 'result.placement': 'inPlace' });
    const shown = messages();
    const editor = await selected(['w7 w8', 'w9 w10']);
    await vscode.commands.executeCommand('headlight.translate');
    assert.deepEqual(paragraphsOf(editor), ['w7 w8', 'w9 w10']);
    assert.equal(shown.length, 1);
    assert.match(shown[0] ?? '', /^2 of 2 selections .* “w7 w8”\. .*\/no\/such\/model/);
  });

  test('a stop tells how many were done, and what came is one undo step', async () => {
    await configure({
      'translate.model': await slowTranslator(folder),
      'result.placement': 'inPlace',
    });
    const shown = messages();
    const sources = ['the cat sat', LONG, 'the dog sat'];
    const editor = await selected(sources);
    const { document } = editor;
    const done = vscode.commands.executeCommand('headlight.translate');
    await until('sentences of the second text are done', () =>
      /\n\n\S.{1000}/.test(api.comingText(document.uri)),
    );
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    const [first, second, third] = paragraphsOf(editor);
    assert.ok(first !== sources[0] && second !== LONG, 'both that came are written');
    assert.equal(third, sources[2]);
    assert.deepEqual(shown, ['Headlight was stopped when 1 of 3 selections were done.']);
    await vscode.commands.executeCommand('undo');
    assert.ok(document.getText() === sources.join('\n\n'), 'one undo takes it back');
  });

  test('where one text was changed meanwhile, all that came is kept or handed over', async () => {
    await configure({
      'translate.model': await slowTranslator(folder),
      'result.placement': 'inPlace',
    });
    const shown = messages();
    const sources = ['the cat sat', LONG];
    const editor = await selected(sources);
    const { document } = editor;
    const done = vscode.commands.executeCommand('headlight.translate');
    await until('the second text comes', () => /\n\n\S/.test(api.comingText(document.uri)));
    await editor.edit((edit) =>
      edit.insert(document.positionAt(document.getText().length - 9), 'x'),
    );
    await done;
    const [first, second] = paragraphsOf(editor);
    assert.notEqual(first, sources[0]);
    assert.ok(second === `${LONG.slice(0, -9)}x${LONG.slice(-9)}`, 'what was edited stays');
    assert.deepEqual(shown, [
      'Headlight stopped because the text that it was working on was changed.',
    ]);
  });
});
