import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import translations from '../../l10n/bundle.l10n.zh-cn.json';
import { usePanelStage } from './support/browser';
import { PanelPage } from './support/panelPage';
import { scenes } from './support/scenes';

suite('webview: the display language', () => {
  const stage = usePanelStage();

  test('in 简体中文 the view speaks Chinese, with what it fills in', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 300, language: 'zh-cn' });
    await scenes['trace']?.(at, stage.traces);
    const { page } = at;
    const button = page.locator('.scores .check-button');
    assert.equal(await button.innerText(), translations['Try random tokens']);
    const heading = await page.locator('.detail-header h2').innerText();
    assert.equal(
      heading,
      translations['Layer {0}, head {1}'].replace('{0}', '0').replace('{1}', '0'),
    );
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-cn');
    await at.close();
  });

  test('what a call fails with is translated by the view, too', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 300, language: 'zh-cn' });
    await at.page.clock.install();
    // The host answers nothing any more.
    await at.page.evaluate(() => Object.assign(window, { postToHost: () => undefined }));
    at.panel.show({ kind: 'empty' });
    await at.page.locator('.message vscode-button').click();
    await at.page.clock.runFor(31_000);
    const failure = at.page.locator('.notice .failure p');
    const expected = translations['Headlight did not answer within {0} seconds'].replace(
      '{0}',
      '30',
    );
    assert.ok((await failure.innerText()).startsWith(expected), await failure.innerText());
    await at.close();
  });
});
