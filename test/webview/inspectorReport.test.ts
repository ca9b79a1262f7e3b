import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { root } from '../support/root';
import { temporaryFolder } from '../support/temporary';
import { useInspectorStage } from './support/inspectorStage';
import { openInspector } from './support/inspectorView';
import { layoutDefects } from './support/layoutDefects';
import { saveTo } from './support/vscode';

const translator = path.join(root, 'models/headlight-translate-en-zh');

suite('webview: the report of the inspector', () => {
  const stage = useInspectorStage();

  for (const theme of ['dark', 'light', 'high contrast'] as const) {
    test(`is the page as it was, in one file that runs and fetches nothing (${theme})`, async () => {
      const view = await openInspector(stage.browser, stage.engine, translator, {
        width: 1100,
        theme,
      });
      const { page } = view;
      await page.locator('.cost-table').waitFor();
      await page.locator('.stack .part').first().waitFor();
      await page.getByRole('spinbutton').first().fill('50');
      await page.getByRole('radio', { name: 'int8' }).click();
      await page.getByRole('button', { name: 'Check the model' }).click();
      await page.locator('.findings li').first().waitFor();
      const file = path.join(temporaryFolder(), 'report.html');
      saveTo(file);
      await page.getByRole('button', { name: 'Export Report…' }).click();
      await page.getByText('Saved', { exact: true }).waitFor();
      const shown = (text: string): string => text.replaceAll(/\s+/g, ' ');
      const lead = shown(await page.locator('.lead').innerText());
      const table = shown(await page.locator('.cost-table table').innerText());
      await view.close();

      const html = readFileSync(file, 'utf8');
      assert.doesNotMatch(html, /<script|<button|<input|\bon\w+=/i);
      const context = await stage.browser.newContext({
        offline: true,
        viewport: { width: 1400, height: 900 },
      });
      const report = await context.newPage();
      const requests: string[] = [];
      report.on('request', (request) => requests.push(request.url()));
      await report.setContent(html);
      assert.equal(shown(await report.locator('.lead').innerText()), lead);
      assert.equal(shown(await report.locator('.cost-table table').innerText()), table);
      assert.match(await report.locator('.assumptions').innerText(), /50 GFLOP/);
      assert.match(await report.locator('.cost-bar').innerText(), /int8/);
      assert.ok((await report.locator('.findings li').count()) > 0);
      assert.deepEqual(await report.evaluate(layoutDefects), []);
      assert.deepEqual(requests, []);
      const picture = `inspector-report-${theme.replaceAll(' ', '-')}.png`;
      await report.screenshot({
        path: path.join(root, 'test/webview/screenshots', picture),
        fullPage: true,
      });
      await context.close();
    });
  }
});
