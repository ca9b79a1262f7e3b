import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { parseColor, toOklab, type Rgba } from '../../../../webview/chart/color';
import {
  colorAt,
  colorCount,
  colorShare,
  themeColorMap,
  valueAt,
  type ColorMap,
} from '../../../../webview/chart/colorMap';

function color(text: string): Rgba {
  const parsed = parseColor(text);
  assert.ok(parsed, text);
  return parsed;
}

/** Lightness of every entry, after rounding to bytes. */
function lightness(map: ColorMap): number[] {
  return Array.from({ length: colorCount }, (_, index) => {
    const [red = 0, green = 0, blue = 0] = map.subarray(index * 3, index * 3 + 3);
    return toOklab({ red: red / 255, green: green / 255, blue: blue / 255, alpha: 1 }).lightness;
  });
}

/** Backgrounds, foregrounds and accents of themes that come with VS Code, and odd ones. */
const themes = [
  ['Dark Modern', '#1f1f1f', '#cccccc', '#59a4f9', false],
  ['Light Modern', '#ffffff', '#3b3b3b', '#0063d3', false],
  ['High Contrast', '#000000', '#ffffff', '#59a4f9', true],
  ['High Contrast Light', '#ffffff', '#292929', '#0063d3', true],
  ['Solarized Dark', '#002b36', '#839496', '#268bd2', false],
  ['Solarized Light', '#fdf6e3', '#657b83', '#268bd2', false],
  ['an accent like the dark background', '#1f1f1f', '#cccccc', '#202020', false],
  ['an accent lighter than the light background', '#f0f0f0', '#333333', '#ffffff', false],
  ['a translucent accent', '#1f1f1f', '#cccccc', '#59a4f980', false],
] as const;

suite('webview: colour map', () => {
  for (const [name, background, foreground, accent, highContrast] of themes) {
    const map = themeColorMap({
      background: color(background),
      foreground: color(foreground),
      accent: color(accent),
      highContrast,
    });
    const levels = lightness(map);
    const first = levels[0] ?? 0;
    const last = levels.at(-1) ?? 0;
    // Black is followed by the first grey that can be told from it.
    const visible = Math.max(0.2, first);

    test(`${name}: starts in the background and goes far`, () => {
      const start = color(background);
      const bytes = [start.red, start.green, start.blue].map((part) => Math.round(part * 255));
      assert.deepEqual([...map.subarray(0, 3)], bytes);
      assert.ok(Math.abs(last - first) > 0.6, `lightness from ${first} to ${last}`);
    });

    test(`${name}: lightness never turns back, and its steps are equal`, () => {
      const direction = Math.sign(last - first);
      for (const [index, level] of levels.entries()) {
        const before = levels[index - 1] ?? level;
        const longBefore = levels[index - 4];
        assert.ok((level - before) * direction > -0.002, `turns back at ${index}`);
        assert.ok(longBefore === undefined || (level - longBefore) * direction > 0, `at ${index}`);
        const even = visible + ((last - visible) * index) / (colorCount - 1);
        assert.ok(index === 0 || Math.abs(level - even) < 0.008, `${level} is not ${even}`);
      }
    });
  }

  test('high contrast ends in the foreground itself', () => {
    const map = themeColorMap({
      background: color('#000000'),
      foreground: color('#ffffff'),
      accent: color('#59a4f9'),
      highContrast: true,
    });
    assert.deepEqual([...map.slice(-3)], [255, 255, 255]);
  });

  test('has the hue of the accent in between', () => {
    const map = themeColorMap({
      background: color('#1f1f1f'),
      foreground: color('#cccccc'),
      accent: color('#59a4f9'),
      highContrast: false,
    });
    const [red = 0, green = 0, blue = 0] = map.subarray(3 * 140, 3 * 140 + 3);
    assert.ok(blue > green + 30 && green > red + 20, `${red} ${green} ${blue}`);
  });

  test('a value lies at the square root of its share, and back', () => {
    assert.equal(colorShare(0.2, 0.8), 0.5);
    assert.equal(colorShare(0, 0.8), 0);
    assert.equal(colorShare(0.9, 0.8), 1);
    assert.equal(colorShare(0, 0), 0);
    assert.ok(Math.abs(valueAt(colorShare(0.3, 0.8), 0.8) - 0.3) < 1e-12);
  });

  test('a value has the colour that the map shows it in', () => {
    const map = themeColorMap({
      background: color('#1f1f1f'),
      foreground: color('#cccccc'),
      accent: color('#59a4f9'),
      highContrast: false,
    });
    const bytes = ({ red, green, blue }: Rgba) => [red, green, blue].map((part) => part * 255);
    assert.deepEqual(bytes(colorAt(0, 0.5, map)), [...map.subarray(0, 3)]);
    assert.deepEqual(bytes(colorAt(0.5, 0.5, map)), [...map.subarray(-3)]);
    // The square root of a ninth is a third, and 255 divides by three.
    assert.deepEqual(bytes(colorAt(0.5 / 9, 0.5, map)), [...map.subarray(85 * 3, 86 * 3)]);
  });
});
