/** What NumPy prints numbers as: by their type, which decides how many digits tell them apart. */
export type PrintedKind = 'float16' | 'float32' | 'float64' | 'integer' | 'bool';

/** Floating-point kinds. */
type FloatKind = Exclude<PrintedKind, 'integer' | 'bool'>;

/** How a type rounds, and how many digits it surely holds (`numpy.finfo(…).precision`). */
const FLOATS: Readonly<Record<FloatKind, { round: (value: number) => number; precision: number }>> =
  {
    float16: { round: roundedToHalf, precision: 3 },
    float32: { round: Math.fround, precision: 6 },
    float64: { round: (value) => value, precision: 15 },
  };

/** Digits behind the point that are printed at most. */
const MOST_DIGITS = 8;

/** What is smaller is printed with an exponent, and so is what differs by more than a factor. */
const LEAST_PLAIN = 1e-4;
const MOST_RATIO = 1000;

/**
 * Writes numbers as `numpy.array2string` does with NumPy's own settings: precision 8, `suppress` off,
 * `floatmode` “maxprec” (FloatingFormat and IntegerFormat of `numpy/_core/arrayprint.py`, NumPy 2.4).
 *
 * @param isScalar whether they are one number without a dimension.
 */
export function numpyWords(
  values: readonly (number | bigint)[],
  kind: PrintedKind,
  isScalar: boolean,
): string[] {
  switch (kind) {
    case 'bool':
      return values.map((value) => (Number(value) === 0 ? 'False' : isScalar ? 'True' : ' True'));
    case 'integer': {
      const words = values.map(String);
      const width = Math.max(0, ...words.map(({ length }) => length));
      return words.map((word) => word.padStart(width));
    }
    default:
      return floatWords(values.map(Number), kind);
  }
}

function floatWords(values: readonly number[], kind: FloatKind): string[] {
  const finite = values.filter(Number.isFinite);
  const { format, left, right } = hasExponents(finite, kind)
    ? withExponents(finite, kind)
    : withoutExponents(finite, kind);
  const isMinus = values.includes(-Infinity);
  const beside = right + 1;
  const padding =
    finite.length === values.length
      ? left
      : Math.max(left, 'nan'.length - beside, 'inf'.length + Number(isMinus) - beside);
  return values.map((value) =>
    Number.isFinite(value)
      ? format(value, padding)
      : (Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf').padStart(padding + beside),
  );
}

function hasExponents(finite: readonly number[], kind: FloatKind): boolean {
  const { round, precision } = FLOATS[kind];
  const magnitudes = finite.map(Math.abs).filter((magnitude) => magnitude > 0);
  if (magnitudes.length === 0) {
    return false;
  }
  const largest = magnitudes.reduce((a, b) => Math.max(a, b));
  const smallest = magnitudes.reduce((a, b) => Math.min(a, b));
  return (
    largest >= 10 ** Math.min(8, precision) ||
    smallest < round(LEAST_PLAIN) ||
    round(largest / smallest) > MOST_RATIO
  );
}

/** How numbers are written so that their points stand in one column. */
interface Format {
  format: (value: number, padding: number) => string;
  /** Characters in front of the point, and behind it. */
  left: number;
  right: number;
}

function withExponents(finite: readonly number[], kind: FloatKind): Format {
  const written = finite.map((value) => {
    const told = shortest(value, kind);
    const isLong = fractionOf(told.split('e')[0] ?? '').length > MOST_DIGITS;
    return (isLong ? exponential(Math.abs(value), MOST_DIGITS) : told).split('e');
  });
  const digits = Math.max(
    ...written.map(([number = '']) => fractionOf(number).replace(/0+$/, '').length),
  );
  const exponentDigits = Math.max(2, ...written.map(([, exponent = '']) => exponent.length - 1));
  const left = Math.max(...finite.map((value) => (isNegative(value) ? 2 : 1)));
  return {
    format: (value, padding) => {
      const told = shortest(value, kind);
      const isAsLong = fractionOf(told.split('e')[0] ?? '').length === digits;
      const text = isAsLong ? told : exponential(Math.abs(value), digits);
      const [number = '', exponent = ''] = text.split('e');
      const sign = isNegative(value) ? '-' : '';
      const [whole = '', fraction = ''] = number.split('.');
      const power = exponent.slice(1).padStart(exponentDigits, '0');
      return `${`${sign}${whole}`.padStart(padding)}.${fraction}e${exponent.charAt(0)}${power}`;
    },
    left,
    right: exponentDigits + 2 + digits,
  };
}

function withoutExponents(finite: readonly number[], kind: FloatKind): Format {
  const written = finite.map((value) => positional(value, kind));
  const left = Math.max(0, ...written.map(([whole]) => whole.length));
  const right = Math.max(0, ...written.map(([, fraction]) => fraction.length));
  return {
    format: (value, padding) => {
      const [whole, fraction] = positional(value, kind);
      return `${whole.padStart(padding)}.${fraction.padEnd(right)}`;
    },
    left,
    right,
  };
}

/** A number with its digits in front of the point and behind it, zeros at the end left out. */
function positional(value: number, kind: FloatKind): [whole: string, fraction: string] {
  const told = shortest(value, kind);
  const [number = '', exponent = '0'] = told.split('e');
  const power = Number(exponent);
  const fractionDigits = Math.max(0, fractionOf(number).length - power);
  const text =
    fractionDigits <= MOST_DIGITS
      ? Number(told).toFixed(fractionDigits)
      : fixed(Math.abs(value), MOST_DIGITS);
  const [whole = '', fraction = ''] = text.split('.');
  return [`${isNegative(value) ? '-' : ''}${whole}`, fraction.replace(/0+$/, '')];
}

/** A magnitude with as few digits as tell it apart from its neighbours, with an exponent. */
function shortest(value: number, kind: FloatKind): string {
  const magnitude = Math.abs(value);
  const { round } = FLOATS[kind];
  if (kind === 'float64') {
    return magnitude.toExponential();
  }
  let text = '';
  for (let digits = 0; digits <= 9; digits++) {
    text = exponential(magnitude, digits);
    if (round(Number(text)) === magnitude) {
      break;
    }
    // Below a power of two numbers lie closer together, so that the next one up may be nearer in that sense.
    const next = nextUp(text);
    if (round(Number(next)) === magnitude) {
      return next;
    }
  }
  return text;
}

/** A number with an exponent and its last digit one higher. */
function nextUp(text: string): string {
  const [number = '', exponent = ''] = text.split('e');
  const digits = fractionOf(number).length;
  return `${((Number(number.replace('.', '')) + 1) / 10 ** digits).toFixed(digits)}e${exponent}`;
}

/** `toExponential`, but a number in the middle between two is rounded to the one with an even last digit. */
function exponential(magnitude: number, digits: number): string {
  const up = magnitude.toExponential(digits);
  const [number = '', exponent = ''] = magnitude.toExponential(MOST_EXACT).split('e');
  return isMiddle(fractionOf(number).slice(digits)) && isOdd(up.split('e')[0] ?? '')
    ? `${cutAfter(number, digits)}e${exponent}`
    : up;
}

/** `toFixed`, rounded likewise. */
function fixed(magnitude: number, digits: number): string {
  const up = magnitude.toFixed(digits);
  const number = magnitude.toFixed(MOST_EXACT);
  return isMiddle(fractionOf(number).slice(digits)) && isOdd(up) ? cutAfter(number, digits) : up;
}

/** Digits that JavaScript tells at most; no number that is in the middle needs as many. */
const MOST_EXACT = 100;

function isMiddle(rest: string): boolean {
  return /^50*$/.test(rest);
}

function isOdd(number: string): boolean {
  return Number(number.at(-1)) % 2 === 1;
}

/** A number without the digits behind so many behind the point. */
function cutAfter(number: string, digits: number): string {
  const [whole = '', fraction = ''] = number.split('.');
  return digits === 0 ? whole : `${whole}.${fraction.slice(0, digits)}`;
}

function fractionOf(number: string): string {
  return number.split('.')[1] ?? '';
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

/** The nearest number of IEEE 754 binary16, of two the even one. */
function roundedToHalf(value: number): number {
  const magnitude = Math.abs(value);
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude)));
  const step = 2 ** (exponent - 10);
  const steps = magnitude / step;
  const down = Math.floor(steps);
  const isUp = steps - down > 0.5 || (steps - down === 0.5 && down % 2 === 1);
  const rounded = (isUp ? down + 1 : down) * step;
  return Math.sign(value) * (rounded >= 2 ** 16 ? Infinity : rounded);
}
