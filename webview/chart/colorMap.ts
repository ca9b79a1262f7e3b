import { fromOklab, over, toOklab, type Oklab, type Rgba } from './color';

/** Number of colours in a {@link ColorMap}. */
export const colorCount = 256;

/** Colours for 0 … maximum: {@link colorCount} entries of red, green, blue as bytes. */
export type ColorMap = Uint8ClampedArray;

/** The colours of a theme that a colour map is made of. */
export interface ThemeColors {
  /** What the value 0 looks like. */
  background: Rgba;
  foreground: Rgba;
  /** Gives the map its hue. */
  accent: Rgba;
  /** Then hue is of no use and the map runs from background to foreground. */
  highContrast: boolean;
  /** Whether the map ends in its hue, by which the ends of two maps are told apart. */
  endsInHue?: boolean;
}

/**
 * A sequential colour map for a theme. It starts in the background, so that cells without weight
 * recede, passes through the accent and ends as far from the background as readable colour goes.
 * Its steps are equal in lightness.
 */
export function themeColorMap({
  background,
  foreground,
  accent,
  highContrast,
  endsInHue = false,
}: ThemeColors): ColorMap {
  const start = toOklab({ ...background, alpha: 1 });
  if (highContrast) {
    return lightnessRamp([start, toOklab(over(foreground, background))]);
  }
  const hue = toOklab(over(accent, background));
  const [pale, hued] =
    start.lightness < darkBelow ? [lightEnd, lightHuedEnd] : [darkEnd, darkHuedEnd];
  const end = endsInHue ? hued : pale;
  const at = (share: number) => start.lightness + share * (end.lightness - start.lightness);
  const [nearest, farthest] = [at(accentRange[0]), at(accentRange[1])];
  const middle = Math.min(
    Math.max(hue.lightness, Math.min(nearest, farthest)),
    Math.max(nearest, farthest),
  );
  return lightnessRamp([
    start,
    { ...hue, lightness: middle },
    { lightness: end.lightness, a: hue.a * end.chroma, b: hue.b * end.chroma },
  ]);
}

/**
 * How far along the map a value lies, 0…1: the square root of its share of the maximum. Attention
 * has a long tail, and the first query of a causal map always gives its only key the probability 1;
 * in equal steps nearly all cells of a long text would be the colour of 0.
 */
export function colorShare(value: number, maximum: number): number {
  return maximum > 0 ? Math.sqrt(Math.min(1, Math.max(0, value / maximum))) : 0;
}

/** The value that lies at a given share of the map: the inverse of {@link colorShare}. */
export function valueAt(share: number, maximum: number): number {
  return share * share * maximum;
}

/** The colour of a value. */
export function colorAt(value: number, maximum: number, colors: ColorMap): Rgba {
  const index = 3 * Math.round(colorShare(value, maximum) * (colorCount - 1));
  const channel = (offset: number) => (colors[index + offset] ?? 0) / 255;
  return { red: channel(0), green: channel(1), blue: channel(2), alpha: 1 };
}

/** Below this lightness a background counts as dark. */
const darkBelow = 0.6;

/** Where the map ends on dark and on light backgrounds; chroma as a share of the accent's. */
const lightEnd = { lightness: 0.97, chroma: 0.2 };
const darkEnd = { lightness: 0.24, chroma: 0.5 };
/** The same of maps that end in their hue. */
const lightHuedEnd = { lightness: 0.84, chroma: 0.75 };
const darkHuedEnd = { lightness: 0.36, chroma: 0.8 };

/** The accent stands within this part of the ramp, whatever its own lightness. */
const accentRange = [0.35, 0.75] as const;

/** Nobody tells darker colours from each other on a screen; small values must not get lost there. */
const darkest = 0.2;

/**
 * A path through OKLab, straight from stop to stop, walked in equal steps of lightness. On a black
 * background it starts a step away from it, in the first grey that can be seen.
 */
function lightnessRamp(stops: readonly [Oklab, ...Oklab[]]): ColorMap {
  const first = { ...stops[0], lightness: Math.max(darkest, stops[0].lightness) };
  const last = stops.at(-1) ?? first;
  const map = new Uint8ClampedArray(colorCount * 3);
  for (let index = 0; index < colorCount; index++) {
    const share = index / (colorCount - 1);
    const lightness = first.lightness + share * (last.lightness - first.lightness);
    const { red, green, blue } = fromOklab(pointAt(lightness, stops));
    map.set([red * 255, green * 255, blue * 255], index * 3);
  }
  const { red, green, blue } = fromOklab(stops[0]);
  map.set([red * 255, green * 255, blue * 255]);
  return map;
}

function pointAt(lightness: number, stops: readonly [Oklab, ...Oklab[]]): Oklab {
  let from = stops[0];
  let share = 0;
  for (const to of stops.slice(1)) {
    const span = to.lightness - from.lightness;
    share = span === 0 ? 1 : (lightness - from.lightness) / span;
    if (share <= 1) {
      return {
        lightness,
        a: from.a + share * (to.a - from.a),
        b: from.b + share * (to.b - from.b),
      };
    }
    from = to;
  }
  return { ...from, lightness };
}
