import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import { root } from '../support/root';
import { usePanelStage } from './support/browser';
import { PanelPage } from './support/panelPage';
import { scenes } from './support/scenes';

suite('webview: what Verify found', () => {
  const stage = usePanelStage();

  for (const language of ['en', 'zh-cn'] as const) {
    for (const width of [300, 900]) {
      test(`says what each figure means, by keyboard and pointer, at ${width} px (${language})`, async () => {
        const at = await PanelPage.open(stage.browser, stage.engine, {
          ...{ width, height: 700, language },
        });
        await scenes['verified']?.(at, stage.traces);
        const details = at.page.locator('.check-details');
        const names = details.locator('.figure-name, .explained');
        // Every part of the table has an explanation, and every sentence with figures.
        const rows = await details.locator('tbody tr').count();
        assert.ok(rows > 0 && (await names.count()) > rows);
        assert.equal(await details.locator('tbody tr:has(.figure-name)').count(), rows);
        for (const name of await names.all()) {
          const meaning = at.page.locator(`#${await name.getAttribute('aria-describedby')}`);
          assert.ok(((await meaning.textContent()) ?? '').length > 20);
          assert.equal(await meaning.isVisible(), false);
          await at.page.keyboard.press('Tab');
          await name.focus();
          await meaning.waitFor({ state: 'visible' });
          const box = await meaning.boundingBox();
          const own = await name.boundingBox();
          assert.ok(box && own);
          assert.ok(box.x >= 0 && box.x + box.width <= width && box.y >= 0, JSON.stringify(box));
          const isBeside = box.y + box.height <= own.y || box.y >= own.y + own.height;
          assert.ok(isBeside, 'it covers nothing of what it explains');
          await at.page.keyboard.press('Escape');
          await meaning.waitFor({ state: 'hidden' });
        }
        const row = details.locator('tbody tr').first();
        await row.hover();
        const shown = at.page.locator('.explanation:popover-open');
        await shown.waitFor({ state: 'visible' });
        assert.equal(
          await shown.getAttribute('id'),
          await row.locator('.figure-name').getAttribute('aria-describedby'),
        );
        const picture = `verify-meaning-${width}-${language}.png`;
        await at.page.screenshot({ path: path.join(root, 'test/webview/screenshots', picture) });
        await at.close();
      });
    }
  }

  test('in a low window its table leaves the heads their room, and the page scrolls', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 640, height: 480 });
    await scenes['verified']?.(at, stage.traces);
    for (const part of ['.overview', '.detail']) {
      const box = await at.page.locator(part).boundingBox();
      assert.ok(box && box.height >= 380, `${part} is ${box?.height} px high`);
    }
    const blank = await at.page.evaluate(() => {
      const bottoms = Array.from(
        document.querySelectorAll('.overview, .detail'),
        (part) => part.getBoundingClientRect().bottom + window.scrollY,
      );
      return document.documentElement.scrollHeight - Math.max(...bottoms);
    });
    assert.ok(blank <= 1, `${blank} px below the heads are blank`);
    await at.page.locator('.detail').evaluate((detail) => detail.scrollIntoView());
    const picture = 'verified-in-a-low-window.png';
    await at.page.screenshot({ path: path.join(root, 'test/webview/screenshots', picture) });
    await at.close();
  });

  test('a run within rounding is marked otherwise than one that matches', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 300 });
    await scenes['a check within rounding']?.(at, stage.traces);
    const badge = at.page.locator('.check-button.rounded');
    assert.match(await badge.innerText(), /^Agrees within float16 rounding: .* bound 0\.15$/);
    await at.close();
  });
});
