import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'mocha';
import { PNG } from 'pngjs';
import { root } from '../support/root';
import { useWorkbench } from '../support/session';
import { temporaryFolder } from '../support/temporary';
import type { Theme, Workbench } from '../support/workbench';

const SENTENCE = 'If the connection is lost, the client tries to open it again.';

suite('Trace Attention in the workbench', () => {
  const session = useWorkbench();

  /** Opens the sentence, traces it and waits until the panel shows all heads. */
  async function traced(settings: Record<string, unknown> = {}): Promise<Workbench> {
    const workbench = await session.open({
      files: {
        'note.txt': `Before.\n${SENTENCE}\nAfter.\n`,
        '.vscode/settings.json': JSON.stringify(settings),
      },
      file: 'note.txt',
    });
    await workbench.select(SENTENCE);
    await workbench.palette('Headlight: Trace Attention');
    await workbench.view().getByRole('gridcell').first().waitFor();
    return workbench;
  }

  /** A traced sentence in a workbench that other tests have looked around in. */
  const tracedBefore = (): Promise<Workbench> => session.share('traced', () => traced());

  test('the panel shows every layer and head of the bundled model', async () => {
    const workbench = await tracedBefore();
    const { layers, heads } = { layers: 6, heads: 6 };
    assert.equal(await workbench.view().getByRole('gridcell').count(), layers * heads);
    const text = await workbench.view().locator('body').innerText();
    assert.match(text, /headlight-complete/);
    assert.match(text, new RegExp(`${layers} layers × ${heads} heads`));
  });

  test('a click opens a head as a heat map with the numbers under the pointer', async () => {
    const workbench = await tracedBefore();
    const view = workbench.view();
    await view
      .getByRole('gridcell')
      .nth(2 * 6 + 3)
      .click();
    await view.getByRole('heading', { name: 'Layer 2, head 3' }).waitFor();
    const map = view.getByRole('application');
    await map.hover({ position: { x: 60, y: 60 } });
    await view
      .getByText(/“.+” (attends to “.+”: \d|cannot see)/)
      .first()
      .waitFor();
  });

  test('a causal map is drawn: its first cell is full, and colours differ', async () => {
    const workbench = await tracedBefore();
    const view = workbench.view();
    await view.getByRole('gridcell').first().click();
    await view.getByRole('heading', { name: 'Layer 0, head 0' }).waitFor();
    const map = view.getByRole('application');
    const picture = PNG.sync.read(await map.screenshot());
    const colours = new Set<number>();
    for (let i = 0; i < picture.data.length; i += 4) {
      colours.add(picture.data.readUInt32BE(i));
    }
    assert.ok(colours.size > 20, `only ${colours.size} colours`);
  });

  test('the keyboard alone opens a head and reads a cell', async () => {
    const workbench = await tracedBefore();
    const view = workbench.view();
    await view.getByRole('gridcell').first().focus();
    await workbench.press('ArrowDown');
    await workbench.press('ArrowRight');
    await workbench.press('Enter');
    await view.getByRole('heading', { name: 'Layer 1, head 1' }).waitFor();
  });

  test('hovering a traced word explains its tokens', async () => {
    const workbench = await tracedBefore();
    await workbench.view().getByRole('gridcell').first().click();
    await workbench.view().getByRole('heading', { name: 'Layer 0, head 0' }).waitFor();
    const hover = await workbench.hover('connection', 'Layer 0, head 0 attends to');
    const text = await hover.innerText();
    assert.match(text, /id \d+/);
    assert.match(text, /characters \d+–\d+/);
    assert.match(text, /Probability given what precedes it/);
  });

  test('the hover follows the head that is chosen in the panel', async () => {
    const workbench = await tracedBefore();
    await workbench
      .view()
      .getByRole('gridcell')
      .nth(6 * 4 + 1)
      .click();
    await workbench.view().getByRole('heading', { name: 'Layer 4, head 1' }).waitFor();
    await workbench.hover('connection', 'Layer 4, head 1 attends to');
  });

  test('the panel keeps its state while it is hidden', async () => {
    const workbench = await tracedBefore();
    await workbench
      .view()
      .getByRole('gridcell')
      .nth(6 * 3 + 2)
      .click();
    await workbench.view().getByRole('heading', { name: 'Layer 3, head 2' }).waitFor();
    await workbench.activity('Explorer').click();
    await workbench.page.locator('.explorer-folders-view').waitFor();
    await workbench.activity('Headlight').click();
    await workbench.view().getByRole('heading', { name: 'Layer 3, head 2' }).waitFor();
  });

  test('the reference Transformer verifies the trace, and a badge opens its table', async () => {
    const workbench = await tracedBefore();
    const view = workbench.view();
    await view.getByRole('button', { name: 'Verify' }).click();
    const badge = view.getByRole('button', { name: /Verified: \|Δ\| ≤ \d\.\de-\d/ });
    await badge.waitFor();
    assert.equal(await badge.getAttribute('aria-expanded'), 'false');
    await badge.click();
    assert.equal(await view.locator('.check-table tbody tr').count(), 6 + 2);
    const table = await view.locator('.check-table').innerText();
    assert.match(table, /blocks\.5\.attn\s+\d\.\de-\d/);
    const figures = (await view.locator('.check-value').allInnerTexts()).map(Number);
    const largest = Number(/\S+$/.exec(await badge.innerText())?.[0]);
    assert.equal(largest, Math.max(...figures));
    await view.getByRole('gridcell').nth(4).click();
    await view.getByRole('heading', { name: 'Layer 0, head 4' }).waitFor();
    await badge.waitFor();
  });

  test('a head says what it does, and what the text loses without it', async () => {
    const workbench = await tracedBefore();
    const view = workbench.view();
    await view
      .getByRole('gridcell')
      .nth(2 * 6 + 4)
      .click();
    await view.getByText(/^Previous-token head: \d+% of its attention/).waitFor();
    const ask = view.getByRole('button', { name: 'What is this head good for?' });
    await ask.click();
    await view
      .getByText(
        /(Without this head the model finds .*% (less|more) likely on average|No clear effect on this text).* ± \d.* nats.* “.+”: .*% becomes .*%\. What the model expects/,
      )
      .waitFor();
    await view.getByRole('button', { name: 'Measure over more of the document' }).waitFor();
    await view.getByRole('gridcell').first().click();
    await ask.waitFor();
  });

  test('before the first trace the panel says what to do', async () => {
    const workbench = await session.open();
    await workbench.activity('Headlight').click();
    await workbench.view().getByText('See what the model attends to').waitFor();
  });

  test('a failure is explained in the panel and can be tried again', async () => {
    const model = path.join(temporaryFolder(), 'model');
    const workbench = await session.open({
      files: {
        'note.txt': `${SENTENCE}\n`,
        '.vscode/settings.json': JSON.stringify({ 'headlight.trace.model': model }),
      },
      file: 'note.txt',
    });
    await workbench.select(SENTENCE);
    await workbench.palette('Headlight: Trace Attention');
    await workbench.view().getByText(model).waitFor();
    cpSync(path.join(root, 'models/headlight-complete'), model, { recursive: true });
    await workbench.view().getByRole('button', { name: 'Try Again' }).click();
    await workbench.view().getByRole('gridcell').first().waitFor();
  });

  test('a changed text makes the trace stale, and undo brings it back to life', async () => {
    const workbench = await traced();
    const stale = workbench.view().getByText('The text has been changed since it was traced.');
    await workbench.placeCursorAfter('the client');
    await workbench.type('x');
    await stale.waitFor();
    await workbench.screenshot('stale');
    await workbench.press('ControlOrMeta+Z');
    await stale.waitFor({ state: 'detached' });
    await workbench.hover('connection', /id \d+/);

    await workbench.placeCursorAfter('the client');
    await workbench.type(' soon');
    await workbench.view().getByRole('button', { name: 'Trace Again' }).click();
    await stale.waitFor({ state: 'detached' });
    await workbench.view().getByRole('gridcell').first().waitFor();
    await workbench.hover('soon', /id \d+/);
  });

  test('a trace that fails leaves the one before, with a way to choose a model', async () => {
    const workbench = await traced({ 'headlight.translate.model': '/no/such/model' });
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
    await workbench.select('Before.');
    await workbench.palette('Headlight: Trace Attention With…');
    await rows.filter({ hasText: '/no/such/model' }).click();
    await workbench.view().getByText('/no/such/model').waitFor();
    assert.equal(await workbench.view().getByRole('gridcell').count(), 6 * 6);
    await workbench.hover('connection', /id \d+/);
    await workbench.screenshot('failed-trace');
    await workbench.view().getByRole('button', { name: 'Choose Model' }).click();
    await rows.filter({ hasText: 'The Model That Completes Text' }).click();
    await workbench.view().getByText('/no/such/model').waitFor({ state: 'detached' });
    await workbench.hover('Before', /id \d+/);
  });

  test('pictures of panel and hover, in all themes', async () => {
    const workbench = await traced();
    const view = workbench.view();
    const inAllThemes = async (what: string, show?: () => Promise<unknown>): Promise<void> => {
      for (const theme of ['dark', 'light', 'high contrast'] as const satisfies readonly Theme[]) {
        await workbench.setTheme(theme);
        await show?.();
        await workbench.screenshot(`${what}-${theme.replace(' ', '-')}`);
      }
    };
    await view.getByRole('gridcell').nth(8).click();
    await view.getByRole('heading', { name: 'Layer 1, head 2' }).waitFor();
    await inAllThemes('panel');
    await view.getByRole('button', { name: 'Verify' }).click();
    await view.getByRole('button', { name: /^Verified/ }).click();
    await inAllThemes('verified');
    await view.getByRole('button', { name: 'What is this head good for?' }).click();
    await view
      .getByText(/mean divergence/)
      .first()
      .waitFor();
    await inAllThemes('effect');
    await inAllThemes('hover', () => workbench.hover('connection', 'attends to'));
  });
});
