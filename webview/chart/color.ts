/** A colour in gamma-encoded sRGB; every channel 0…1. */
export interface Rgba {
  red: number;
  green: number;
  blue: number;
  alpha: number;
}

/**
 * A colour in OKLab, whose lightness (0…1) and distances follow what the eye sees.
 * Source: Björn Ottosson, "A perceptual color space for image processing", 2020.
 */
export interface Oklab {
  lightness: number;
  a: number;
  b: number;
}

/**
 * Reads a CSS colour in the notations that VS Code writes into its theme variables: `#rgb`,
 * `#rgba`, `#rrggbb`, `#rrggbbaa`, `rgb()` and `rgba()` with commas or spaces.
 *
 * @returns the colour, or undefined for anything else
 */
export function parseColor(text: string): Rgba | undefined {
  const notation = text.trim().toLowerCase();
  if (notation.startsWith('#')) {
    return parseHexadecimal(notation.slice(1));
  }
  const call = /^rgba?\(([^()]*)\)$/.exec(notation);
  return call?.[1] === undefined ? undefined : parseChannels(call[1]);
}

/** Lays a colour that may be translucent over an opaque one. */
export function over(top: Rgba, bottom: Rgba): Rgba {
  const mix = (upper: number, lower: number) => upper * top.alpha + lower * (1 - top.alpha);
  return {
    red: mix(top.red, bottom.red),
    green: mix(top.green, bottom.green),
    blue: mix(top.blue, bottom.blue),
    alpha: 1,
  };
}

/** Leaves the alpha channel out of account. */
export function toOklab({ red, green, blue }: Rgba): Oklab {
  const [r, g, b] = [toLinear(red), toLinear(green), toLinear(blue)];
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const middle = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {
    lightness: 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    a: 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
    b: 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
  };
}

/**
 * The opaque sRGB colour of a point in OKLab. Where sRGB has no such colour, its chroma is lowered
 * until it has: lightness and hue stay, so that a lightness ramp stays a ramp.
 */
export function fromOklab(color: Oklab): Rgba {
  const [red, green, blue] = withinGamut(color).map((channel) =>
    fromLinear(Math.min(1, Math.max(0, channel))),
  ) as LinearRgb;
  return { red, green, blue, alpha: 1 };
}

/**
 * The ink that is read best on an opaque colour, by the contrast ratio of WCAG 2.2: black and white
 * contrast alike with a relative luminance of √(1.05 · 0.05) − 0.05.
 */
export function inkOn({ red, green, blue }: Rgba): 'black' | 'white' {
  const luminance = 0.2126 * toLinear(red) + 0.7152 * toLinear(green) + 0.0722 * toLinear(blue);
  return luminance > Math.sqrt(1.05 * 0.05) - 0.05 ? 'black' : 'white';
}

/** The colour as CSS writes it. */
export function toCss({ red, green, blue, alpha }: Rgba): string {
  const [r, g, b] = [red, green, blue].map((channel) => Math.round(channel * 255));
  return `rgb(${r} ${g} ${b} / ${alpha})`;
}

type LinearRgb = [red: number, green: number, blue: number];

function withinGamut(color: Oklab): LinearRgb {
  const whole = toLinearRgb(color);
  if (isInGamut(whole)) {
    return whole;
  }
  let inside = toLinearRgb({ ...color, a: 0, b: 0 });
  // Bisection of the chroma; sixteen halvings are finer than a byte can show.
  for (let low = 0, high = 1, step = 0; step < 16; step++) {
    const chroma = (low + high) / 2;
    const candidate = toLinearRgb({ ...color, a: color.a * chroma, b: color.b * chroma });
    if (isInGamut(candidate)) {
      inside = candidate;
      low = chroma;
    } else {
      high = chroma;
    }
  }
  return inside;
}

function isInGamut(channels: LinearRgb): boolean {
  const tolerance = 1e-4;
  return channels.every((channel) => channel >= -tolerance && channel <= 1 + tolerance);
}

function toLinearRgb({ lightness, a, b }: Oklab): LinearRgb {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ];
}

/** The transfer function of sRGB, IEC 61966-2-1. */
function toLinear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function fromLinear(channel: number): number {
  return channel <= 0.0031308 ? channel * 12.92 : 1.055 * channel ** (1 / 2.4) - 0.055;
}

function parseHexadecimal(digits: string): Rgba | undefined {
  if (!/^(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/.test(digits)) {
    return undefined;
  }
  const short = digits.length < 6;
  const channel = (index: number) => {
    const part = short ? digits.charAt(index).repeat(2) : digits.slice(index * 2, index * 2 + 2);
    return part === '' ? 1 : parseInt(part, 16) / 255;
  };
  return { red: channel(0), green: channel(1), blue: channel(2), alpha: channel(3) };
}

function parseChannels(list: string): Rgba | undefined {
  const parts = list.split(/[\s,/]+/).filter((part) => part !== '');
  if (parts.length !== 3 && parts.length !== 4) {
    return undefined;
  }
  const channels = parts.map((part, index) => {
    const percent = part.endsWith('%');
    const value = Number(percent ? part.slice(0, -1) : part);
    const whole = percent ? 100 : index === 3 ? 1 : 255;
    return Math.min(1, Math.max(0, value / whole));
  });
  const [red = NaN, green = NaN, blue = NaN, alpha = 1] = channels;
  return channels.some(Number.isNaN) ? undefined : { red, green, blue, alpha };
}
