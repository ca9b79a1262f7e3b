import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { eventually } from '../support/eventually';
import { root } from '../support/root';
import { useWorkbench } from '../support/session';
import type { Theme, Workbench, WorkbenchOptions } from '../support/workbench';

const MODEL = path.join(root, 'models/headlight-complete');

suite('The inspector in the workbench', () => {
  const session = useWorkbench();

  /** A workspace with a model in it. */
  async function withModel(options: WorkbenchOptions = {}): Promise<Workbench> {
    const workbench = await session.open(options);
    cpSync(MODEL, path.join(workbench.folder, 'model'), { recursive: true });
    return workbench;
  }

  /** Opens a file of the model by its name, as one opens any file. */
  async function openModel(workbench: Workbench, file = 'model.onnx'): Promise<void> {
    await workbench.press('ControlOrMeta+P');
    await workbench.page.locator('.quick-input-widget input.input').fill(`model/onnx/${file}`);
    await workbench.page
      .locator('.quick-input-list .monaco-list-row.focused', { hasText: file })
      .waitFor();
    await workbench.press('Enter');
    await workbench.view().locator('.cost-table').waitFor();
  }

  /** Looks at every tab in turn. */
  async function everyTab(
    workbench: Workbench,
    picture: (name: string) => Promise<void>,
    tabs = {
      overview: 'Overview',
      graph: 'Graph',
      weights: 'Weights',
      diff: 'Diff',
      check: /^Check/ as string | RegExp,
    },
  ): Promise<void> {
    const view = workbench.view();
    const choose = (name: string | RegExp): Promise<void> =>
      view.getByRole('tab', { name }).click();
    await choose(tabs.overview);
    await view.locator('.stack .part').first().waitFor();
    await picture('overview');
    await choose(tabs.graph);
    await view.locator('.graph-picture svg, .graph svg').first().waitFor();
    await picture('graph');
    await choose(tabs.weights);
    await view.locator('.tensor-rows .tensor-row.tensor').nth(1).click();
    await view.locator('.weights-detail .histogram').waitFor();
    await picture('weights');
    await choose(tabs.diff);
    if ((await view.locator('.sides').count()) === 0) {
      await view.getByRole('button', { name: 'model_quantized.onnx' }).click();
    }
    await view.locator('.bar-column').first().waitFor();
    await picture('diff');
    await choose(tabs.check);
    const ask = view.locator('.check-tab button.link').first();
    await ask.click();
    await view.locator('.check-tab .passed').waitFor();
    await picture('check');
  }

  test('a model opens as any file does, and every tab tells something (dark)', async () => {
    const workbench = await withModel();
    await openModel(workbench);
    await everyTab(workbench, (name) => workbench.screenshot(`inspector-${name}-dark`));
    await workbench.setTheme('light');
    await everyTab(workbench, (name) => workbench.screenshot(`inspector-${name}-light`));
    await workbench.setTheme('high contrast' satisfies Theme);
    await everyTab(workbench, (name) => workbench.screenshot(`inspector-${name}-high-contrast`));
  });

  test('in 简体中文', async () => {
    const workbench = await withModel({ language: 'zh-cn' });
    await openModel(workbench);
    await everyTab(workbench, (name) => workbench.screenshot(`inspector-${name}-zh-cn`), {
      overview: '概览',
      graph: '计算图',
      weights: '权重',
      diff: '对比',
      check: /^检查/,
    });
  });

  test('what is selected in an editor beside is what both models read', async () => {
    const workbench = await withModel({ files: { 'note.txt': 'The door is open.\n' } });
    await openModel(workbench);
    const view = workbench.view();
    await view.getByRole('tab', { name: 'Diff' }).click();
    await view.getByRole('button', { name: 'model_quantized.onnx' }).click();
    await view.locator('.bar-column').first().waitFor();
    await workbench.palette('View: Split Editor Right');
    await workbench.press('ControlOrMeta+P');
    await workbench.page.locator('.quick-input-widget input.input').fill('note.txt');
    await workbench.page
      .locator('.quick-input-list .monaco-list-row.focused', { hasText: 'note.txt' })
      .waitFor();
    await workbench.press('Enter');
    await workbench.select('The door is open.');
    await view.getByRole('button', { name: 'Use My Selection' }).first().click();
    const field = view.getByRole('textbox', { name: 'Text that both models read' });
    await eventually(async () => assert.equal(await field.inputValue(), 'The door is open.'));
  });

  test('Source Control shows how a model differs from the last commit', async () => {
    const workbench = await withModel({ settings: { 'git.enabled': true } });
    const git = (...args: string[]): Buffer =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', ...args], {
        cwd: workbench.folder,
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'x');
    const file = path.join(workbench.folder, 'model/onnx/model.onnx');
    const bytes = readFileSync(file);
    // The last bytes of the file are weights.
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    await openModel(workbench);
    const view = workbench.view();
    await view.getByRole('tab', { name: 'Diff' }).click();
    await view.getByRole('button', { name: 'Last commit of model.onnx' }).click();
    await view.locator('.sides').waitFor();
    assert.match(
      await view.locator('.sides').innerText(),
      /A\s+model\.onnx[\s\S]*B\s+Last commit of model\.onnx/,
    );
    await workbench.screenshot('inspector-diff-commit');
  });
});
