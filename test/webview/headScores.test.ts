import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { Cancelled } from '../../src/host/engine/engineClient';
import { usePanelStage } from './support/browser';
import { PanelPage } from './support/panelPage';
import { scenes } from './support/scenes';

suite('webview: heads on random tokens', () => {
  const stage = usePanelStage();

  test('the next head answers by itself', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 300 });
    await scenes['a head on random tokens']?.(at, stage.traces);
    const first = await at.page.locator('.scores-answer').innerText();
    assert.match(first, /induction head.* random tokens/);
    assert.equal(await at.page.locator('.scores .check-button').isVisible(), false);
    await at.page.getByRole('gridcell').nth(9).click();
    const answer = at.page.locator('.scores-answer:not(:empty):not(:has(vscode-progress-ring))');
    await answer.filter({ hasNotText: first }).waitFor();
    await at.close();
  });

  test('Stop and Escape end the measurement, in the engine, too; another head goes on', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 300 });
    await scenes['trace']?.(at, stage.traces);
    const button = at.page.locator('.scores .check-button');
    // An engine that goes on until it is stopped.
    const { call } = stage.engine;
    let ended = 0;
    stage.engine.call = ((method: string, params: unknown, options: { signal: AbortSignal }) =>
      method === 'headScores'
        ? new Promise((_, reject) => {
            options.signal.addEventListener('abort', () => {
              ended++;
              reject(new Cancelled());
            });
          })
        : (call as (...args: unknown[]) => unknown)(method, params, options)) as typeof call;
    try {
      for (const end of [() => button.click(), () => button.press('Escape')]) {
        const before = ended;
        await button.click();
        await at.page.getByText('Measuring all heads on random tokens…').waitFor();
        assert.equal(await button.innerText(), 'Stop');
        await at.page.getByRole('gridcell').nth(9).click();
        assert.equal(await button.innerText(), 'Stop');
        await end();
        await at.page.getByText('Try random tokens').waitFor();
        assert.equal(ended, before + 1);
        assert.equal(await at.page.locator('.scores-answer').innerText(), '');
      }
    } finally {
      stage.engine.call = call;
    }
    await button.click();
    await at.page.locator('.scores-answer .explained').waitFor();
    await at.close();
  });
});
