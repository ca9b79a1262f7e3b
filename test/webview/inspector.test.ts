import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { Failure, phrase } from '../../src/shared/failure';
import { safetensorsFile } from '../support/tensors/safetensorsFile';
import { eventually } from '../support/eventually';
import { root } from '../support/root';
import { temporaryFolder } from '../support/temporary';
import { useInspectorStage } from './support/inspectorStage';
import { openInspector, type InspectorView } from './support/inspectorView';
import { layoutDefects } from './support/layoutDefects';
import type { PageOptions } from './support/viewPage';
import { withAnswers } from './support/withAnswers';

const translator = path.join(root, 'models/headlight-translate-en-zh');
const completer = path.join(root, 'models/headlight-complete/onnx/model.onnx');

const sizes = [
  { width: 500, height: 900 },
  { width: 900, height: 900 },
  { width: 1400, height: 900 },
];

suite('webview: the inspector', () => {
  const stage = useInspectorStage();

  async function opened(model: string, options: PageOptions): Promise<InspectorView> {
    const view = await openInspector(stage.browser, stage.engine, model, options);
    await view.page.locator('.stack .part, .stack-none').first().waitFor();
    await view.page.locator('.cost-table').waitFor();
    return view;
  }

  test('says what the model is, draws its stacks, and counts what it costs', async () => {
    const view = await opened(translator, { width: 1400 });
    const { page } = view;
    const lead = await page.locator('.lead').innerText();
    assert.match(
      lead,
      /^A Marian model that translates English into Chinese: 2\.51 million parameters/,
    );
    assert.match(lead, /encoder of 4 layers and a decoder of 2/);
    const encoder = page.locator('.stack[data-component="encoder"]');
    assert.match(await encoder.innerText(), /4 equal blocks[\s\S]*× 4/);
    const sizes = await encoder.locator('.part-size').allInnerTexts();
    assert.deepEqual(sizes, ['655,360', '20,480', '103,040', '164,512']);
    const decoder = page.locator('.stack[data-component="decoder"]');
    assert.equal(await decoder.locator('.crossing').count(), 1);
    assert.equal(await page.locator('.cross-link path').count(), 1);
    assert.match(await page.locator('.facts').innerText(), /2,512,192 \(3,167,552 stored\)/);
    await view.close();
    assert.deepEqual(view.foreignRequests, []);
  });

  test('parts that read the same state are said to stand beside each other', async () => {
    const folder = path.join(root, 'test/fixtures/inspect/gptj');
    const view = await openInspector(stage.browser, stage.engine, folder, { width: 900 });
    const details = view.page.locator('.run .part-detail');
    await details.first().waitFor();
    const [attention = '', feedForward = ''] = await details.allInnerTexts();
    assert.doesNotMatch(attention, /beside/);
    assert.match(feedForward, /, beside the part above$/);
    await view.close();
  });

  test('the slider and the keys change what a text takes', async () => {
    const view = await opened(translator, { width: 1400 });
    const { page } = view;
    const slider = page.getByRole('slider');
    const cell = (name: string) => page.locator('.cost-table tr', { hasText: name }).locator('td');
    await slider.focus();
    assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /^64 tokens$/);
    const cache = await cell('Key–value cache').innerText();
    await page.keyboard.press('PageUp');
    assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /^128 tokens$/);
    assert.equal(cache, '327.7 kB');
    assert.equal(await cell('Key–value cache').innerText(), '655.4 kB');
    const weights = await cell('Weights in memory').innerText();
    await page.getByRole('radio', { name: 'int8' }).click();
    assert.equal(await cell('Weights in memory').innerText(), '2.5 MB');
    assert.notEqual(weights, '2.5 MB');
    await view.close();
  });

  test('a check is asked for, and tells its findings', async () => {
    const view = await opened(translator, { width: 900 });
    const { page } = view;
    await page.getByRole('button', { name: 'Check the model' }).click();
    const findings = page.locator('.findings li:not(.skipped)');
    await findings.first().waitFor();
    assert.match(await page.locator('#findings-title').innerText(), /findings? · \d+ rules passed/);
    assert.match(await page.locator('.findings').innerText(), /weights\/stored-twice/);
    await view.close();
  });

  test('tensors are found by name, and one shows its numbers', async () => {
    const view = await opened(translator, { width: 1400 });
    const { page } = view;
    await page.getByRole('tab', { name: 'Weights' }).click();
    const rows = page.locator('.tensor-rows .tensor-row');
    await rows.first().waitFor();
    await page.getByRole('searchbox').fill('encoder.layers.0 q_proj weight');
    const found = page.locator('.tensor-rows .tensor-row.tensor');
    await page.waitForFunction(
      () => document.querySelectorAll('.tensor-rows .tensor-row.tensor').length === 1,
    );
    assert.match(
      await found.innerText(),
      /self_attn\.q_proj\.weight[\s\S]*160 × 160[\s\S]*float16/,
    );
    await found.click();
    const detail = page.locator('.weights-detail');
    await detail.locator('.histogram').waitFor();
    assert.match(
      await detail.innerText(),
      /No number is NaN or infinite\.[\s\S]*Minimum\s+−0\.3804[\s\S]*Maximum\s+0\.3865/,
    );
    const painted = await detail.locator('.map-plot canvas').evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      return [width, height];
    });
    assert.deepEqual(painted, [160, 160]);
    await detail.locator('.map-plot').focus();
    await page.keyboard.press('+');
    await detail.getByText(/^Rows 40–119, columns 40–119$/).waitFor();
    await view.close();
  });

  test('the table goes by keyboard', async () => {
    const view = await opened(translator, { width: 1400 });
    const { page } = view;
    await page.getByRole('tab', { name: 'Weights' }).click();
    const table = page.getByRole('treegrid', { name: 'Tensors' });
    await table.focus();
    const isOpen = () => page.locator('.tensor-row.group').first().getAttribute('aria-expanded');
    assert.equal(await isOpen(), 'true');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await isOpen(), 'false');
    await page.keyboard.press('ArrowRight');
    assert.equal(await isOpen(), 'true');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.weights-detail h2').waitFor();
    await view.close();
  });

  test('a tensor that is read ends when it is stopped, or another one is chosen', async () => {
    const view = await opened(translator, { width: 1400 });
    const { page } = view;
    await page.getByRole('tab', { name: 'Weights' }).click();
    await page.getByRole('searchbox').fill('encoder.layers.0 q_proj');
    const rows = page.locator('.tensor-rows .tensor-row.tensor');
    await rows.nth(1).waitFor();
    await page.locator('.sparkline').nth(1).waitFor();
    const ended: string[] = [];
    const endless = (
      method: string,
      params: unknown,
      own: () => Promise<unknown>,
      signal?: AbortSignal,
    ) => {
      if (method !== 'tensorStatistics') return own();
      const { name } = (params as { tensor: { name: string } }).tensor;
      return new Promise<unknown>((_, reject) => {
        signal?.addEventListener('abort', () => {
          ended.push(name);
          reject(new Error('aborted'));
        });
      });
    };
    await withAnswers(stage.engine, endless, async () => {
      await rows.nth(0).click();
      await page.getByText('Reading the tensor…').waitFor();
      await rows.nth(1).click();
      await page.getByText('Reading the tensor…').waitFor();
      await eventually(() => assert.equal(ended.length, 1));
      await page.getByRole('button', { name: 'Stop' }).click();
      await eventually(() => assert.equal(ended.length, 2));
    });
    assert.equal(new Set(ended).size, 2);
    await page.getByRole('button', { name: 'Count its numbers' }).click();
    await page.locator('.weights-detail .histogram').waitFor();
    await view.close();
  });

  test('findings are led to their tensors, and the keyboard goes on where it was', async () => {
    const view = await opened(translator, { width: 900 });
    const { page } = view;
    await page.getByRole('tab', { name: 'Check' }).click();
    await page.getByRole('button', { name: 'Check the model' }).press('Enter');
    await page.getByRole('tab', { name: /^Check \d+$/ }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'check-title');
    assert.match(await page.locator('.check-tab').innerText(), /Nothing found/);
    const finding = page.locator('.check-tab li', { hasText: 'weights/stored-twice' }).first();
    // Nothing leads to the other one: its file is not among those that are shown.
    const other = page.locator('.check-tab li', { hasText: 'model.shared.weight_quantized' });
    assert.equal(await other.count(), 1);
    assert.equal(await other.getByRole('button').count(), 0);
    await finding.getByRole('button', { name: 'Show in Weights' }).click();
    await page.locator('.weights-detail h2').waitFor();
    assert.equal(await page.locator('.tensor-row.chosen').count(), 1);
    await page.getByRole('tab', { name: /^Check/ }).click();
    await page.getByRole('button', { name: 'Check again' }).waitFor();
    await view.close();
  });

  test('how the page was left outlives a file that is half written, and the page itself', async () => {
    const view = await opened(translator, { width: 1400, height: 500 });
    const { page } = view;
    await page.getByRole('tab', { name: 'Weights' }).click();
    await page.getByRole('searchbox').fill('fc1 weight');
    await page.locator('.tensor-rows .tensor-row.tensor').nth(1).click();
    const name = await page.locator('.weights-detail h2').innerText();
    await page.locator('.weights-detail .histogram').waitFor();
    await page.mouse.move(700, 20);
    await page.mouse.wheel(0, 120);
    await page.waitForFunction(() => window.scrollY > 100);
    const scroll = await page.evaluate(() => window.scrollY);
    const isAsLeft = async (): Promise<void> => {
      await page.locator('.weights-detail h2', { hasText: name }).waitFor();
      assert.equal(await page.getByRole('searchbox').inputValue(), 'fc1 weight');
      await page.waitForFunction((top) => Math.abs(window.scrollY - top) < 2, scroll);
    };
    const broken = async (method: string, _: unknown, own: () => Promise<unknown>) => {
      if (method !== 'inspect') return own();
      throw new Failure({
        kind: 'model',
        what: phrase('It is half there'),
        remedy: phrase('wait'),
      });
    };
    await withAnswers(stage.engine, broken, async () => {
      view.change();
      await page.getByRole('alert').waitFor();
    });
    view.change();
    await isAsLeft();
    await page.reload();
    await isAsLeft();
    await view.close();
  });

  test('a file that changes is read again, for all parts of the page', async () => {
    const view = await opened(completer, { width: 900 });
    const broken = async (method: string, _: unknown, own: () => Promise<unknown>) => {
      if (method === 'inspect') {
        throw new Failure({ kind: 'model', what: phrase('It is gone'), remedy: phrase('wait') });
      }
      return own();
    };
    await withAnswers(stage.engine, broken, async () => {
      view.change();
      await view.page.getByRole('alert').getByText('It is gone: wait.').waitFor();
    });
    await view.page.getByRole('button', { name: 'Try Again' }).click();
    await view.page.locator('.lead').waitFor();
    // All parts of the page are about the file as it is now.
    await view.page.locator('.cost-table').waitFor();
    let asked = 0;
    const counting = (method: string, _: unknown, own: () => Promise<unknown>) => {
      asked += Number(method === 'stack' || method === 'cost');
      return own();
    };
    await withAnswers(stage.engine, counting, async () => {
      view.change();
      await eventually(() => assert.equal(asked, 2));
    });
    await view.close();
  });

  test('what is no model says so, with a way to try again', async () => {
    const view = await openInspector(stage.browser, stage.engine, path.join(root, 'package.json'), {
      width: 900,
    });
    await view.page.getByRole('alert').waitFor();
    await view.page.getByRole('button', { name: 'Try Again' }).waitFor();
    await view.close();
  });

  test('weights without a graph show their tensors, and what they say of themselves', async () => {
    const file = path.join(root, 'test/fixtures/tensors/blocks.gguf');
    const view = await openInspector(stage.browser, stage.engine, file, { width: 1400 });
    const { page } = view;
    await page.locator('.tensor-rows .tensor-row.tensor').first().click();
    await page.locator('.weights-detail .histogram').waitFor();
    await page.getByRole('tab', { name: 'About' }).click();
    const facts = page.locator('.facts');
    assert.match(await facts.innerText(), /Format\s+GGUF \(weights without a graph\)/);
    assert.deepEqual(await page.evaluate(layoutDefects), []);
    await view.close();
  });

  test('names and numbers of a hostile file are shown for what they are', async () => {
    const numbers = Float32Array.from({ length: 4096 }, (_, index) => (index % 2 ? 1e38 : -1e38));
    numbers.set([NaN, Infinity, -Infinity]);
    const file = path.join(temporaryFolder(), 'model.safetensors');
    const name = 'model.\u202eevil\u0007\n.weight';
    const bytes = new Uint8Array(numbers.buffer);
    writeFileSync(file, safetensorsFile([{ name, dtype: 'float32', dims: [64, 64], bytes }]));
    const view = await openInspector(stage.browser, stage.engine, file, { width: 1400 });
    const { page } = view;
    await page.locator('.tensor-rows .tensor-row.tensor').first().click();
    const detail = page.locator('.weights-detail');
    await detail.locator('.histogram').waitFor();
    assert.equal(await detail.locator('h2').innerText(), 'model.\\u202eevil\\u0007\\u000a.weight');
    await detail.getByText('NaN or infinite', { exact: true }).waitFor();
    assert.doesNotMatch(await page.content(), /[\u202e\u0007]|="[^"]*NaN/);
    const [first, third, ordinary] = await detail
      .locator('.map-plot canvas')
      .evaluate((canvas) =>
        [0, 2, 3].map((x) =>
          (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(x, 0, 1, 1).data.join(),
        ),
      );
    assert.equal(first, third);
    assert.notEqual(first, ordinary);
    await view.close();
  });

  test('a map is moved by as much as it is dragged, however slowly', async () => {
    const view = await opened(translator, { width: 1400 });
    const { page } = view;
    await page.getByRole('tab', { name: 'Weights' }).click();
    await page.getByRole('searchbox').fill('encoder.layers.0 q_proj weight');
    await page.locator('.tensor-rows .tensor-row.tensor').first().click();
    const plot = page.locator('.map-plot');
    await plot.focus();
    await page.keyboard.press('+');
    await page.getByText(/^Rows 40–119, columns 40–119$/).waitFor();
    const box = await plot.boundingBox();
    assert.ok(box);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let step = 1; step <= box.width / 8; step++) await page.mouse.move(x + step, y);
    await page.mouse.up();
    await page.mouse.move(0, 0);
    await page.getByText(/^Rows 40–119, columns 30–109$/).waitFor();
    await view.close();
  });

  test('files that nothing connects are offered one by one', async () => {
    const view = await openInspector(
      stage.browser,
      stage.engine,
      path.join(root, 'test/fixtures/onnx'),
      {
        width: 900,
      },
    );
    await view.page.locator('.model-list .link').first().waitFor();
    await view.close();
  });

  test('the one file of a folder that can be read is the model, and the others are named', async () => {
    const folder = temporaryFolder();
    const good = path.join(root, 'test/fixtures/families/bert/dynamo-sdpa/model.onnx');
    copyFileSync(good, path.join(folder, 'good.onnx'));
    writeFileSync(path.join(folder, 'bad.onnx'), 'nonsense');
    const view = await openInspector(stage.browser, stage.engine, folder, { width: 900 });
    await view.page.locator('.lead', { hasText: 'parameters' }).waitFor();
    assert.match(
      await view.page.locator('.unread').innerText(),
      /^bad\.onnx: This is text, and not a model/,
    );
    await view.close();
  });

  for (const language of ['en', 'zh-cn', 'pseudo'] as const) {
    for (const size of sizes) {
      test(`nothing overlaps or is cut off at ${size.width} px (${language})`, async () => {
        const view = await opened(translator, { ...size, language });
        const found = await view.page.evaluate(layoutDefects);
        assert.equal(found.join('\n'), '');
        await view.close();
      });
    }
  }

  for (const theme of ['dark', 'light', 'high contrast'] as const) {
    for (const size of sizes) {
      test(`pictures at ${size.width} px (${theme})`, async () => {
        const view = await opened(translator, { ...size, theme });
        const { page } = view;
        const picture = (name: string): Promise<unknown> => {
          const file = `inspector ${name} ${size.width} ${theme}.png`.replaceAll(' ', '-');
          const folder = path.join(root, 'test/webview/screenshots');
          return page.screenshot({ path: path.join(folder, file), fullPage: true });
        };
        await picture('overview');
        await page.getByRole('tab', { name: 'Weights' }).click();
        const row = page.locator('.tensor-rows .tensor-row.tensor', { hasText: 'q_proj.weight' });
        await row.first().click();
        await page.locator('.weights-detail .histogram').waitFor();
        await page
          .locator('.sparkline')
          .nth(Math.min(8, size.width < 900 ? 0 : 8))
          .waitFor({
            state: 'attached',
          });
        await picture('weights');
        assert.deepEqual(await page.evaluate(layoutDefects), []);
        await view.close();
      });
    }
  }
});
