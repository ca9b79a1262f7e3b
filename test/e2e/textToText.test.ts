import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { eventually } from '../support/eventually';
import { useWorkbench } from '../support/session';
import type { Theme, Workbench, WorkbenchOptions } from '../support/workbench';

const THEMES = ['dark', 'light', 'high contrast'] as const satisfies readonly Theme[];
const MESSAGE = 'Cannot open the configuration file.';
const PASSAGE =
  'When a client connects, the server creates a session. The session keeps the settings of the ' +
  'client until it disconnects. It is removed after an hour without a request.';
/** By the name of their files. */
const TEXTS = {
  message: MESSAGE,
  comment: `// ${MESSAGE}`,
  passage: PASSAGE,
  chinese: '这个文件已经打开了。',
  blank: 'If the file does not [MASK], a new one is created.',
};

/** With the models that Headlight brings. */
suite('Translate, Summarize and Fill In the Blank in the workbench', () => {
  const session = useWorkbench();

  /** A text in a workbench that is opened once for all tests that follow each other. */
  async function shared(name: keyof typeof TEXTS): Promise<Workbench> {
    const workbench = await session.share('texts', () => session.open(texts('message', {})));
    await workbench.startOver(`${name}.txt`);
    return workbench;
  }

  /** A workspace with all texts, one of them open. */
  function texts(name: keyof typeof TEXTS, settings: Record<string, unknown>): WorkbenchOptions {
    const workspace = JSON.stringify({ 'editor.wordWrap': 'on', ...settings });
    const files: Record<string, string> = { '.vscode/settings.json': workspace };
    for (const [one, text] of Object.entries(TEXTS)) {
      files[`${one}.txt`] = `${text}\n`;
    }
    return { files, file: `${name}.txt` };
  }

  /** The text of each editor, from left to right. */
  async function editors(workbench: Workbench): Promise<string[]> {
    const texts = await workbench.page
      .locator('.editor-group-container .monaco-editor[role="code"]')
      .evaluateAll((elements) =>
        elements.map((element) =>
          [...element.querySelectorAll('.view-line')].map((line) => line.textContent).join('\n'),
        ),
      );
    return texts.map((text) => text.replaceAll('\u00a0', ' ').trim());
  }

  for (const theme of THEMES) {
    test(`a translation streams into a document beside (${theme})`, async () => {
      const workbench = await shared('message');
      await workbench.setTheme(theme);
      await workbench.select(MESSAGE);
      await workbench.palette('Headlight: Translate Selection');
      await workbench.status(/Headlight: \d+ tokens/).waitFor();
      const [source, result] = await editors(workbench);
      assert.equal(source, MESSAGE);
      assert.match(result ?? '', /^\p{Script=Han}.*。$/u);
      await workbench.screenshot(`translation-${theme.replace(' ', '-')}`);
      assert.deepEqual(await workbench.notifications(), []);
    });
  }

  test('a result can be saved as a file, and closes without a question', async () => {
    const workbench = await shared('message');
    await workbench.select(MESSAGE);
    await workbench.palette('Headlight: Translate Selection');
    await workbench.status(/Headlight: \d+ tokens/).waitFor();
    const [, result = ''] = await editors(workbench);
    const tab = workbench.page.locator('.tab', { hasText: 'Translation of message.txt' });
    await tab.click();
    await workbench.palette('Headlight: Save Result As…');
    const input = workbench.page.locator('.quick-input-widget input.input');
    // The dialog writes a name of its own first.
    await eventually(async () => assert.match(await input.inputValue(), /Translation of message/));
    await input.fill(path.join(workbench.folder, 'saved.txt'));
    await workbench.press('Enter');
    await workbench.page.locator('.tab', { hasText: 'saved.txt' }).waitFor();
    assert.equal(readFileSync(path.join(workbench.folder, 'saved.txt'), 'utf8').trim(), result);

    await workbench.page.locator('.tab', { hasText: 'message.txt' }).first().click();
    await workbench.select(MESSAGE);
    await workbench.palette('Headlight: Translate Selection');
    await tab.click();
    await workbench.palette('View: Close Editor');
    await tab.waitFor({ state: 'detached' });
    assert.equal(await workbench.page.locator('.monaco-dialog-box').count(), 0);
  });

  test('text in the target’s own language gets a warning, with a way to the model’s card', async () => {
    const workbench = await shared('chinese');
    await workbench.select(TEXTS.chinese);
    await workbench.palette('Headlight: Translate Selection');
    const warning = workbench.notification('already in the language to translate into');
    await warning.waitFor();
    await workbench.screenshot('warning');
    await warning.getByText('About This Model', { exact: true }).click();
    await workbench.page.locator('.tab', { hasText: 'MODEL_CARD.md' }).waitFor();
  });

  test('a summary is shorter than its passage', async () => {
    const workbench = await shared('passage');
    await workbench.placeCursorAfter('When a client');
    await workbench.palette('Headlight: Summarize Selection');
    await workbench.status(/Headlight: \d+ tokens/).waitFor();
    const summary = (await editors(workbench)).at(-1) ?? '';
    assert.ok(summary.length > 3 && summary.length < PASSAGE.length, summary);
    await workbench.screenshot('summary');
  });

  for (const theme of THEMES) {
    test(`a word can be chosen for a blank (${theme})`, async () => {
      const workbench = await shared('blank');
      await workbench.setTheme(theme);
      await workbench.placeCursorAfter('[MASK');
      await workbench.palette('Headlight: Fill In the Blank');
      const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
      await rows.nth(9).waitFor();
      await workbench.screenshot(`blank-${theme.replace(' ', '-')}`);
      const best = (await rows.first().locator('.label-name').innerText()).trim();
      await workbench.press('Enter');
      await workbench.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
      await eventually(async () => {
        const [text] = await editors(workbench);
        assert.equal(text, `If the file does not ${best}, a new one is created.`);
      });
      await workbench.press('ControlOrMeta+Z');
      await eventually(async () => {
        assert.match((await editors(workbench))[0] ?? '', /\[MASK\]/);
      });
    });
  }

  test('in place it is one undo step', async () => {
    const workbench = await session.open(
      texts('comment', { 'headlight.result.placement': 'inPlace' }),
    );
    await workbench.select(`// ${MESSAGE}`);
    await workbench.palette('Headlight: Translate Selection');
    await workbench.status(/Headlight: \d+ tokens/).waitFor();
    assert.match((await editors(workbench))[0] ?? '', /^\/\/ \p{Script=Han}.*。$/u);
    await workbench.press('ControlOrMeta+Z');
    await eventually(async () => {
      assert.equal((await editors(workbench))[0], `// ${MESSAGE}`);
    });
  });
});
