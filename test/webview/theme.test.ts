import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { usePanelStage } from './support/browser';
import { PanelPage } from './support/panelPage';
import { scenes } from './support/scenes';
import themes from './support/themes.json';

suite('webview: another theme while the view is open', () => {
  const stage = usePanelStage();

  test('map, thumbnails, colour bar and painted tokens take its colours', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 900 });
    await scenes['source and result']?.(at, stage.traces);
    // The keyboard's focus keeps the paint while nothing moves.
    await at.page.locator('.alignment [role="option"]').last().focus();
    const painted = (): Promise<string[]> =>
      at.page.evaluate(() => {
        const pictures = ['.plot canvas', '.head-group:not([hidden]) canvas', '.color-bar-colors'];
        const canvases = pictures.map((selector) => {
          const canvas = document.querySelector<HTMLCanvasElement>(selector);
          return canvas?.toDataURL() ?? '';
        });
        const token = document.querySelector<HTMLElement>('.strip-token.painted');
        return [...canvases, token?.style.background ?? ''];
      });
    const dark = await painted();
    await at.page.evaluate(({ classes, variables }) => {
      for (const [name, value] of Object.entries(variables)) {
        document.documentElement.style.setProperty(name, value);
      }
      document.body.className = classes;
    }, themes.light);
    await at.settled();
    const light = await painted();
    for (const [index, picture] of dark.entries()) {
      assert.notEqual(picture, '', `nothing is painted at ${index}`);
      assert.notEqual(light[index], picture, `${index} kept the colours of before`);
    }
    await at.close();
  });
});
