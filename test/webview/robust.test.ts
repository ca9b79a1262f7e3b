import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type { HeadChoice } from '../../src/shared/attention';
import type { AttentionPanelState } from '../../src/shared/attentionPanel';
import { usePanelStage } from './support/browser';
import { PanelPage } from './support/panelPage';
import { firstHead, scenes, stateOf } from './support/scenes';
import themes from './support/themes.json';
import { withAnswers } from './support/withAnswers';

suite('webview: what else may happen', () => {
  const stage = usePanelStage();

  test('heads that were looked at before are not kept', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 900 });
    await scenes['trace']?.(at, stage.traces);
    const { page } = at;
    const devtools = await page.context().newCDPSession(page);
    /** Bytes of arrays that are in use. */
    const inArrays = async (): Promise<number> => {
      await devtools.send('HeapProfiler.collectGarbage');
      return (await devtools.send('Runtime.getHeapUsage')).backingStorageSize;
    };
    const bytes = 4 * (stage.traces.decoder.sequences.decoder?.length ?? 0) ** 2;
    const cells = page.getByRole('gridcell');
    const open = async (from: number, to: number): Promise<void> => {
      for (let index = from; index < to; index++) {
        await cells.nth(index).click();
        const name = `Layer ${Math.floor(index / 6)}, head ${index % 6}`;
        await page.locator('.detail-body:not([aria-busy]) .plot').waitFor();
        await page.getByRole('heading', { name, exact: true }).waitFor();
      }
    };
    // Each head once, so that all thumbnails have come.
    await open(1, 24);
    const before = await inArrays();
    await open(1, 24);
    const maps = ((await inArrays()) - before) / bytes;
    assert.ok(maps < 8, `${maps.toFixed(1)} maps more are kept of 23 that were looked at again`);
    await at.close();
  });

  test('a state that cannot be drawn is a failure, and the next one is drawn', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 640 });
    await scenes['trace']?.(at, stage.traces);
    const broken = { kind: 'trace', trace: { trace: 'x' } } as unknown as AttentionPanelState;
    at.panel.show(broken);
    await at.page.locator('.stage > .failure').waitFor();
    at.panel.show(stateOf(stage.traces.decoder));
    await at.page.locator('.detail-body:not([aria-busy]) .plot').waitFor();
    assert.equal(await at.page.locator('.failure').count(), 0);
    await at.close();
  });

  test('a map that cannot be drawn is a failure in its place, and other heads open', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 900 });
    await scenes['trace']?.(at, stage.traces);
    const broken = async (
      method: string,
      params: unknown,
      own: () => Promise<unknown>,
    ): Promise<unknown> => {
      const answer = await own();
      return method === 'headMap' && (params as HeadChoice).head === 1
        ? { ...(answer as object), queries: 0, values: new Float32Array(0) }
        : answer;
    };
    await withAnswers(stage.engine, broken, async () => {
      const cells = at.page.getByRole('gridcell');
      await cells.nth(1).click();
      const failure = at.page.locator('.detail-body .failure');
      await failure.getByRole('button', { name: 'Try Again' }).waitFor();
      await cells.nth(2).click();
      await at.page.locator('.detail-body:not([aria-busy]) .plot').waitFor();
      assert.equal(await failure.count(), 0);
    });
    await at.close();
  });

  test('in a low window a trace opens at the top of the page', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 900, height: 300 });
    const { translation } = stage.traces;
    const last = translation.sites.filter(({ component }) => component === 'encoder').at(-1);
    at.panel.show(stateOf(translation, { choice: { site: last?.id ?? '', head: 0 } }));
    await at.page.locator('.detail-body:not([aria-busy]) .plot').waitFor();
    await at.settled();
    assert.equal(await at.page.evaluate(() => window.scrollY), 0);
    await at.close();
  });

  test('clicking the open tab asks for its head again and shows where it is', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 900 });
    at.panel.show(stateOf(stage.traces.translation));
    const map = at.page.locator('.detail-body:not([aria-busy]) .plot');
    await map.waitFor();
    let asked = 0;
    const counting = (method: string, _: unknown, own: () => Promise<unknown>) => {
      asked += Number(method === 'headMap');
      return own();
    };
    await withAnswers(stage.engine, counting, async () => {
      await at.page.locator('.tab[aria-selected="true"]').click();
      await at.settled();
      await map.waitFor();
    });
    assert.equal(asked, 1);
    await at.close();
  });

  test('a theme that comes as the trace goes is not painted with the colours of before', async () => {
    const painted = async (isChanged: boolean): Promise<string> => {
      const at = await PanelPage.open(stage.browser, stage.engine, { width: 900 });
      await scenes['trace']?.(at, stage.traces);
      const { page } = at;
      const dress = (theme: typeof themes.dark): Promise<void> =>
        page.evaluate(({ classes, variables }) => {
          for (const [name, value] of Object.entries(variables)) {
            document.documentElement.style.setProperty(name, value);
          }
          document.body.className = classes;
        }, theme);
      if (isChanged) {
        await page.evaluate(({ classes, variables }) => {
          for (const [name, value] of Object.entries(variables)) {
            document.documentElement.style.setProperty(name, value);
          }
          document.body.className = classes;
          const params = { kind: 'tracing', label: 'Tracing' };
          const data = { kind: 'call', id: 900, method: 'show', params };
          window.dispatchEvent(new MessageEvent('message', { data }));
        }, themes.light);
        await at.settled();
        await dress(themes.dark);
        await at.settled();
        at.panel.show(stateOf(stage.traces.decoder));
        await page.locator('.detail-body:not([aria-busy]) .plot').waitFor();
        await at.settled();
      }
      const picture = await page.evaluate(
        () => document.querySelector<HTMLCanvasElement>('.plot canvas')?.toDataURL() ?? '',
      );
      await at.close();
      return picture;
    };
    const pictures = [await painted(true), await painted(false)];
    assert.ok(pictures[0] === pictures[1], 'the map has other colours than that of the theme');
  });

  test('the keyboard’s cell that moves while a head loads is there when it has come', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 900 });
    await scenes['trace']?.(at, stage.traces);
    const { page } = at;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const waiting = async (method: string, _: unknown, own: () => Promise<unknown>) => {
      if (method === 'headMap') {
        await held;
      }
      return own();
    };
    await withAnswers(stage.engine, waiting, async () => {
      await page.getByRole('gridcell').nth(1).click();
      await page.locator('.detail-body[aria-busy]').waitFor();
      await page.locator('.plot').focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      release();
      await page.locator('.detail-body:not([aria-busy]) .plot').waitFor();
      await at.settled();
    });
    assert.doesNotMatch(await page.locator('.readout').innerText(), /^Point at/);
    await at.close();
  });

  test('an explanation that is open stays open when the host tells the same again', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 900 });
    const state = stateOf(stage.traces.decoder, {
      effect: {
        ...firstHead(stage.traces.decoder),
        kind: 'done',
        sentences: [{ text: 'One.', meaning: 'What the figure means' }],
        elsewhereHint: '',
      },
    });
    at.panel.show(state);
    const explained = at.page.locator('.effect-answer .explained');
    await explained.waitFor();
    // Focus that follows a key is seen as the keyboard's.
    await at.page.keyboard.press('Tab');
    await explained.focus();
    const meaning = at.page.locator('.effect-answer .explanation');
    await meaning.waitFor({ state: 'visible' });
    at.panel.show({ ...state, notes: ['Something else was said.'] } as AttentionPanelState);
    await at.page.getByText('Something else was said.').waitFor();
    assert.equal(await meaning.isVisible(), true);
    await at.close();
  });
});
