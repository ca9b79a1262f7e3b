import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import type { Page } from 'playwright-core';
import { root } from '../support/root';
import { accessibilityDefects } from './support/accessibility';
import { useInspectorStage } from './support/inspectorStage';
import { openInspector, type InspectorView } from './support/inspectorView';
import { layoutDefects } from './support/layoutDefects';
import type { PageOptions } from './support/viewPage';

const translator = path.join(root, 'models/headlight-translate-en-zh');
const completer = path.join(root, 'models/headlight-complete/onnx/model.onnx');

suite('webview: the graph of a model', () => {
  const stage = useInspectorStage();

  async function opened(model: string, options: PageOptions): Promise<InspectorView> {
    const view = await openInspector(stage.browser, stage.engine, model, options);
    await view.page.getByRole('tab').nth(1).click();
    await view.page.locator('.picture .box').first().waitFor();
    return view;
  }

  const drawn = (page: Page): Promise<string[]> =>
    page.locator('.picture .box text:not(.twisty-mark, .aside)').allTextContents();

  test('opens at the first attention: equal blocks are one box, constants are left out', async () => {
    const view = await opened(translator, { width: 1400 });
    const { page } = view;
    assert.match(await page.locator('.graph .lead').innerText(), /4 times the same block/);
    await page.getByRole('button', { name: 'Fit' }).click();
    await page.locator('.picture .box', { hasText: 'last_hidden_state' }).waitFor();
    const boxes = await drawn(page);
    for (const name of ['input_ids', 'q_proj', 'Softmax', 'layers.1 … 3', 'last_hidden_state']) {
      assert.ok(boxes.includes(name), `${name} is not among ${boxes.join(', ')}`);
    }
    assert.ok(!boxes.includes('Constant'));
    const softmax = page.locator('.graph-details');
    assert.match(await softmax.innerText(), /encoder\.blocks\.0\.attn/);
    assert.match(await softmax.innerText(), /5 heads × n queries × n keys/);
    await page.getByText('axis', { exact: true }).waitFor();
    assert.ok((await page.locator('.edge.lit').count()) > 3);
    await view.close();
  });

  test('goes by keyboard: along edges, into modules and out of them', async () => {
    const view = await opened(translator, { width: 1400 });
    const { page } = view;
    const picture = page.getByRole('application');
    const crumbs = page.locator('.crumbs');
    await picture.focus();
    await page.keyboard.press('ArrowDown');
    await crumbs.getByText(/self_attn › MatMul$/).waitFor();
    await page.keyboard.press('ArrowUp');
    await crumbs.getByText(/self_attn › Softmax$/).waitFor();
    await page.keyboard.press('ArrowLeft');
    await crumbs.getByText(/› self_attn$/).waitFor();
    await page.locator('.picture .box', { hasText: 'self_attn' }).first().waitFor();
    await page.keyboard.press('ArrowRight');
    await page.locator('.picture .box', { hasText: 'Softmax' }).waitFor();
    await page.keyboard.press('Escape');
    await crumbs.getByText('Nothing is chosen').waitFor();
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('type')), 'search');
    await view.close();
  });

  test('finds nodes by name, operator and shape, and opens what is around them', async () => {
    const view = await opened(completer, { width: 1400 });
    const { page } = view;
    const search = page.getByRole('searchbox', { name: /Search nodes/ });
    await search.fill('layers.3 softmax');
    const rows = page.locator('.tree-row');
    await page.getByText('1 found').waitFor();
    await rows.first().click();
    await page.locator('.crumbs').getByText('model › layers › 3 › self_attn › Softmax').waitFor();
    await page.locator('.picture .box.chosen', { hasText: 'Softmax' }).waitFor();
    await search.fill('(a+)+$ [');
    await page.getByText('Nothing has that in its name, operator or shape.').waitFor();
    await search.fill('b x 6 x n');
    await page.getByText(/\d+ found/).waitFor();
    await search.press('Escape');
    assert.equal(await search.inputValue(), '');
    await view.close();
  });

  test('leads from a node to its weights, and stays as it was left', async () => {
    const view = await opened(completer, { width: 1400 });
    const { page } = view;
    await page
      .getByRole('searchbox', { name: /Search nodes/ })
      .fill('layers.0.mlp down_proj matmul');
    await page.locator('.tree-row .tree-label', { hasText: 'MatMul' }).first().click();
    const crumbs = await page.locator('.crumbs').innerText();
    await page.getByRole('button', { name: 'Show in Weights' }).first().click();
    await page.locator('.weights-detail h2', { hasText: 'down_proj.weight' }).waitFor();
    await page.getByRole('tab', { name: 'Graph' }).click();
    assert.equal(await page.locator('.crumbs').innerText(), crumbs);
    view.change();
    await page.locator('.picture .box').first().waitFor();
    await page.locator('.crumbs', { hasText: crumbs }).waitFor();
    await page.reload();
    await page.locator('.crumbs', { hasText: crumbs }).waitFor();
    await view.close();
  });

  test('shows the branches of a merged decoder, each file of a model as it was left', async () => {
    const view = await opened(translator, { width: 1400 });
    const { page } = view;
    const crumbs = page.locator('.crumbs');
    const first = await crumbs.innerText();
    await page.getByRole('radio', { name: 'decoder_model_merged.onnx' }).click();
    await crumbs.getByText(/(then|else)_branch › .*self_attn › Softmax$/).waitFor();
    await page.locator('.picture .box.chosen', { hasText: 'Softmax' }).waitFor();
    assert.match(await page.locator('.graph-details').innerText(), /decoder\.blocks\.0\.attn/);
    await page.getByRole('radio', { name: 'encoder_model.onnx' }).click();
    await crumbs.getByText(first, { exact: true }).waitFor();
    await view.close();
  });

  test('is moved and zoomed without drawing it anew', async () => {
    const view = await opened(completer, { width: 1400 });
    const { page } = view;
    const place = () => page.locator('.picture svg > g').getAttribute('transform');
    const before = await place();
    await page.locator('.picture-frame').hover();
    await page.mouse.wheel(0, 40);
    await page.waitForFunction(
      (old) => document.querySelector('.picture svg > g')?.getAttribute('transform') !== old,
      before,
    );
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await page.getByText(/^1[12]\d%$/).waitFor();
    await page.getByRole('button', { name: 'Fit' }).click();
    assert.notEqual(await place(), before);
    await view.close();
  });

  for (const language of ['en', 'zh-cn'] as const) {
    for (const theme of ['dark', 'light', 'high contrast'] as const) {
      for (const width of [500, 900, 1400]) {
        test(`is whole at ${width} px (${theme}, ${language})`, async () => {
          const view = await opened(translator, { width, height: 1100, theme, language });
          const { page } = view;
          await page.locator('.attributes').first().waitFor();
          const file = `inspector graph ${width} ${theme} ${language}.png`.replaceAll(' ', '-');
          await page.screenshot({
            path: path.join(root, 'test/webview/screenshots', file),
            fullPage: true,
          });
          if (width === 1400) {
            assert.equal((await accessibilityDefects(page)).join('\n'), '');
          }
          const defects = await page.evaluate(layoutDefects);
          assert.deepEqual(
            defects.filter((defect) => !defect.includes('picture-frame')),
            [],
          );
          await view.close();
        });
      }
    }
  }
});
