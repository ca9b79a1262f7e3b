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

/** With the models that Headlight brings. */
suite('Translate, Summarize and Fill In the Blank in the workbench', () => {
  const session = useWorkbench();

  function note(text: string, settings: Record<string, unknown> = {}): WorkbenchOptions {
    return {
      files: { 'note.txt': `${text}\n`, '.vscode/settings.json': JSON.stringify(settings) },
      file: 'note.txt',
    };
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
      const workbench = await session.open({ ...note(MESSAGE), theme });
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
    const workbench = await session.open(note(MESSAGE));
    await workbench.select(MESSAGE);
    await workbench.palette('Headlight: Translate Selection');
    await workbench.status(/Headlight: \d+ tokens/).waitFor();
    const [, result = ''] = await editors(workbench);
    const tab = workbench.page.locator('.tab', { hasText: 'Translation of note.txt' });
    await tab.click();
    await workbench.palette('Headlight: Save Result As…');
    const input = workbench.page.locator('.quick-input-widget input.input');
    // The dialog writes a name of its own first.
    await eventually(async () => assert.match(await input.inputValue(), /Translation of note/));
    await input.fill(path.join(workbench.folder, 'saved.txt'));
    await workbench.press('Enter');
    await workbench.page.locator('.tab', { hasText: 'saved.txt' }).waitFor();
    assert.equal(readFileSync(path.join(workbench.folder, 'saved.txt'), 'utf8').trim(), result);

    await workbench.page.locator('.tab', { hasText: 'note.txt' }).first().click();
    await workbench.select(MESSAGE);
    await workbench.palette('Headlight: Translate Selection');
    await tab.click();
    await workbench.palette('View: Close Editor');
    await tab.waitFor({ state: 'detached' });
    assert.equal(await workbench.page.locator('.monaco-dialog-box').count(), 0);
  });

  test('in place it is one undo step', async () => {
    const workbench = await session.open(
      note(`// ${MESSAGE}`, { 'headlight.result.placement': 'inPlace' }),
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

  test('text in the target’s own language is doubted, with a way to the model’s card', async () => {
    const workbench = await session.open(note('这个文件已经打开了。'));
    await workbench.select('这个文件已经打开了。');
    await workbench.palette('Headlight: Translate Selection');
    const doubt = workbench.notification('already in the language to translate into');
    await doubt.waitFor();
    await workbench.screenshot('doubt');
    await doubt.getByText('About This Model', { exact: true }).click();
    await workbench.page.locator('.tab', { hasText: 'MODEL_CARD.md' }).waitFor();
  });

  test('a summary is shorter than its passage', async () => {
    const workbench = await session.open(note(PASSAGE, { 'editor.wordWrap': 'on' }));
    await workbench.placeCursorAfter('When a client');
    await workbench.palette('Headlight: Summarize Selection');
    await workbench.status(/Headlight: \d+ tokens/).waitFor();
    const summary = (await editors(workbench)).at(-1) ?? '';
    assert.ok(summary.length > 3 && summary.length < PASSAGE.length, summary);
    await workbench.screenshot('summary');
  });

  for (const theme of THEMES) {
    test(`a word can be chosen for a blank (${theme})`, async () => {
      const workbench = await session.open({
        ...note('If the file does not [MASK], a new one is created.'),
        theme,
      });
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
});
