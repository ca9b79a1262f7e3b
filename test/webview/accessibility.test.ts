import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import type { Page } from 'playwright-core';
import { root } from '../support/root';
import { accessibilityDefects } from './support/accessibility';
import { useInspectorStage } from './support/inspectorStage';
import { openInspector } from './support/inspectorView';

const translator = path.join(root, 'models/headlight-translate-en-zh');

suite('webview: accessibility, as axe judges it', () => {
  const stage = useInspectorStage();

  async function isClean(page: Page): Promise<void> {
    assert.equal((await accessibilityDefects(page)).join('\n'), '');
  }

  for (const theme of ['dark', 'light', 'high contrast'] as const) {
    test(`every tab of the inspector (${theme})`, async () => {
      const view = await openInspector(stage.browser, stage.engine, translator, {
        width: 1400,
        theme,
      });
      const { page } = view;
      await page.locator('.cost-table').waitFor();
      await page.locator('.stack .part').first().waitFor();
      await isClean(page);
      await page.getByRole('tab', { name: 'Weights' }).click();
      await page.locator('.tensor-rows .tensor-row.tensor').first().click();
      await page.locator('.weights-detail .histogram').waitFor();
      await page.locator('.sparkline').first().waitFor();
      await isClean(page);
      await page.getByRole('tab', { name: 'Check' }).click();
      await page.getByRole('button', { name: 'Check the model' }).click();
      await page.locator('.check-tab li').first().waitFor();
      await isClean(page);
      await view.close();
    });
  }

  test('a failure, and files to choose from', async () => {
    for (const given of ['package.json', 'test/fixtures/onnx']) {
      const view = await openInspector(stage.browser, stage.engine, path.join(root, given), {
        width: 900,
      });
      await view.page.locator('.failure, .model-list').first().waitFor();
      await isClean(view.page);
      await view.close();
    }
  });
});
