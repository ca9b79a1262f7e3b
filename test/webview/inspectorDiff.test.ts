import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, teardown, test } from 'mocha';
import type { ModelDiff } from '../../src/shared/modelDiff';
import { root } from '../support/root';
import { temporaryFolder } from '../support/temporary';
import { accessibilityDefects } from './support/accessibility';
import { useInspectorStage } from './support/inspectorStage';
import { openInspector, type InspectorView } from './support/inspectorView';
import { layoutDefects } from './support/layoutDefects';
import type { PageOptions } from './support/viewPage';
import { clipboardText, saveTo, select, trust } from './support/vscode';
import { withAnswers } from './support/withAnswers';

const completer = path.join(root, 'models/headlight-complete/onnx/model.onnx');
const translator = path.join(root, 'models/headlight-translate-en-zh/onnx/encoder_model.onnx');
const fixture = path.join(root, 'test/fixtures/diff/a.onnx');

const TAB = { en: 'Diff', 'zh-cn': '对比', pseudo: /^Diff/ };

suite('webview: the inspector’s comparison', () => {
  const stage = useInspectorStage();
  teardown(() => trust(true));

  /** Opens a model and compares it with the file beside it whose name is given. */
  async function compared(
    model: string,
    other: string,
    options: PageOptions,
  ): Promise<InspectorView> {
    const view = await openInspector(stage.browser, stage.engine, model, options);
    const { page } = view;
    await page.getByRole('tab', { name: TAB[options.language ?? 'en'] }).click();
    await page.getByRole('button', { name: other, exact: true }).click();
    await page.locator('.sides').waitFor();
    return view;
  }

  test('offers what lies beside, and tells behaviour, numbers and structure', async () => {
    const view = await compared(completer, 'model_quantized.onnx', { width: 1400 });
    const { page } = view;
    assert.match(
      await page.locator('.diff .lead').innerText(),
      /^On this text B expects the same next token as A at \d+ of 16 places, and its predictions move by 0\.\d+ nats on average\. The numbers of 43 of 56 tensors differ; B has 53% of the size of A\.$/,
    );
    assert.equal(await page.locator('.bar-column').count(), 16);
    assert.equal(await page.locator('.head-table tbody td').count(), 36);
    const worst = page.locator('.tensor-differences tbody tr').first();
    assert.match(
      await worst.innerText(),
      /self_attn\.k_proj\.weight\s+192 × 192\s+2\.31%\s+32\.7 dB\s+0\.99973\s+0\.0029/,
    );
    assert.match(
      await page.locator('.structure-differences').innerText(),
      /MatMulInteger\s+–\s+43\s+\+43[\s\S]*43 weights that MatMul reads in A are read by MatMulInteger in B\./,
    );
    await view.close();
    assert.deepEqual(view.foreignRequests, []);
  });

  test('the keys go from place to place, and each is told in words', async () => {
    const view = await compared(completer, 'model_quantized.onnx', { width: 900 });
    const { page } = view;
    const words = page.locator('.divergences [role="status"]');
    assert.match(await words.innerText(), /^Furthest behind “/);
    await page.getByRole('listbox').focus();
    await page.keyboard.press('Home');
    assert.match(
      await words.innerText(),
      /^Behind “If”: both expect “·the”, A with 17\.5%, B with/,
    );
    await page.keyboard.press('ArrowRight');
    assert.match(await words.innerText(), /^Behind “·the”: /);
    await view.close();
  });

  test('another text, typed or selected, is compared anew', async () => {
    const view = await compared(completer, 'model_quantized.onnx', { width: 900 });
    const { page } = view;
    const field = page.getByRole('textbox', { name: 'Text that both models read' });
    await field.fill('Open the file.');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('.bar-column').length === 5);
    select('');
    await page.getByRole('button', { name: 'Use My Selection' }).click();
    await page.getByText('No text is selected in an editor').waitFor();
    select('One word');
    await page.getByRole('button', { name: 'Use My Selection' }).click();
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('.behaviour input')?.value === 'One word',
    );
    await view.close();
  });

  test('both are swapped, copied and exported', async () => {
    const view = await compared(fixture, 'b.onnx', { width: 1100 });
    const { page } = view;
    await page.getByRole('button', { name: 'Copy as Markdown' }).click();
    await page.getByText('Copied', { exact: true }).waitFor();
    assert.match(clipboardText(), /^# a\.onnx and b\.onnx compared\n/);
    assert.match(
      clipboardText(),
      /\| first\.weight \| 40 × 24 \| 1\.07% \| 39\.4 dB \| 0\.99994 \|/,
    );
    assert.match(await page.locator('.sides').innerText(), /A\s+a\.onnx[\s\S]*B\s+b\.onnx/);
    await page.getByRole('button', { name: 'Swap A and B' }).click();
    await page.waitForFunction(() =>
      /^Ab\.onnx/.test(document.querySelector('.sides')?.textContent ?? ''),
    );
    assert.match(await page.locator('.structure-differences h2').innerText(), /5 gone, 1 new/);
    const file = path.join(temporaryFolder(), 'report.html');
    saveTo(file);
    await page.getByRole('button', { name: 'Export Report…' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    const html = readFileSync(file, 'utf8');
    assert.match(html, /first\.weight/);
    assert.doesNotMatch(html, /<script|<button|<input/i);
    await view.close();
  });

  test('a tensor that differs is shown among the weights', async () => {
    const view = await compared(fixture, 'b.onnx', { width: 1400 });
    const { page } = view;
    await page.getByRole('button', { name: 'second.weight' }).click();
    await page.locator('.weights-detail h2', { hasText: 'second.weight' }).waitFor();
    await view.close();
  });

  test('nothing is run where the workspace is not trusted, and that is said', async () => {
    trust(false);
    const asked: unknown[] = [];
    const listening = (method: string, params: unknown, own: () => Promise<unknown>) => {
      if (method === 'diff') asked.push(params);
      return own();
    };
    await withAnswers(stage.engine, listening, async () => {
      const view = await compared(completer, 'model_quantized.onnx', { width: 900 });
      await view.page.getByText('Models are run in trusted workspaces alone').waitFor();
      await view.close();
    });
    assert.equal(asked.length, 1);
    assert.ok(!('run' in (asked[0] as object)));
  });

  test('it can be stopped, and one that fails can be tried again', async () => {
    let isBroken = true;
    const answers = (method: string, _: unknown, own: () => Promise<unknown>) => {
      if (method !== 'diff') return own();
      if (isBroken) return Promise.reject(new Error('It broke'));
      return new Promise<ModelDiff>(() => undefined);
    };
    await withAnswers(stage.engine, answers, async () => {
      const view = await openInspector(stage.browser, stage.engine, fixture, { width: 900 });
      const { page } = view;
      await page.getByRole('tab', { name: 'Diff' }).click();
      await page.getByRole('button', { name: 'b.onnx', exact: true }).click();
      await page.locator('.diff .failure').waitFor();
      isBroken = false;
      await page.getByRole('button', { name: 'Try Again' }).click();
      await page.getByText('Comparing the graphs of a.onnx and b.onnx…').waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByRole('heading', { name: 'Compare with' }).waitFor();
      await view.close();
    });
  });

  for (const theme of ['dark', 'light', 'high contrast'] as const) {
    test(`pictures (${theme})`, async () => {
      for (const width of [500, 900, 1400]) {
        const view = await compared(completer, 'model_quantized.onnx', {
          width,
          height: 900,
          theme,
        });
        const { page } = view;
        assert.deepEqual(await page.evaluate(layoutDefects), [], `${width} px`);
        if (width === 1400) {
          assert.equal((await accessibilityDefects(page)).join('\n'), '');
        }
        await picture(view, `diff ${width} ${theme}`);
        await view.close();
      }
    });
  }

  for (const language of ['zh-cn', 'pseudo'] as const) {
    test(`nothing overlaps or is cut off (${language})`, async () => {
      for (const width of [500, 1400]) {
        const view = await compared(translator, 'encoder_model_quantized.onnx', {
          width,
          height: 900,
          language,
        });
        assert.deepEqual(await view.page.evaluate(layoutDefects), [], `${width} px`);
        await picture(view, `diff ${width} ${language}`);
        await view.close();
      }
    });
  }

  test('what it can be compared with', async () => {
    const view = await openInspector(stage.browser, stage.engine, completer, { width: 900 });
    const { page } = view;
    await page.getByRole('tab', { name: 'Diff' }).click();
    await page.getByRole('button', { name: 'model_quantized.onnx' }).waitFor();
    assert.equal((await accessibilityDefects(page)).join('\n'), '');
    await picture(view, 'diff choice');
    await view.close();
  });
});

function picture({ page }: InspectorView, name: string): Promise<unknown> {
  const file = `inspector ${name}.png`.replaceAll(' ', '-');
  const folder = path.join(root, 'test/webview/screenshots');
  return page.screenshot({ path: path.join(folder, file), fullPage: true });
}
