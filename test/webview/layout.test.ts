import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'mocha';
import type { EngineClient } from '../../src/host/engine/engineClient';
import { root } from '../support/root';
import texts from '../bench/truth/passages.json';
import { usePanelStage } from './support/browser';
import { layoutDefects } from './support/layoutDefects';
import { PanelPage, type PanelOptions } from './support/panelPage';
import { maskScenes, missingModel, scenes, stateOf, type Scene } from './support/scenes';

/** CSS pixels: a narrow side bar, the width from which parts stand side by side, a wide panel. */
const sizes = [
  { width: 300, height: 800 },
  { width: 640, height: 480 },
  { width: 900, height: 640 },
  { width: 1400, height: 900 },
];

/** What stands around the text that a scene traces. */
const paragraphs = texts.join('\n\n');

const everything = [...Object.keys(scenes), ...Object.keys(maskScenes)];

suite('webview: layout', () => {
  const stage = usePanelStage();

  /** What is wrong with some of the scenes on a page of its own; each may be pictured. */
  async function defectsOf(
    options: PanelOptions,
    names: readonly string[],
    picture?: (name: string) => string,
  ): Promise<string[]> {
    const refuse = () => {
      throw missingModel;
    };
    const more = { actions: { traceSelection: refuse }, furtherTexts: () => [paragraphs] };
    const found: string[] = [];
    const run = async <T>(engine: EngineClient, table: Record<string, Scene<T>>, traces: T) => {
      const at = await PanelPage.open(stage.browser, engine, { ...options, ...more });
      for (const name of names.filter((name) => name in table)) {
        // A pointer left by the scene before would show what something means.
        await at.page.mouse.move(0, 0);
        await table[name]?.(at, traces);
        await at.settled();
        const defects = await at.page.evaluate(layoutDefects);
        found.push(...defects.map((defect) => `${name}: ${defect}`));
        if (picture !== undefined) await at.page.screenshot({ path: picture(name) });
      }
      await at.close();
    };
    await run(stage.engine, scenes, stage.traces);
    await run(stage.maskEngine, maskScenes, stage.masks);
    return found;
  }

  for (const language of ['en', 'zh-cn', 'pseudo'] as const) {
    for (const size of sizes) {
      test(`nothing overlaps or is cut off at ${size.width} px (${language})`, async () => {
        const found = await defectsOf({ ...size, language }, everything);
        assert.equal(found.join('\n'), '');
      });
    }
  }

  for (const theme of ['dark', 'light', 'high contrast'] as const) {
    for (const size of sizes) {
      test(`pictures at ${size.width} px (${theme})`, async () => {
        const pictured = [
          ...['failed', 'verified', 'what a head is good for', 'source and result'],
          'what a head is good for, on more of the document',
          ...['measuring more of the document', 'what a head is good for in a blank'],
          'characters in parts',
        ];
        const folder = path.join(root, 'test/webview/screenshots');
        const found = await defectsOf({ ...size, theme }, pictured, (name) =>
          path.join(folder, `${name} ${size.width} ${theme}.png`.replaceAll(/[ ,]+/g, '-')),
        );
        assert.equal(found.join('\n'), '');
      });
    }
  }

  for (const size of sizes) {
    test(`above the map a part of a character takes two lines at ${size.width} px`, async () => {
      const at = await PanelPage.open(stage.browser, stage.engine, size);
      await scenes['characters in parts']?.(at, stage.traces);
      await at.settled();
      const labels = await at.page.evaluate(() =>
        Array.from(document.querySelectorAll('.axis-columns .axis-label:has(.part)'), (label) => {
          const { top, height } = label.getBoundingClientRect();
          const part = label.querySelector('.part')?.getBoundingClientRect();
          return {
            text: label.textContent,
            lines: Math.round(height / 14),
            isWithin: top >= (label.parentElement?.getBoundingClientRect().top ?? 0),
            isBelow: (part?.top ?? 0) > top + height / 3,
            isNarrow: (part?.width ?? Infinity) <= 14,
          };
        }),
      );
      await at.close();
      assert.ok(labels.length > 0);
      for (const { text, ...found } of labels) {
        assert.deepEqual(found, { lines: 2, isWithin: true, isBelow: true, isNarrow: true }, text);
      }
    });
  }

  test('a source that is too long for its strip ends in a line that is cut in two', async () => {
    const at = await PanelPage.open(stage.browser, stage.engine, { width: 300 });
    const { translation } = stage.traces;
    const [token] = translation.sequences.encoder ?? [];
    assert.ok(token !== undefined);
    const long = Array.from({ length: 90 }, () => ({ ...token, text: ' word', special: false }));
    const sequences = { ...translation.sequences, encoder: long };
    at.panel.show(stateOf({ ...translation, sequences }));
    await at.page.locator('.alignment [role="option"]').nth(89).waitFor();
    const found = await at.page.evaluate(() => {
      const strip = document.querySelector('.alignment .token-strip');
      const bottom = strip?.getBoundingClientRect().bottom ?? 0;
      const cut = Array.from(strip?.children ?? [], (cell) => cell.getBoundingClientRect()).filter(
        (cell) => cell.top < bottom - 5 && cell.bottom > bottom + 5,
      );
      return { cut: cut.length, overflow: strip && getComputedStyle(strip).overflowY };
    });
    assert.ok(found.cut > 0);
    assert.equal(found.overflow, 'auto');
    const picture = 'long-source-300.png';
    await at.page.screenshot({ path: path.join(root, 'test/webview/screenshots', picture) });
    await at.close();
  });

  test('the browser has fonts for Chinese and emoji', async () => {
    const page = await stage.browser.newPage();
    const drawn = await page.evaluate(() => {
      const context = new OffscreenCanvas(40, 40).getContext('2d');
      return ['服', '务', '\u{10fffd}', '🎉'].map((character) => {
        context?.clearRect(0, 0, 40, 40);
        if (context) context.font = '24px sans-serif';
        context?.fillText(character, 4, 30);
        const pixels = Array.from(context?.getImageData(0, 0, 40, 40).data ?? []);
        const coloured = pixels.some(
          (value, index) => index % 4 === 0 && value !== pixels[index + 1],
        );
        return { pixels: pixels.join(), coloured };
      });
    });
    await page.close();
    const [fu, wu, unknown, emoji] = drawn;
    assert.notEqual(fu?.pixels, unknown?.pixels);
    assert.notEqual(fu?.pixels, wu?.pixels);
    assert.ok(emoji?.coloured);
  });
});
