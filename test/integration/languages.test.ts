import assert from 'node:assert/strict';
import { suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { HeadlightApi } from '../../src/extension';
import { randomModel, wordTokenizer } from '../support/engine/randomModels';
import { acceptLists, configure, headlight, open, tidyUp, until } from './support/headlight';
import { messages, quickPicks } from './support/window';

const TEXT = 'w7 w10 w13';
const SETTINGS = {
  decoder_start_token_id: 2,
  eos_token_id: 2,
  pad_token_id: 1,
  max_length: 12,
  no_repeat_ngram_size: 1,
};

/** A model of random weights: what it writes depends on the language, and means nothing. */
const TRANSLATORS = {
  // The result begins with the token of its language.
  m2m100: (): string =>
    randomModel('m2m100', {
      generation: SETTINGS,
      tokenizer: wordTokenizer(
        { 31: '__en__', 32: '__fr__', 33: '__zh__', 2: '</s>' },
        { before: [31], after: [2] },
      ),
    }),
  // The source begins with the token of the result's language.
  opus: (): string =>
    randomModel('marian', {
      generation: SETTINGS,
      tokenizer: wordTokenizer({ 35: '>>fra<<', 36: '>>deu<<' }, { before: [], after: [2] }),
    }),
};

suite('Languages of a translation', () => {
  let api: HeadlightApi;

  suiteSetup(async () => {
    ({ api } = await headlight());
  });

  teardown(tidyUp);

  async function useModel(folder: string, languages: Record<string, string> = {}): Promise<void> {
    await configure({
      'translate.model': folder,
      'result.placement': 'inPlace',
      ...Object.fromEntries(
        Object.entries(languages).map(([name, value]) => [`translate.${name}`, value]),
      ),
    });
  }

  async function translated(): Promise<string> {
    const { document } = await open(TEXT, TEXT);
    await vscode.commands.executeCommand('headlight.translate');
    return document.getText();
  }

  async function opened(picks: vscode.QuickPickItem[][], count = 1): Promise<void> {
    await until('a list is open', () => picks.length === count);
  }

  /** What the hovers of a trace say of the first token. */
  async function hover({ uri }: vscode.TextDocument): Promise<string> {
    const place = new vscode.Position(0, 1);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      uri,
      place,
    );
    const contents = hovers.flatMap((found) => found.contents) as vscode.MarkdownString[];
    return contents.map(({ value }) => value).join('\n');
  }

  test('the settings name them, by any code or name', async () => {
    const folder = TRANSLATORS.opus();
    const picks = quickPicks();
    await useModel(folder, { target: 'French' });
    const french = await translated();
    await useModel(folder, { target: 'fr-FR' });
    assert.equal(await translated(), french);
    await useModel(folder, { target: 'deu' });
    assert.notEqual(await translated(), french);
    assert.notEqual(french, TEXT);
    assert.deepEqual(picks, [], 'nothing is asked');
  });

  test('the source is told as well', async () => {
    const folder = TRANSLATORS.m2m100();
    const results: string[] = [];
    for (const source of ['en', 'zh']) {
      await useModel(folder, { source, target: 'fr' });
      await configure({ 'trace.model': folder });
      const { document } = await open(TEXT, TEXT);
      await vscode.commands.executeCommand('headlight.trace');
      results.push(await hover(document));
    }
    const [english, chinese] = results;
    assert.match(english ?? '', /piece `w7`/);
    assert.notEqual(chinese, english);
  });

  for (const [name, value] of [
    ['source', 'Enlgish'],
    ['target', 'Frnech'],
  ] as const) {
    test(`a wrong ${name} is refused with the setting, its value and what comes near`, async () => {
      const shown = messages();
      await useModel(TRANSLATORS.m2m100(), { target: 'fr', [name]: value });
      assert.equal(await translated(), TEXT);
      const [message = '', ...others] = shown;
      assert.ok(message.includes(`“${value}” (headlight.translate.${name})`), message);
      assert.match(message, /en, fr, zh/);
      assert.deepEqual(others, []);
    });
  }

  test('a model that has one language says so of another', async () => {
    const shown = messages();
    await configure({ 'translate.target': 'fr', 'result.placement': 'inPlace' });
    const { document } = await open('Close the file.', 'Close the file.');
    await vscode.commands.executeCommand('headlight.translate');
    assert.equal(document.getText(), 'Close the file.');
    assert.match(shown.join('\n'), /“zh” only, not into “fr” \(headlight\.translate\.target\)/);
  });

  test('without a target the languages are listed by name, and the one picked is taken', async () => {
    const folder = TRANSLATORS.opus();
    await useModel(folder, { target: 'deu' });
    const german = await translated();
    await useModel(folder, { target: '' });
    // The second time the list itself is asked.
    const picks = quickPicks((items) =>
      picks.length === 1 ? items.find(({ label }) => label === 'German') : undefined,
    );
    assert.equal(await translated(), german);
    assert.deepEqual(
      picks[0]?.map(({ label, description }) => [label, description]),
      [
        ['French', 'fra'],
        ['German', 'deu'],
      ],
    );

    // It is no setting: the question comes again, with the one picked before in front.
    assert.equal(vscode.workspace.getConfiguration('headlight').get('translate.target'), '');
    const again = await open(TEXT, TEXT);
    await acceptLists(vscode.commands.executeCommand('headlight.translate'));
    assert.deepEqual(
      picks[1]?.map(({ label }) => label),
      ['German', 'French'],
    );
    assert.equal(again.document.getText(), german);
  });

  test('who picks none changes nothing and is told nothing', async () => {
    await useModel(TRANSLATORS.opus());
    const picks = quickPicks();
    const shown = messages();
    const { document } = await open(TEXT, TEXT);
    const { version } = document;
    const done = vscode.commands.executeCommand('headlight.translate');
    await opened(picks);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await done;
    assert.equal(document.version, version);
    assert.deepEqual(shown, []);
    assert.equal(api.engineState().state, 'ready');
  });

  test('stopping closes the question', async () => {
    await useModel(TRANSLATORS.opus());
    const picks = quickPicks();
    const { document } = await open(TEXT, TEXT);
    const done = vscode.commands.executeCommand('headlight.translate');
    await opened(picks);
    await vscode.commands.executeCommand('headlight.stop');
    await done;
    assert.equal(document.getText(), TEXT);
  });

  test('of several selections the question comes once', async () => {
    await useModel(TRANSLATORS.opus());
    const picks = quickPicks();
    const editor = await open(`${TEXT}\n\n${TEXT}\n\n>>deu<< ${TEXT}`);
    editor.selections = [0, 2, 4].map((line) => {
      const { range } = editor.document.lineAt(line);
      return new vscode.Selection(range.start, range.end);
    });
    await acceptLists(vscode.commands.executeCommand('headlight.translate'));
    assert.equal(picks.length, 1);
    const [first, , second, , third] = editor.document.getText().split('\n');
    assert.equal(first, second);
    assert.notEqual(third, first, 'the text names a language of its own');
  });

  test('a trace is told the target of the settings, or else the one picked', async () => {
    const folder = TRANSLATORS.opus();
    await configure({ 'trace.model': folder });
    const picks = quickPicks();
    const traced: string[] = [];
    for (const target of ['French', 'German', '']) {
      await configure({ 'translate.target': target });
      const { document } = await open(TEXT, TEXT);
      const done = vscode.commands.executeCommand('headlight.trace');
      if (target === '') {
        await opened(picks);
        await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
        await acceptLists(done);
      }
      await done;
      traced.push(await hover(document));
    }
    const [french, german, picked] = traced;
    assert.match(french ?? '', /piece `w7`/);
    assert.notEqual(german, french);
    assert.equal(picked, german, 'German is second in the list');
    assert.equal(picks.length, 1);
  });

  test('a trace whose question is left unanswered leaves the one before', async () => {
    const folder = TRANSLATORS.opus();
    await configure({ 'trace.model': folder, 'translate.target': 'fra' });
    const { document } = await open(TEXT, TEXT);
    await vscode.commands.executeCommand('headlight.trace');
    const before = await hover(document);
    await configure({ 'translate.target': '' });
    const picks = quickPicks();
    const done = vscode.commands.executeCommand('headlight.trace');
    await opened(picks);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await done;
    assert.equal(await hover(document), before);
  });
});
