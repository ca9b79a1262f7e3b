import assert from 'node:assert/strict';
import { suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { HeadlightApi } from '../../src/extension';
import { sequenceModel, silentTranslator } from '../support/sequenceModels';
import { changed, configure, headlight, insert, open, tidyUp, until } from './support/headlight';

const SENTENCE = 'the cat sat on the mat.';
/** Takes long enough to be stopped on the way. */
const LONG = `${SENTENCE} `.repeat(300);

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

  let known: Set<vscode.TextDocument>;

  /** Opens a document as a source; what opens later is a result. */
  async function openSource(content: string, selected = ''): Promise<vscode.TextEditor> {
    const editor = await open(content, selected);
    known = new Set(vscode.workspace.textDocuments);
    return editor;
  }

  /** The documents with results that are in sight. */
  function results(): vscode.TextDocument[] {
    return vscode.window.visibleTextEditors
      .map(({ document }) => document)
      .filter((document) => !known.has(document));
  }

  for (const task of ['translate', 'summarize']) {
    test(`${task}: the result opens beside and the source stays`, async () => {
      await useModels('beside');
      const source = await openSource(`before\n\n${SENTENCE}\n\nafter`, SENTENCE);
      await vscode.commands.executeCommand(`headlight.${task}`);
      assert.equal(source.document.getText(), `before\n\n${SENTENCE}\n\nafter`);
      assert.equal(vscode.window.activeTextEditor, source, 'the cursor stays');
      const [result, ...more] = results();
      assert.ok(result?.isUntitled && more.length === 0);
      assert.notEqual(result.getText().trim(), '');
      assert.equal(result.languageId, 'plaintext');
      assert.equal(api.engineState().state, 'ready');
    });

    test(`${task}: of several selections the first one is taken, and alone stays selected`, async () => {
      await useModels('inPlace');
      const editor = await openSource(`${SENTENCE}\n\n${SENTENCE}`);
      const { document } = editor;
      editor.selections = [2, 0].map((line) => {
        const { range } = document.lineAt(line);
        return new vscode.Selection(range.start, range.end);
      });
      await vscode.commands.executeCommand(`headlight.${task}`);
      assert.equal(editor.selections.length, 1);
      assert.ok(document.getText().startsWith(`${SENTENCE}\n\n`), document.getText());
      assert.notEqual(document.getText(), `${SENTENCE}\n\n${SENTENCE}`);
    });

    test(`${task}: in place, the result takes the place of the selection in one undo step`, async () => {
      await useModels('inPlace');
      const source = `before ${SENTENCE}\nafter`;
      const { document } = await openSource(source, SENTENCE);
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
      const editor = await openSource(`First.\n\nthe cat sat.\n${SENTENCE}`);
      await vscode.commands.executeCommand(`headlight.${task}`);
      const text = editor.document.getText();
      assert.ok(text.startsWith('First.\n\n'), text);
      assert.ok(!text.includes('the cat sat.') && text.length > 'First.\n\n'.length, text);
    });
  }

  test('running again opens another document and leaves the first as it is', async () => {
    await useModels('beside');
    await openSource(SENTENCE, SENTENCE);
    await vscode.commands.executeCommand('headlight.translate');
    const [first] = results();
    assert.ok(first);
    const text = first.getText();
    known.add(first);
    await vscode.commands.executeCommand('headlight.translate');
    const [second] = results();
    assert.ok(second);
    assert.equal(first.getText(), text);
    assert.equal(second.getText(), text);
  });

  test('a translated comment stays one, and so does a summarized one', async () => {
    await useModels('inPlace');
    const comment = `  // ${SENTENCE}\n  // a dog sang`;
    const { document } = await openSource(`start();\n${comment}\nend();`, comment);
    await vscode.commands.executeCommand('headlight.translate');
    const lines = document.getText().split('\n');
    assert.equal(lines.length, 4);
    assert.match(lines[1] ?? '', /^ {2}\/\/ \S/);
    assert.match(lines[2] ?? '', /^ {2}\/\/ \S/);

    const other = await openSource(`start();\n${comment}\nend();`, comment);
    await vscode.commands.executeCommand('headlight.summarize');
    assert.match(other.document.getText(), /^start\(\);\n {2}\/\/ \S[^\n]*\nend\(\);$/);
  });

  test('keeps the line ends of a CRLF document', async () => {
    await useModels('inPlace');
    const editor = await openSource(`${SENTENCE}\n${SENTENCE}\nEnd`, '');
    await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF));
    editor.selection = new vscode.Selection(0, 0, 1, SENTENCE.length);
    await vscode.commands.executeCommand('headlight.translate');
    const text = editor.document.getText();
    assert.match(text, /\S\r\n\S.*\r\nEnd$/);
    assert.equal(text.replaceAll('\r\n', '').includes('\n'), false);
  });

  for (const placement of ['beside', 'inPlace'] as const) {
    test(`stopping keeps what came, and one undo takes it all back (${placement})`, async () => {
      await useModels(placement);
      const source = await openSource(LONG, LONG);
      const target = (): vscode.TextDocument | undefined =>
        placement === 'inPlace' ? source.document : results()[0];
      const done = vscode.commands.executeCommand('headlight.translate');
      const original = placement === 'inPlace' ? LONG : '';
      await until('some text is written', () => (target()?.getText() ?? original) !== original);
      await vscode.commands.executeCommand('headlight.stop');
      await done;
      const result = target();
      const kept = result?.getText() ?? '';
      assert.ok(kept.trim() !== '' && kept.split(' ').length < LONG.split(' ').length, kept);
      assert.equal(api.engineState().state, 'ready');
      assert.ok(result);
      await vscode.window.showTextDocument(result);
      await vscode.commands.executeCommand('undo');
      assert.equal(result.getText(), original);
    });
  }

  test('text that is typed into the selection before the first word ends it, and stays', async () => {
    await useModels('inPlace');
    const editor = await openSource(SENTENCE, SENTENCE);
    const done = vscode.commands.executeCommand('headlight.translate');
    await insert(editor, 4, '<mine>');
    await done;
    assert.equal(editor.document.getText(), 'the <mine>cat sat on the mat.');
  });

  test('moves along with text that is typed before it', async () => {
    await useModels('inPlace');
    const editor = await openSource(`${LONG}\nThe end.`, LONG);
    const first = changed(editor.document);
    const done = vscode.commands.executeCommand('headlight.translate');
    await first;
    await insert(editor, 0, 'Note: ');
    await changed(editor.document);
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    const text = editor.document.getText();
    assert.ok(text.startsWith('Note: ') && text.endsWith('\nThe end.'), text.slice(0, 80));
  });

  test('an undo while it writes brings the source back and ends it', async () => {
    await useModels('inPlace');
    const editor = await openSource(LONG, LONG);
    const first = changed(editor.document);
    const done = vscode.commands.executeCommand('headlight.translate');
    await first;
    await vscode.commands.executeCommand('undo');
    await done;
    assert.equal(editor.document.getText(), LONG);
  });

  test('closing the document beside ends it and leaves the source alone', async () => {
    await useModels('beside');
    const source = await openSource(LONG, LONG);
    const done = vscode.commands.executeCommand('headlight.translate');
    await until('some text is written', () => (results()[0]?.getText() ?? '') !== '');
    const [result] = results();
    assert.ok(result);
    await vscode.window.showTextDocument(result);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
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
      const editor = await openSource(`// ${SENTENCE}`, `// ${SENTENCE}`);
      await vscode.commands.executeCommand('headlight.translate');
      assert.equal(editor.document.getText(), `// ${SENTENCE}`);
      assert.deepEqual(results(), []);
      assert.equal(api.engineState().state, 'ready');
    });
  }

  test('on a blank line it changes nothing and starts no engine', async () => {
    await useModels('inPlace');
    const editor = await openSource(`${SENTENCE}\n\n`);
    await vscode.commands.executeCommand('headlight.translate');
    assert.equal(editor.document.getText(), `${SENTENCE}\n\n`);
    assert.equal(api.enginePid(), undefined);
  });

  test('a model of another kind is refused, and the text stays', async () => {
    await configure({
      'translate.model': sequenceModel(folder, 'bert'),
      'result.placement': 'inPlace',
    });
    const editor = await openSource(SENTENCE, SENTENCE);
    await vscode.commands.executeCommand('headlight.translate');
    assert.equal(editor.document.getText(), SENTENCE);
    assert.equal(api.engineState().state, 'failed');
  });
});
