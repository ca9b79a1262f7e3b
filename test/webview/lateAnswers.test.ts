import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { HeadChoice } from '../../src/shared/attention';
import { Failure, phrase } from '../../src/shared/failure';
import { usePanelStage } from './support/browser';
import { PanelPage } from './support/panelPage';
import { scenes } from './support/scenes';
import { withAnswers } from './support/withAnswers';

suite('webview: answers that come late', () => {
  const stage = usePanelStage();

  for (const [how, end] of [
    ['an answer', undefined],
    ['a failure', new Failure({ kind: 'engine', what: phrase('Late'), remedy: phrase('wait') })],
  ] as const) {
    test(`${how} to a head that was left again stays unused`, async () => {
      const at = await PanelPage.open(stage.browser, stage.engine, { width: 900 });
      await scenes['trace']?.(at, stage.traces);
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const late = async (method: string, params: unknown, own: () => Promise<unknown>) => {
        if (method === 'headMap' && (params as HeadChoice).head === 1) {
          await held;
          if (end !== undefined) throw end;
        }
        return own();
      };
      await withAnswers(stage.engine, late, async () => {
        const cells = at.page.getByRole('gridcell');
        await cells.nth(1).click();
        await at.page.locator('.detail-body[aria-busy]').waitFor();
        await cells.nth(2).click();
        await at.page.getByRole('heading', { name: 'Layer 0, head 2' }).waitFor();
        const map = at.page.locator('.detail-body:not([aria-busy]) .plot');
        await map.waitFor();
        const label = await map.getAttribute('aria-label');
        assert.match(label ?? '', /Layer 0, head 2/);
        release();
        await at.settled();
        await at.page.waitForTimeout(200);
        assert.equal(await map.getAttribute('aria-label'), label);
        assert.equal(await at.page.locator('.detail .failure').count(), 0);
      });
      await at.close();
    });
  }

  test('a head that failed is asked for once more', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 900 });
    await scenes['trace']?.(at, stage.traces);
    let isBroken = true;
    const broken = async (method: string, _: unknown, own: () => Promise<unknown>) => {
      if (method === 'headMap' && isBroken) {
        throw new Failure({ kind: 'engine', what: phrase('It broke'), remedy: phrase('wait') });
      }
      return own();
    };
    await withAnswers(stage.engine, broken, async () => {
      await at.page.getByRole('gridcell').nth(3).click();
      const failure = at.page.locator('.detail .failure');
      await failure.getByText('It broke: wait.').waitFor();
      isBroken = false;
      await failure.getByRole('button', { name: 'Try Again' }).click();
      await at.page.locator('.detail-body:not([aria-busy]) .plot').waitFor();
      assert.equal(await failure.count(), 0);
    });
    await at.close();
  });
});
