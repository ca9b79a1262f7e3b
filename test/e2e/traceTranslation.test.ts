import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import type { FrameLocator, Locator } from 'playwright-core';
import { eventually } from '../support/eventually';
import { root } from '../support/root';
import { useWorkbench } from '../support/session';
import type { Theme, Workbench } from '../support/workbench';

/** A Marian model of two layers and two heads in each stack, with random weights. */
const tiny = path.join(root, 'test/fixtures/seq2seq/marian');
/** The one that Headlight brings. */
const bundled = path.join(root, 'models/headlight-translate-en-zh');
const SOURCE = 'the cat sat on the mat.';

suite('Trace Attention on an encoder–decoder model', () => {
  const session = useWorkbench();

  /** Opens and traces a sentence, and waits until the panel shows its heads. */
  async function traced(sentence: string, model: string): Promise<Workbench> {
    const workbench = await session.open({
      files: { 'note.txt': `Before.\n${sentence}\nAfter.\n` },
      file: 'note.txt',
      settings: { 'headlight.trace.model': model },
    });
    await workbench.select(sentence);
    await workbench.palette('Headlight: Trace Attention');
    await heads(workbench.view()).first().waitFor();
    return workbench;
  }

  /** The source in a workbench that other tests have looked around in. */
  const tracedBefore = (): Promise<Workbench> =>
    session.share('traced', () => traced(SOURCE, tiny));

  /** The thumbnails on the tab that is open. */
  function heads(view: FrameLocator): Locator {
    return view.getByRole('tabpanel').getByRole('gridcell');
  }

  function tokens(view: FrameLocator, text: 'Source' | 'Result'): Locator {
    return view.getByRole('listbox', { name: text }).getByRole('option');
  }

  test('each group of layers has a tab; the first to be seen is cross-attention', async () => {
    const view = (await tracedBefore()).view();
    assert.deepEqual(await view.getByRole('tab').allInnerTexts(), ['Encoder', 'Decoder', 'Cross']);
    await view.getByRole('heading', { name: 'Mean of cross-attention layer 1' }).waitFor();
    for (const name of ['Encoder', 'Decoder', 'Cross']) {
      await view.getByRole('tab', { name }).click();
      await heads(view).last().click();
      // Before the heads of cross attention stands their mean.
      assert.equal(await heads(view).count(), name === 'Cross' ? 2 * 3 : 2 * 2);
      const full = name === 'Cross' ? 'Cross-attention' : name;
      await view.getByRole('heading', { name: `${full} layer 1, head 1` }).waitFor();
    }
  });

  test('pointing at a token of either text paints the other one', async () => {
    const view = (await tracedBefore()).view();
    const painted = (text: 'Source' | 'Result') =>
      view.getByRole('listbox', { name: text }).locator('.painted').count();
    await tokens(view, 'Result').nth(1).hover();
    await view.getByText(/^Result “.+” .*attends to source “.+” \d/).waitFor();
    await eventually(async () => {
      assert.equal(await painted('Source'), await tokens(view, 'Source').count());
      assert.equal(await painted('Result'), 0);
    });
    await tokens(view, 'Source').first().hover();
    await view.getByText(/^Source “·the #0” is attended to by result “.+” \d/).waitFor();
    await eventually(async () => {
      assert.equal(await painted('Result'), await tokens(view, 'Result').count());
      assert.equal(await painted('Source'), 0);
    });
  });

  test('a token is shown in the editor, where the selection stays', async () => {
    const workbench = await tracedBefore();
    const marks = workbench.page.locator('.editor-group-container .view-overlays .cdr');
    const before = await marks.count();
    await tokens(workbench.view(), 'Source').nth(1).click();
    await workbench.page.waitForFunction(
      ([selector, count]) => document.querySelectorAll(selector).length > count,
      ['.editor-group-container .view-overlays .cdr', before] as const,
    );
    await workbench.view().getByRole('application').focus();
    await workbench.press('Enter');
    await workbench.status(new RegExp(`\\(${SOURCE.length} selected\\)`)).waitFor();
  });

  test('a hover on the source says what attends to it, and follows the panel', async () => {
    const workbench = await tracedBefore();
    await workbench.view().getByRole('tab', { name: 'Cross' }).click();
    await workbench.hover(
      'cat',
      /Result tokens that attend to it in cross-attention layer \d, head \d/,
    );
    await workbench.view().getByRole('tab', { name: 'Encoder' }).click();
    await heads(workbench.view()).first().click();
    await workbench.view().getByRole('heading', { name: 'Encoder layer 0, head 0' }).waitFor();
    await workbench.hover('sat', 'Encoder layer 0, head 0 attends to');
  });

  test('pictures of cross-attention, in all themes', async () => {
    const workbench = await traced('The file could not be opened.', bundled);
    for (const theme of ['dark', 'light', 'high contrast'] as const satisfies readonly Theme[]) {
      await workbench.setTheme(theme);
      await tokens(workbench.view(), 'Result').nth(1).hover();
      await workbench.view().locator('.painted').first().waitFor();
      await workbench.screenshot(`cross-attention-${theme.replace(' ', '-')}`);
    }
  });
});
