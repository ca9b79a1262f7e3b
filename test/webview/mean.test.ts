import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { HeadChoice } from '../../src/shared/attention';
import { usePanelStage } from './support/browser';
import { PanelPage } from './support/panelPage';
import { stateOf } from './support/scenes';

suite('webview: the mean of the heads', () => {
  const stage = usePanelStage();

  test('opens first, stands before the heads, and has no effect of its own to ask for', async () => {
    const chosen: HeadChoice[] = [];
    const actions = { chooseHead: (choice: HeadChoice) => void chosen.push(choice) };
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 900, actions });
    at.panel.show(stateOf(stage.traces.translation));
    await at.page.locator('.plot').waitFor();
    const { page } = at;
    const heading = page.locator('.detail-header h2');
    assert.equal(await heading.textContent(), 'Mean of cross-attention layer 1');
    assert.match(await page.locator('.reading').innerText(), /^Mean of all heads of this layer/);
    assert.ok(await page.locator('.effect').isHidden());
    const open = page.locator('.head-group:not([hidden]) .head-cell[aria-selected="true"]');
    assert.match((await open.getAttribute('class')) ?? '', /mean-cell/);

    await open.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Cross-attention layer 1, head 0' }).waitFor();
    assert.ok(await page.locator('.effect').isVisible());
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Mean of cross-attention layer 1' }).waitFor();
    const site = 'decoder.blocks.1.cross_attn';
    assert.deepEqual(chosen, [
      { site, head: 0 },
      { site, head: 'mean' },
    ]);
    await at.close();
  });
});
