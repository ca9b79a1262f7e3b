import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import type { Locator } from 'playwright-core';
import { root } from '../support/root';
import { usePanelStage } from './support/browser';
import { PanelPage } from './support/panelPage';
import { scenes, stateOf } from './support/scenes';

/** CSS pixels, as in the tests of the layout. */
const sizes = [
  { width: 300, height: 800 },
  { width: 640, height: 480 },
  { width: 900, height: 640 },
  { width: 1400, height: 900 },
];

suite('webview: what sentences and figures mean', () => {
  const stage = usePanelStage();

  /** Shows an explanation by the keyboard, holds its place against what it explains, and hides it. */
  async function explained({ page }: PanelPage, focused: Locator, whole: Locator): Promise<void> {
    const meaning = page.locator(`#${await focused.getAttribute('aria-describedby')}`);
    assert.equal(await meaning.isVisible(), false);
    // Only the keyboard's focus shows it, and Escape hides it.
    await page.keyboard.press('Tab');
    await focused.focus();
    await meaning.waitFor({ state: 'visible' });
    assert.ok((await meaning.innerText()).length > 20);
    const [box, of, view] = [
      await meaning.boundingBox(),
      await whole.boundingBox(),
      page.viewportSize(),
    ];
    assert.ok(box !== null && of !== null && view !== null);
    const places = JSON.stringify({ box, of, view });
    assert.ok(box.x >= 0 && box.x + box.width <= view.width, places);
    assert.ok(box.y >= 0 && box.y + box.height <= view.height, places);
    assert.ok(box.y >= of.y + of.height || box.y + box.height <= of.y, `it covers: ${places}`);
    assert.equal(
      await meaning.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
      0,
    );
    await page.keyboard.press('Escape');
    await meaning.waitFor({ state: 'hidden' });
  }

  for (const language of ['en', 'zh-cn', 'pseudo'] as const) {
    for (const size of sizes) {
      test(`they show beside what they explain at ${size.width} px (${language})`, async () => {
        const at = await PanelPage.open(stage.browser, stage.engine, { ...size, language });
        await scenes['trace']?.(at, stage.traces);
        const names = at.page.locator('.figure-name');
        assert.equal(await names.count(), 6);
        for (const name of await names.all()) {
          await explained(at, name, name.locator('xpath=../..'));
        }
        const reading = at.page.locator('.reading .explained');
        assert.equal(await reading.count(), 1);
        await explained(at, reading, reading);
        await scenes['a head on random tokens']?.(at, stage.traces);
        const scores = at.page.locator('.scores-answer .explained');
        await explained(at, scores, scores);
        await at.page.locator('.figure').first().hover();
        await at.page.locator('.figure .explanation').first().waitFor({ state: 'visible' });
        const picture = `figure-meaning-${size.width}-${language}.png`;
        await at.page.screenshot({ path: path.join(root, 'test/webview/screenshots', picture) });
        await at.close();
      });
    }
  }

  test('between two texts each sentence has one, too', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 640 });
    await scenes['source and result']?.(at, stage.traces);
    const sentences = await at.page.locator('.reading .explained').all();
    assert.equal(sentences.length, 2);
    for (const sentence of sentences) {
      await explained(at, sentence, sentence);
    }
    await at.close();
  });

  test('nothing shows where a sentence came to lie under a pointer that rests', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 640 });
    await scenes['trace']?.(at, stage.traces);
    const sentence = at.page.locator('.reading .explained');
    const { x = 0, y = 0 } = (await sentence.boundingBox()) ?? {};
    at.panel.show({ kind: 'empty' });
    await at.page.locator('.message h1').waitFor();
    await at.page.mouse.move(x + 20, y + 5);
    at.panel.show(stateOf(stage.traces.decoder));
    await sentence.waitFor();
    await at.page.waitForTimeout(500);
    assert.equal(await at.page.locator('.explanation:popover-open').count(), 0);
    await at.page.mouse.move(x + 22, y + 5);
    await at.page.locator('.reading .explanation').waitFor({ state: 'visible' });
    await at.close();
  });

  test('numbers stay on one line with their signs and units', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 300 });
    await scenes['verified']?.(at, stage.traces);
    await scenes['what a head is good for']?.(at, stage.traces);
    const numbers = await at.page.locator('.whole-number').all();
    const found: string[] = [];
    for (const number of numbers) {
      if (await number.isVisible()) {
        found.push(await number.innerText());
        assert.equal(await number.evaluate((node) => node.getClientRects().length), 1);
      }
    }
    assert.ok(
      found.some((text) => /^[≤<] ?\d\.?\d*e-\d$|^\d\.?\d*e-\d$/.test(text)),
      found.join(),
    );
    assert.ok(
      found.some((text) => /^−?\d\.\d+ ± \d\.\d+ nats$/.test(text)),
      found.join(),
    );
    await at.close();
  });
});
