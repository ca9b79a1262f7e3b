import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { usePanelStage } from './support/browser';
import { PanelPage } from './support/panelPage';
import { stateOf } from './support/scenes';

suite('webview: what the workbench keeps while the page is gone', () => {
  const stage = usePanelStage();

  /** The page's, the overview's and the detail's, in CSS pixels. */
  const scrolled = ({ page }: PanelPage): Promise<number[]> =>
    page.evaluate(() => [
      window.scrollY,
      document.querySelector('.overview-scroller')?.scrollTop ?? 0,
      document.querySelector('.detail')?.scrollTop ?? 0,
    ]);

  for (const [where, size] of [
    ['the page', { width: 300, height: 500 }],
    ['each part', { width: 900, height: 300 }],
  ] as const) {
    test(`head, cell and how far ${where} was scrolled`, async () => {
      const at = await PanelPage.open(stage.browser, stage.engine, size);
      const { page } = at;
      at.panel.show(stateOf(stage.traces.decoder));
      const map = page.locator('.detail-body:not([aria-busy]) .plot');
      await map.waitFor();
      await page.getByRole('gridcell').nth(9).click();
      await page.getByRole('heading', { name: 'Layer 1, head 3' }).waitFor();
      await map.waitFor();
      await map.focus();
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight']) {
        await page.keyboard.press(key);
      }
      await page.evaluate(() => {
        window.scrollBy(0, 120);
        document.querySelector('.overview-scroller')?.scrollBy(0, 40);
        document.querySelector('.detail')?.scrollBy(0, 60);
      });
      await at.settled();
      const readout = await page.locator('.readout').innerText();
      assert.match(readout, /attends to/);
      const before = await scrolled(at);
      assert.ok(before.some((pixels) => pixels > 0));

      await page.reload();
      await page.getByRole('heading', { name: 'Layer 1, head 3' }).waitFor();
      await map.waitFor();
      await at.settled();
      assert.equal(await page.locator('.readout').innerText(), readout);
      assert.deepEqual(await scrolled(at), before);
      await at.close();
    });
  }

  test('nothing of it is used for another trace', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 300, height: 500 });
    const { page } = at;
    at.panel.show(stateOf(stage.traces.decoder));
    const map = page.locator('.detail-body:not([aria-busy]) .plot');
    await map.waitFor();
    await map.focus();
    await page.keyboard.press('ArrowDown');
    await page.evaluate(() => window.scrollBy(0, 100));
    await at.settled();
    at.panel.show({ kind: 'empty' });
    at.panel.show(stateOf(stage.traces.translation));
    await map.waitFor();
    await at.settled();
    assert.match(await page.locator('.readout').innerText(), /^Point at/);
    await at.close();
  });
});
