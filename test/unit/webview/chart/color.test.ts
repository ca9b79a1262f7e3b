import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import {
  fromOklab,
  inkOn,
  over,
  parseColor,
  toCss,
  toOklab,
} from '../../../../webview/chart/color';

const byte = (value: number) => value / 255;

suite('webview: colours', () => {
  for (const [text, expected] of [
    ['#1f1f1f', [0x1f, 0x1f, 0x1f, 255]],
    ['  #FFF ', [255, 255, 255, 255]],
    ['#0f08', [0, 255, 0, 0x88]],
    ['#3794ff80', [0x37, 0x94, 255, 0x80]],
    ['rgb(55, 148, 255)', [55, 148, 255, 255]],
    ['rgba(255, 255, 255, 0.7)', [255, 255, 255, 178.5]],
    ['rgb(10 20 30 / 50%)', [10, 20, 30, 127.5]],
    ['rgb(100%, 0%, 50%)', [255, 0, 127.5, 255]],
    ['rgba(300, -5, 0, 2)', [255, 0, 0, 255]],
  ] as const) {
    test(`reads ${text.trim()}`, () => {
      const [red, green, blue, alpha] = expected;
      assert.deepEqual(parseColor(text), {
        red: byte(red),
        green: byte(green),
        blue: byte(blue),
        alpha: byte(alpha),
      });
    });
  }

  for (const text of ['', 'red', '#12', '#12345', '#gggggg', 'rgb(1, 2)', 'rgb(a, b, c)']) {
    test(`does not read “${text}”`, () => {
      assert.equal(parseColor(text), undefined);
    });
  }

  for (const [text, ink] of [
    ['#000000', 'white'],
    ['#1f1f1f', 'white'],
    ['#0063d3', 'white'],
    // The two greys between which black and white change places: contrast 4.58 against 4.61.
    ['#757575', 'white'],
    ['#767676', 'black'],
    ['#59a4f9', 'black'],
    ['#ffffff', 'black'],
  ] as const) {
    test(`${ink} is read best on ${text}`, () => {
      const color = parseColor(text);
      assert.ok(color);
      assert.equal(inkOn(color), ink);
    });
  }

  test('writes what it reads', () => {
    for (const text of ['#1f1f1f', '#0063d3', '#59a4f980']) {
      const color = parseColor(text);
      assert.ok(color);
      assert.deepEqual(parseColor(toCss(color)), color);
    }
  });

  test('lays a translucent colour over an opaque one', () => {
    const half = { red: 1, green: 1, blue: 1, alpha: 0.5 };
    const black = { red: 0, green: 0, blue: 0, alpha: 1 };
    assert.deepEqual(over(half, black), { red: 0.5, green: 0.5, blue: 0.5, alpha: 1 });
  });

  // Values of CSS Color Module Level 4 for the named colours, as its sample code computes them.
  for (const [text, lightness, a, b] of [
    ['#ffffff', 1, 0, 0],
    ['#000000', 0, 0, 0],
    ['#ff0000', 0.62796, 0.22486, 0.12585],
    ['#0000ff', 0.45201, -0.03246, -0.31153],
  ] as const) {
    test(`knows ${text} in OKLab and finds back`, () => {
      const color = parseColor(text);
      assert.ok(color);
      const lab = toOklab(color);
      for (const [actual, expected] of [
        [lab.lightness, lightness],
        [lab.a, a],
        [lab.b, b],
      ] as const) {
        assert.ok(Math.abs(actual - expected) < 1e-4, `${actual} is not ${expected}`);
      }
      const back = fromOklab(lab);
      for (const channel of ['red', 'green', 'blue'] as const) {
        assert.ok(Math.abs(back[channel] - color[channel]) < 1e-3);
      }
    });
  }

  test('keeps the lightness of a colour that sRGB cannot show', () => {
    const lightness = 0.9;
    const shown = toOklab(fromOklab({ lightness, a: 0, b: -0.3 }));
    assert.ok(Math.abs(shown.lightness - lightness) < 2e-3, `lightness is ${shown.lightness}`);
    assert.ok(shown.b < -0.02, 'some blue is left');
  });
});
