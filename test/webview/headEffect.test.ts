import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { Locator } from 'playwright-core';
import { Cancelled } from '../../src/host/engine/engineClient';
import texts from '../bench/truth/passages.json';
import { usePanelStage } from './support/browser';
import { PanelPage } from './support/panelPage';
import { stateOf } from './support/scenes';

const MORE = 'Measure over more of the document';

suite('webview: what a head is good for', () => {
  const stage = usePanelStage();

  /** A page with a trace, and the button and the answers about its head. */
  async function opened(
    furtherTexts: () => string[] | undefined,
  ): Promise<{ at: PanelPage; button: Locator; answers: Locator }> {
    const at = await PanelPage.open(stage.browser, stage.maskEngine, { width: 640, furtherTexts });
    at.panel.show(stateOf(stage.masks.masked));
    const button = at.page.locator('.effect .check-button');
    await button.waitFor();
    return { at, button, answers: at.page.locator('.effect-answer p:not(.check-status)') };
  }

  test('the text first, then more of the document; every figure says what it means', async () => {
    const { at, button, answers } = await opened(() => texts);
    assert.equal(await button.innerText(), 'What is this head good for?');
    const hint = at.page.locator(`#${await button.getAttribute('aria-describedby')}`);
    await button.hover();
    await hint.waitFor({ state: 'visible' });
    assert.match(await hint.innerText(), /with this head and without it/);
    await button.click();
    await answers.waitFor();
    assert.match(await answers.innerText(), /−?\d\.\d+ ± \d\.\d+ nats/);
    assert.match(await answers.innerText(), /each token was masked in turn/);
    assert.equal(await button.innerText(), MORE);
    await button.click();
    await answers.nth(1).waitFor();
    assert.match(await answers.nth(1).innerText(), /20 further pieces .*± \d\.\d+ nats/);
    assert.equal(await button.isVisible(), false);
    const sentences = await answers.locator('.explained').all();
    assert.ok(sentences.length >= 6, `${sentences.length} sentences`);
    for (const sentence of sentences) {
      const meaning = at.page.locator(`#${await sentence.getAttribute('aria-describedby')}`);
      assert.equal(await meaning.isVisible(), false);
      await at.page.keyboard.press('Tab');
      await sentence.focus();
      await meaning.waitFor({ state: 'visible' });
      assert.ok((await meaning.innerText()).length > 20);
      await at.page.keyboard.press('Escape');
      await meaning.waitFor({ state: 'hidden' });
    }
    await at.close();
  });

  test('Stop and Escape end the second measurement; the first answer stays', async () => {
    const { at, button, answers } = await opened(() => texts);
    await button.click();
    await answers.waitFor();
    const first = await answers.innerText();
    // An engine that goes on until it is stopped.
    const { call } = stage.maskEngine;
    stage.maskEngine.call = ((method: string, params: unknown, options: { signal: AbortSignal }) =>
      method === 'ablateElsewhere'
        ? new Promise((_, reject) => {
            const end = (): void => reject(new Cancelled());
            options.signal.addEventListener('abort', end);
          })
        : (call as (...args: unknown[]) => unknown)(method, params, options)) as typeof call;
    try {
      for (const end of [() => button.click(), () => button.press('Escape')]) {
        await button.click();
        await at.page.getByText('Measuring further pieces of the document…').waitFor();
        assert.equal(await button.innerText(), 'Stop');
        assert.equal(await answers.innerText(), first);
        await end();
        await at.page.getByText(MORE).waitFor();
        assert.equal(await answers.innerText(), first);
        assert.equal(await button.evaluate((node) => node === document.activeElement), true);
      }
    } finally {
      stage.maskEngine.call = call;
    }
    await at.close();
  });

  for (const [what, further, expected] of [
    ['a document with no more text', () => [], /no more text/],
    ['a document that was closed', () => undefined, /was closed/],
  ] as const) {
    test(`${what}: that is said, and the first answer stays`, async () => {
      const { at, button, answers } = await opened(further);
      await button.click();
      await answers.waitFor();
      const first = await answers.innerText();
      await button.click();
      await answers.nth(1).waitFor();
      assert.match(await answers.nth(1).innerText(), expected);
      assert.equal(await answers.first().innerText(), first);
      assert.equal(await button.innerText(), MORE);
      await at.close();
    });
  }
});
