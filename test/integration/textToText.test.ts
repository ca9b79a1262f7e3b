import assert from 'node:assert/strict';
import { suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { HeadlightApi } from '../../src/extension';
import { endlessSequenceModel, sequenceModel, silentTranslator } from '../support/sequenceModels';
import { configure, headlight, insert, open, tidyUp, until } from './support/headlight';

const SENTENCE = 'the cat sat on the mat.';
/** Takes long enough to be stopped on the way. */
const LONG = `${SENTENCE} `.repeat(300);
/** Characters of results of several sentences, far fewer than those of all. */
const SOME_SENTENCES = 1000;

/** Translate and Summarize with tiny models of random weights: their words mean nothing. */
suite('Translate Selection, Summarize Selection', () => {
  let api: HeadlightApi;
  let folder: string;

  suiteSetup(async () => {
    ({ api, folder } = await headlight());
  });

  teardown(tidyUp);

  async function useModels(placement: 'beside' | 'inPlace'): Promise<void> {
    await configure({
      'translate.model': sequenceModel(folder, 'marian'),
      'summarize.model': sequenceModel(folder, 't5'),
      'result.placement': placement,
    });
  }

  /** Waits until more text is on its way into a document. */
  async function comes({ uri }: vscode.TextDocument): Promise<void> {
    const { length } = api.comingText(uri);
    await until('more text comes', () => api.comingText(uri).length > length + 4);
  }

  /** The documents with results that are in sight. */
  function results(): vscode.TextDocument[] {
    return vscode.window.visibleTextEditors
      .map(({ document }) => document)
      .filter(({ uri }) => uri.scheme === 'headlight-result');
  }

  for (const task of ['translate', 'summarize']) {
    test(`${task}: the result opens beside and the source stays`, async () => {
      await useModels('beside');
      const source = await open(`before\n\n${SENTENCE}\n\nafter`, SENTENCE);
      await vscode.commands.executeCommand(`headlight.${task}`);
      assert.equal(source.document.getText(), `before\n\n${SENTENCE}\n\nafter`);
      assert.equal(vscode.window.activeTextEditor, source, 'the cursor stays');
      const [result, ...more] = results();
      assert.ok(result && more.length === 0);
      assert.equal(result.isDirty, false, 'it closes without a question');
      assert.notEqual(result.getText().trim(), '');
      assert.equal(result.languageId, 'plaintext');
      assert.equal(api.engineState().state, 'ready');
    });

    test(`${task}: each of several selections is served, all in one undo step`, async () => {
      await useModels('inPlace');
      const source = `${SENTENCE}\n\nbetween\n\n${SENTENCE}`;
      const editor = await open(source);
      const { document } = editor;
      editor.selections = [4, 0].map((line) => {
        const { range } = document.lineAt(line);
        return new vscode.Selection(range.start, range.end);
      });
      await vscode.commands.executeCommand(`headlight.${task}`);
      const result = document.getText();
      assert.match(result, /^.*\S.*\n\nbetween\n\n.*\S.*$/s);
      assert.ok(!result.includes(SENTENCE), result);
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), source);
    });

    test(`${task}: results of several selections stand in one document`, async () => {
      await useModels('beside');
      const editor = await open(`${SENTENCE}\n\n${SENTENCE}`);
      const { document } = editor;
      editor.selections = [0, 2].map((line) => {
        const { range } = document.lineAt(line);
        return new vscode.Selection(range.start, range.end);
      });
      await vscode.commands.executeCommand(`headlight.${task}`);
      const [result, ...more] = results();
      assert.ok(result && more.length === 0);
      const [first, second, ...others] = result.getText().split('\n\n');
      assert.equal(first, second, 'one model says the same of the same');
      assert.deepEqual(others, []);
      assert.equal(editor.selections.length, 2);
    });

    test(`${task}: in place, the result takes the place of the selection in one undo step`, async () => {
      await useModels('inPlace');
      const source = `before ${SENTENCE}\nafter`;
      const { document } = await open(source, SENTENCE);
      await vscode.commands.executeCommand(`headlight.${task}`);
      const result = document.getText();
      assert.match(result, /^before .*\S.*\nafter$/s);
      assert.ok(!result.includes(SENTENCE), result);
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), source);
      await vscode.commands.executeCommand('redo');
      assert.equal(document.getText(), result);
    });

    test(`${task}: with nothing selected it takes the paragraph at the cursor`, async () => {
      await useModels('inPlace');
      const editor = await open(`First.\n\nthe cat sat.\n${SENTENCE}`);
      await vscode.commands.executeCommand(`headlight.${task}`);
      const text = editor.document.getText();
      assert.ok(text.startsWith('First.\n\n'), text);
      assert.ok(!text.includes('the cat sat.') && text.length > 'First.\n\n'.length, text);
    });
  }

  test('running again uses the same document, wherever it is open', async () => {
    await useModels('beside');
    const source = await open(`${SENTENCE}\n\na dog sang`, SENTENCE);
    await vscode.commands.executeCommand('headlight.translate');
    const [first] = results();
    assert.ok(first);
    const text = first.getText();
    const { range } = source.document.lineAt(2);
    source.selection = new vscode.Selection(range.start, range.end);
    await vscode.commands.executeCommand('headlight.translate');
    assert.deepEqual(results(), [first]);
    assert.notEqual(first.getText(), text);
    assert.equal(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length, 2);
  });

  test('results close without a question, and open again', async () => {
    await useModels('beside');
    const source = await open(SENTENCE, SENTENCE);
    await vscode.commands.executeCommand('headlight.translate');
    const [first] = results();
    assert.ok(first);
    const text = first.getText();
    await vscode.window.showTextDocument(first, vscode.ViewColumn.Two);
    // With a question it would wait for an answer, which nobody gives here.
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await until('the result is closed', () => results().length === 0);
    await until('the source is in front', () => vscode.window.activeTextEditor === source);
    await vscode.commands.executeCommand('headlight.translate');
    const [again] = results();
    assert.equal(again?.getText(), text);
  });

  test('the results of a Markdown document are Markdown, and say whose they are', async () => {
    await useModels('beside');
    const source = await open(SENTENCE, SENTENCE);
    await vscode.languages.setTextDocumentLanguage(source.document, 'markdown');
    await vscode.commands.executeCommand('headlight.translate');
    const [result] = results();
    assert.equal(result?.languageId, 'markdown');
    assert.match(result.fileName, /Translation of Untitled-\d+$/);
  });

  test('a link whose label the rest of a Markdown document defines stays one', async () => {
    await useModels('inPlace');
    const sentence = 'the cat sat on [the mat] and sang.';
    const definition = '\n\n[The Mat]: https://a.b\n';
    const { document } = await open(sentence + definition, sentence);
    await vscode.languages.setTextDocumentLanguage(document, 'markdown');
    await vscode.commands.executeCommand('headlight.translate');
    const text = document.getText();
    assert.ok(text.endsWith(definition) && !text.startsWith(sentence), text);
    assert.ok(text.includes('[the mat]'), text);
  });

  test('a translated comment stays one, and so does a summarized one', async () => {
    await useModels('inPlace');
    const comment = `  // ${SENTENCE}\n  // a dog sang`;
    const { document } = await open(`start();\n${comment}\nend();`, comment);
    await vscode.commands.executeCommand('headlight.translate');
    const lines = document.getText().split('\n');
    assert.equal(lines.length, 4);
    assert.match(lines[1] ?? '', /^ {2}\/\/ \S/);
    assert.match(lines[2] ?? '', /^ {2}\/\/ \S/);

    const other = await open(`start();\n${comment}\nend();`, comment);
    await vscode.commands.executeCommand('headlight.summarize');
    assert.match(other.document.getText(), /^start\(\);\n {2}\/\/ \S[^\n]*\nend\(\);$/);
  });

  test('keeps the line ends of a CRLF document', async () => {
    await useModels('inPlace');
    const editor = await open(`${SENTENCE}\n${SENTENCE}\nEnd`, '');
    await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF));
    editor.selection = new vscode.Selection(0, 0, 1, SENTENCE.length);
    await vscode.commands.executeCommand('headlight.translate');
    const text = editor.document.getText();
    assert.match(text, /\S\r\n\S.*\r\nEnd$/);
    assert.equal(text.replaceAll('\r\n', '').includes('\n'), false);
  });

  test('stopping in place keeps whole sentences and the rest of the text, in one undo step', async () => {
    await useModels('inPlace');
    const { document } = await open(LONG, LONG);
    const done = vscode.commands.executeCommand('headlight.translate');
    await until('sentences are done', () => api.comingText(document.uri).length > SOME_SENTENCES);
    assert.equal(document.getText(), LONG, 'nothing is written before the end');
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    const kept = document.getText();
    const left = kept.split(SENTENCE).length - 1;
    assert.ok(left > 0 && left < 300, `${left} sentences are left`);
    assert.ok(kept.endsWith(` ${`${SENTENCE} `.repeat(left)}`), 'the rest is as it was');
    assert.ok(!kept.startsWith('the cat'), kept.slice(0, 40));
    assert.equal(api.engineState().state, 'ready');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), LONG);
  });

  for (const command of ['translate', 'summarize']) {
    test(`${command}: stopping before anything is whole leaves the text as it was`, async () => {
      await configure({
        [`${command}.model`]: await endlessSequenceModel(folder),
        'result.placement': 'inPlace',
      });
      const { document } = await open(LONG, LONG);
      const done = vscode.commands.executeCommand(`headlight.${command}`);
      await until('a word comes', () => api.comingText(document.uri) !== '');
      await vscode.commands.executeCommand('headlight.stop');
      await done;
      assert.equal(document.getText(), LONG);
    });
  }

  test('stopping keeps what came beside', async () => {
    await useModels('beside');
    await open(LONG, LONG);
    const done = vscode.commands.executeCommand('headlight.translate');
    await until('some text is shown', () => (results()[0]?.getText() ?? '') !== '');
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    const kept = results()[0]?.getText() ?? '';
    assert.ok(kept.trim() !== '' && kept.split(' ').length < LONG.split(' ').length, kept);
  });

  test('text that is typed into the selection before the first word ends it, and stays', async () => {
    await useModels('inPlace');
    const editor = await open(SENTENCE, SENTENCE);
    const done = vscode.commands.executeCommand('headlight.translate');
    await insert(editor, 4, '<mine>');
    await done;
    assert.equal(editor.document.getText(), 'the <mine>cat sat on the mat.');
  });

  test('moves along with text that is typed before it', async () => {
    await useModels('inPlace');
    const editor = await open(`${LONG}\nThe end.`, LONG);
    const done = vscode.commands.executeCommand('headlight.translate');
    await comes(editor.document);
    await insert(editor, 0, 'Note: ');
    await comes(editor.document);
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    const text = editor.document.getText();
    assert.ok(text.startsWith('Note: ') && text.endsWith('\nThe end.'), text.slice(0, 80));
  });

  test('closing the document beside ends it and leaves the source alone', async () => {
    await useModels('beside');
    const source = await open(LONG, LONG);
    const done = vscode.commands.executeCommand('headlight.translate');
    await until('some text is written', () => (results()[0]?.getText() ?? '') !== '');
    const [result] = results();
    assert.ok(result);
    await vscode.window.showTextDocument(result, vscode.ViewColumn.Two);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await done;
    assert.equal(source.document.getText(), LONG);
    assert.equal(api.engineState().state, 'ready');
  });

  for (const placement of ['beside', 'inPlace'] as const) {
    test(`a model that writes nothing changes nothing and opens nothing (${placement})`, async () => {
      await configure({
        'translate.model': await silentTranslator(folder),
        'result.placement': placement,
      });
      const editor = await open(`// ${SENTENCE}`, `// ${SENTENCE}`);
      await vscode.commands.executeCommand('headlight.translate');
      assert.equal(editor.document.getText(), `// ${SENTENCE}`);
      assert.deepEqual(results(), []);
      assert.equal(api.engineState().state, 'ready');
    });
  }

  test('on a blank line it changes nothing and starts no engine', async () => {
    await useModels('inPlace');
    const editor = await open(`${SENTENCE}\n\n`);
    await vscode.commands.executeCommand('headlight.translate');
    assert.equal(editor.document.getText(), `${SENTENCE}\n\n`);
    assert.equal(api.enginePid(), undefined);
  });

  test('a model of another kind is refused, and the text stays', async () => {
    await configure({
      'translate.model': sequenceModel(folder, 'bert'),
      'result.placement': 'inPlace',
    });
    const editor = await open(SENTENCE, SENTENCE);
    await vscode.commands.executeCommand('headlight.translate');
    assert.equal(editor.document.getText(), SENTENCE);
    assert.equal(api.engineState().state, 'failed');
  });
});
