import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import { endlessModel } from '../support/endlessModel';
import { eventually } from '../support/eventually';
import { root } from '../support/root';
import { useWorkbench } from '../support/session';
import type { Theme, Workbench, WorkbenchOptions } from '../support/workbench';

const PROMPT = 'The function returns the number of';

suite('Complete Selection in the workbench', () => {
  const session = useWorkbench();
  let endless: string;

  suiteSetup(async () => {
    endless = await endlessModel(root);
  });

  /** A document with the prompt, and settings of its workspace. Paths of models belong there. */
  function note(settings: Record<string, unknown>): WorkbenchOptions {
    return {
      files: {
        'note.txt': `${PROMPT}\n`,
        'long.txt': 'The parser reads the file. '.repeat(300),
        '.vscode/settings.json': JSON.stringify(settings),
      },
      file: 'note.txt',
    };
  }

  /** A document in a workbench that is opened once for all tests of one name that follow each other. */
  async function shared(
    name: string,
    settings: Record<string, unknown>,
    file = 'note.txt',
  ): Promise<Workbench> {
    const workbench = await session.share(name, () => session.open(note(settings)));
    await workbench.startOver(file);
    return workbench;
  }

  /** The bundled model, which writes a few words. */
  const brief = (file?: string): Promise<Workbench> =>
    shared(
      'brief',
      { 'headlight.complete.temperature': 0, 'headlight.complete.maxNewTokens': 24 },
      file,
    );

  /** A model that writes for long enough to be looked at and stopped while it does. */
  const lasting = (): Promise<Workbench> =>
    shared('lasting', {
      'headlight.complete.model': endless,
      'headlight.complete.maxNewTokens': 400,
      'headlight.complete.temperature': 1,
      'headlight.complete.seed': 1,
    });

  /** A folder without a model. */
  const missing = (): Promise<Workbench> =>
    shared('missing', { 'headlight.complete.model': '/no/such/model' });

  /** What stands behind the prompt, in its line and those below. */
  async function textBehind(workbench: Workbench, prompt: string): Promise<string> {
    const text = (await workbench.visibleLines()).join('\n');
    return text.slice(text.indexOf(prompt) + prompt.length);
  }

  /** The rows of a text that is on its way: what they say, and how many lines below its own. */
  async function comingRows({ editor }: Workbench): Promise<{ text: string; below: number }[]> {
    return editor.evaluate((element) =>
      [...element.querySelectorAll('.view-line span')].flatMap((span) => {
        const { content, position, top } = getComputedStyle(span, '::after');
        const { height } = span.closest('.view-line')?.getBoundingClientRect() ?? { height: 1 };
        const below = position === 'absolute' ? Math.round(parseFloat(top) / height) : 0;
        return /^["']/.test(content) ? [{ text: content.slice(1, -1), below }] : [];
      }),
    );
  }

  /** Waits until a text is on its way. */
  async function untilSomethingComes(workbench: Workbench, rows = 1): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const coming = await comingRows(workbench);
      if (coming.length >= rows && coming.some(({ text }) => text.length > 3)) return;
      assert.ok(Date.now() < deadline, 'no text came');
      await workbench.page.waitForTimeout(50);
    }
  }

  /**
   * Collects what screen readers are given to read out from now on: a warning of the result soon takes
   * the place of its text.
   */
  async function collectAlerts({ page }: Workbench): Promise<() => Promise<string[]>> {
    const alerts = await page.evaluateHandle(() => {
      const heard: string[] = [];
      const listen = () => {
        for (const { textContent } of document.querySelectorAll('.monaco-alert')) {
          if (textContent !== heard.at(-1)) heard.push(textContent);
        }
      };
      const all = { subtree: true, childList: true, characterData: true };
      new MutationObserver(listen).observe(document.body, all);
      return heard;
    });
    return () => alerts.jsonValue();
  }

  /** What the language status of the open document says, once it holds `words`. */
  async function languageStatus(workbench: Workbench, words: string | RegExp): Promise<string> {
    await workbench.page.mouse.move(0, 0);
    await workbench.page.locator('.statusbar-item[id="status.languageStatus"]').hover();
    const status = workbench.page.locator('.hover-language-status', { hasText: words }).first();
    return status.innerText();
  }

  test('the palette command writes behind the selection, as one undo step, and reads it out', async () => {
    const workbench = await brief();
    await workbench.select(PROMPT);
    const readOut = await collectAlerts(workbench);
    await workbench.palette('Headlight: Complete Selection');
    await workbench.status(/Headlight: \d+ tokens/).waitFor();
    const written = (await textBehind(workbench, PROMPT)).trim();
    assert.ok(written.length > 3);
    const [word = ''] = written.split(/\s/);
    await eventually(async () => {
      const alerts = await readOut();
      assert.ok(
        alerts.some((alert) => alert.includes('written: ') && alert.includes(word)),
        alerts.join('\n'),
      );
    });
    await workbench.press('ControlOrMeta+Z');
    await eventually(async () => {
      assert.equal((await textBehind(workbench, PROMPT)).trim(), '');
    });
  });

  test('the context menu offers it for a selection', async () => {
    const workbench = await brief();
    await workbench.select(PROMPT);
    await workbench.editor
      .locator('.view-line')
      .first()
      .click({ button: 'right', position: { x: 60, y: 8 } });
    const menu = workbench.page.locator('.monaco-menu');
    await menu.getByText('Headlight', { exact: true }).hover();
    await workbench.page.getByText('Complete Selection', { exact: true }).last().click();
    await workbench.status(/Headlight: \d+ tokens/).waitFor();
    assert.ok((await textBehind(workbench, PROMPT)).trim().length > 3);
  });

  test('an empty selection is explained, and the line offered', async () => {
    const workbench = await brief();
    await workbench.placeCursorAfter(PROMPT);
    await workbench.palette('Headlight: Complete Selection');
    const question = workbench.notification('Nothing is selected');
    await question.getByText('Use the Line', { exact: true }).click();
    await workbench.status(/Headlight: \d+ tokens/).waitFor();
    assert.ok((await textBehind(workbench, PROMPT)).trim().length > 3);
  });

  test('a selection beyond the context window says how much of it was used', async () => {
    const workbench = await brief('long.txt');
    await workbench.press('ControlOrMeta+A');
    await workbench.palette('Headlight: Complete Selection');
    await workbench.notification(/its last \d+ of \d+ tokens were used/).waitFor();
  });

  test('the language status shows the model that is ready', async () => {
    const workbench = await brief();
    await workbench.select(PROMPT);
    await workbench.palette('Headlight: Complete Selection');
    await workbench.status(/Headlight: \d+ tokens/).waitFor();
    await languageStatus(workbench, 'headlight-complete is ready');
  });

  test('a read-only editor is explained, and the text handed over', async () => {
    const workbench = await brief();
    await workbench.palette('File: Set Active Editor Read-only in Session');
    await workbench.select(PROMPT);
    await workbench.palette('Headlight: Complete Selection');
    const message = workbench.notification('cannot be edited');
    await message.getByText('Show Text', { exact: true }).click();
    await workbench.page.locator('.tab', { hasText: 'Text for note.txt' }).waitFor();
  });

  for (const theme of ['dark', 'light', 'high contrast'] as const satisfies readonly Theme[]) {
    test(`Esc stops it at once and keeps what came (${theme})`, async () => {
      const workbench = await lasting();
      await workbench.setTheme(theme);
      await workbench.select(PROMPT);
      await workbench.palette('Headlight: Complete Selection');
      await untilSomethingComes(workbench, 3);
      const rows = await comingRows(workbench);
      assert.deepEqual(
        rows.map(({ below }) => below).sort((a, b) => a - b),
        rows.map((_, index) => index),
        'one row below the other',
      );
      assert.equal((await textBehind(workbench, PROMPT)).trim(), '', 'nothing is written yet');
      await workbench.notification('Headlight is completing the selection').waitFor();
      await workbench.screenshot(`streaming-${theme.replace(' ', '-')}`);
      await workbench.press('Escape');
      await workbench
        .notification('Headlight is completing the selection')
        .waitFor({ state: 'detached' });
      const kept = await textBehind(workbench, PROMPT);
      assert.ok(kept.trim().length > 3);
      assert.deepEqual(await comingRows(workbench), []);
      await workbench.page.waitForTimeout(300);
      assert.equal(await textBehind(workbench, PROMPT), kept, 'nothing is written after Esc');
    });
  }

  test('the notification’s button stops it', async () => {
    const workbench = await lasting();
    await workbench.select(PROMPT);
    await workbench.palette('Headlight: Complete Selection');
    await untilSomethingComes(workbench);
    const notification = workbench.notification('Headlight is completing the selection');
    await notification.getByText('Cancel', { exact: true }).click();
    await notification.waitFor({ state: 'detached' });
    // The button closes the notification before the text is written.
    await eventually(async () => {
      assert.ok((await textBehind(workbench, PROMPT)).trim().length > 3);
    });
  });

  test('a second run in the same document is refused with a way to stop the first', async () => {
    const workbench = await lasting();
    await workbench.select(PROMPT);
    await workbench.palette('Headlight: Complete Selection');
    await untilSomethingComes(workbench);
    await workbench.palette('Headlight: Complete Selection');
    const refusal = workbench.notification('already writing in this document');
    await refusal.getByText('Stop', { exact: true }).click();
    await workbench
      .notification('Headlight is completing the selection')
      .waitFor({ state: 'detached' });
  });

  test('a folder without a model is named in the message, with a way to the log', async () => {
    const workbench = await missing();
    await workbench.select(PROMPT);
    await workbench.palette('Headlight: Complete Selection');
    const error = workbench.notification('/no/such/model');
    await error.getByText('Show Log', { exact: true }).click();
    await workbench.page
      .locator('.panel .view-line', { hasText: '/no/such/model' })
      .first()
      .waitFor();
  });

  test('the language status shows why a model is not ready, with a way to the log', async () => {
    const workbench = await missing();
    await workbench.select(PROMPT);
    await workbench.palette('Headlight: Complete Selection');
    await workbench.notification('/no/such/model').waitFor();
    const status = await languageStatus(workbench, 'Failed');
    assert.match(status, /\/no\/such\/model/);
    assert.match(status, /Show Log/);
  });
});
