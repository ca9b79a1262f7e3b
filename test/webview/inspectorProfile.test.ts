import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, teardown, test } from 'mocha';
import { root } from '../support/root';
import { accessibilityDefects } from './support/accessibility';
import { useInspectorStage } from './support/inspectorStage';
import { openInspector, type InspectorView } from './support/inspectorView';
import { layoutDefects } from './support/layoutDefects';
import type { PageOptions } from './support/viewPage';
import { trust } from './support/vscode';
import { withAnswers } from './support/withAnswers';

const completer = path.join(root, 'models/headlight-complete');

const TAB = { en: 'Profile', 'zh-cn': '性能', pseudo: /^Profile/ };
const RUN = { en: 'Run the model', 'zh-cn': '运行模型', pseudo: /^Run the model/ };

suite('webview: the inspector’s profile', () => {
  const stage = useInspectorStage();
  teardown(() => trust(true));

  async function profiled(options: PageOptions): Promise<InspectorView> {
    const view = await openInspector(stage.browser, stage.engine, completer, options);
    const { page } = view;
    const language = options.language ?? 'en';
    await page.getByRole('tab', { name: TAB[language] }).click();
    await page.getByRole('button', { name: RUN[language] }).click();
    await page.locator('.pass-parts').nth(1).waitFor();
    return view;
  }

  test('is asked for, and says of each pass what takes the time', async () => {
    const view = await profiled({ width: 1400 });
    const { page } = view;
    const [read, step] = await page.locator('.profile .section').all();
    assert.match((await read?.innerText()) ?? '', /^The decoder reads 16 tokens\s*model\.onnx/);
    assert.match(
      (await read?.innerText()) ?? '',
      /A run takes [\d.]+ ms \([\d.]+ ms to [\d.]+ ms in \d+ runs\)\. \w+ takes [\d.]+% of the time\. Attention itself/,
    );
    assert.match((await step?.innerText()) ?? '', /^The decoder reads one token behind 16/);
    await view.close();
    assert.deepEqual(view.foreignRequests, []);
  });

  test('modules open and close, with the keys as well', async () => {
    const view = await profiled({ width: 900 });
    const { page } = view;
    const table = page.getByRole('table', { name: 'Time of modules' }).first();
    const lines = await table.locator('tbody tr').count();
    const layers = table.getByRole('button', { name: 'layers', exact: true });
    assert.equal(await layers.getAttribute('aria-expanded'), 'false');
    await layers.press('Enter');
    assert.equal(await layers.getAttribute('aria-expanded'), 'true');
    assert.equal(await table.locator('tbody tr').count(), lines + 6);
    await layers.press('Enter');
    assert.equal(await table.locator('tbody tr').count(), lines);
    await view.close();
  });

  test('another text is read, and a run can be stopped', async () => {
    const view = await profiled({ width: 900 });
    const { page } = view;
    await page.getByRole('textbox', { name: 'Text that the model reads' }).fill('Open the file.');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^The decoder reads 5 tokens/ }).waitFor();
    const never = (method: string, _: unknown, own: () => Promise<unknown>) =>
      method === 'profile' ? new Promise(() => undefined) : own();
    await withAnswers(stage.engine, never, async () => {
      await page.getByRole('button', { name: 'Run again' }).click();
      await page.getByText('Loading the model…').waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByText('Loading the model…').waitFor({ state: 'detached' });
    });
    await view.close();
  });

  test('nothing is run where the workspace is not trusted', async () => {
    trust(false);
    const view = await openInspector(stage.browser, stage.engine, completer, { width: 900 });
    const { page } = view;
    await page.getByRole('tab', { name: 'Profile' }).click();
    await page.getByRole('button', { name: 'Run the model' }).click();
    await page.locator('.failure', { hasText: 'Models are run in trusted workspaces' }).waitFor();
    await view.close();
  });

  for (const theme of ['dark', 'light', 'high contrast'] as const) {
    test(`pictures (${theme})`, async () => {
      for (const width of [500, 1400]) {
        const view = await profiled({ width, height: 900, theme });
        const { page } = view;
        assert.deepEqual(await page.evaluate(layoutDefects), [], `${width} px`);
        assert.equal((await accessibilityDefects(page)).join('\n'), '');
        await picture(view, `profile ${width} ${theme}`);
        await view.close();
      }
    });
  }

  for (const language of ['zh-cn', 'pseudo'] as const) {
    test(`nothing overlaps or is cut off (${language})`, async () => {
      for (const width of [500, 900]) {
        const view = await profiled({ width, height: 900, language });
        assert.deepEqual(await view.page.evaluate(layoutDefects), [], `${width} px`);
        await picture(view, `profile ${width} ${language}`);
        await view.close();
      }
    });
  }
});

function picture({ page }: InspectorView, name: string): Promise<unknown> {
  const file = `inspector ${name}.png`.replaceAll(' ', '-');
  const folder = path.join(root, 'test/webview/screenshots');
  return page.screenshot({ path: path.join(folder, file), fullPage: true });
}
