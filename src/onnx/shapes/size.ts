import type { Dimension } from '../graph/model';

/**
 * A size, or an element of a tensor that sizes are computed with: a whole number, or a polynomial
 * over the sizes that vary from run to run. What cannot be told is null wherever sizes stand.
 */
export type Size = number | Polynomial;

/** A quantity that varies from run to run. Two with the same text are the same. */
interface Atom {
  text: string;
  /** Whether it cannot be negative, as no dimension can. */
  isNatural: boolean;
  /** For `min(limit, size)`: the size. */
  uncapped?: Size;
}

/** A whole number times a product of atoms. */
interface Term {
  coefficient: number;
  /** Sorted by their text. */
  factors: readonly Atom[];
}

/** A sum of terms with at least one atom in it. Equal ones have equal texts. */
export interface Polynomial {
  terms: readonly Term[];
  /** E.g. `past_sequence_length + sequence_length`, `2*batch_size - 1`. */
  text: string;
}

/** Limits to what is kept of a size; one beyond them is unknown. Transformers need a third. */
const MOST_TERMS = 8;
const MOST_FACTORS = 6;
const LONGEST_TEXT = 200;

/** Up to this many levels of `min` in `min` are looked into. */
const MOST_CAPS = 4;

const NAME = /^[A-Za-z_][\w.]*$/;

/**
 * The size that a file calls by a name. A name that is written as a sum of products
 * (`past_sequence_length + sequence_length`) is taken for one, as exporters mean it.
 */
export function sizeOf(dimension: Dimension): Size | null {
  if (typeof dimension !== 'string') {
    return dimension;
  }
  if (dimension.length > LONGEST_TEXT) {
    return null;
  }
  const signed = ` + ${dimension.trim()}`.split(/ (?=[+-] )/).filter((part) => part !== '');
  const terms = signed.map((part) => product(part.slice(2), part.startsWith('-') ? -1 : 1));
  return terms.some((term) => term === undefined)
    ? polynomial([{ coefficient: 1, factors: [{ text: dimension, isNatural: true }] }])
    : polynomial(terms.filter((term) => term !== undefined));
}

function product(text: string, sign: number): Term | undefined {
  const parts = text.split('*').map((part) => part.trim());
  const names = parts.filter((part) => NAME.test(part));
  const numbers = parts.filter((part) => /^\d{1,15}$/.test(part)).map(Number);
  return names.length + numbers.length < parts.length
    ? undefined
    : {
        coefficient: numbers.reduce((all, number) => all * number, sign),
        factors: names.map((name) => ({ text: name, isNatural: true })),
      };
}

/** A size as outlines show it. One that could only be negative is none. */
export function dimensionOf(size: Size | null): Dimension {
  if (size === null || typeof size === 'number') {
    return size !== null && size >= 0 ? size : null;
  }
  return size.text;
}

export function sameSize(a: Size | null, b: Size | null): boolean {
  return a !== null && b !== null && textOf(a) === textOf(b);
}

export function add(a: Size | null, b: Size | null): Size | null {
  return a === null || b === null ? null : polynomial([...termsOf(a), ...termsOf(b)]);
}

export function subtract(a: Size | null, b: Size | null): Size | null {
  return add(a, multiply(b, -1));
}

export function multiply(a: Size | null, b: Size | null): Size | null {
  if (a === 0 || b === 0) {
    return 0;
  }
  if (a === null || b === null) {
    return null;
  }
  const left = termsOf(a);
  const right = termsOf(b);
  return left.length * right.length > MOST_TERMS * MOST_TERMS
    ? null
    : polynomial(
        left.flatMap((one) =>
          right.map((other) => ({
            coefficient: one.coefficient * other.coefficient,
            factors: [...one.factors, ...other.factors],
          })),
        ),
      );
}

/** The product of many sizes. */
export function productOf(sizes: readonly (Size | null)[]): Size | null {
  return sizes.includes(0) ? 0 : sizes.reduce<Size | null>(multiply, 1);
}

/**
 * The product of some sizes by the product of others, where it is known to be a whole number: every
 * factor of the divisors cancels out.
 */
export function divideProducts(
  dividends: readonly (Size | null)[],
  divisors: readonly (Size | null)[],
): Size | null {
  const over = [...dividends];
  const under = divisors.filter((divisor) => {
    const index = over.findIndex((size) => sameSize(size, divisor));
    if (index >= 0) {
      over.splice(index, 1);
    }
    return index < 0;
  });
  const dividend = productOf(over);
  const divisor = productOf(under);
  return dividend === null || divisor === null ? null : divideExactly(dividend, divisor);
}

function divideExactly(dividend: Size, divisor: Size): Size | null {
  const [by, ...more] = termsOf(divisor);
  if (by === undefined || more.length > 0) {
    return null;
  }
  const quotients = termsOf(dividend).map((term): Term | undefined => {
    const factors = [...term.factors];
    for (const { text } of by.factors) {
      const index = factors.findIndex((factor) => factor.text === text);
      if (index < 0) {
        return undefined;
      }
      factors.splice(index, 1);
    }
    const coefficient = term.coefficient / by.coefficient;
    return Number.isInteger(coefficient) ? { coefficient, factors } : undefined;
  });
  return quotients.includes(undefined)
    ? null
    : polynomial(quotients.filter((term) => term !== undefined));
}

/**
 * The largest whole number that is not above `dividend / divisor`.
 * @param natural whether the caller knows that the result is not negative.
 */
export function divideDown(
  dividend: Size | null,
  divisor: Size | null,
  natural = false,
): Size | null {
  if (dividend === null || divisor === null || divisor === 0) {
    return null;
  }
  if (typeof dividend === 'number' && typeof divisor === 'number') {
    return Math.floor(dividend / divisor);
  }
  return (
    divideExactly(dividend, divisor) ??
    (typeof divisor === 'number' && divisor > 0
      ? atom(`floor(${inBrackets(dividend)}/${divisor})`, natural || isNatural(dividend))
      : null)
  );
}

/** The smaller of a number and a size. */
export function capped(limit: number, size: Size): Size | null {
  if (isAtLeast(limit, size)) {
    return size;
  }
  return isAtLeast(size, limit)
    ? limit
    : atom(`min(${limit}, ${textOf(size)})`, limit >= 0 && isNatural(size), size);
}

/** The size as it is where no `min` in it cuts anything off. */
export function uncapped(size: Size, depth = 0): Size | null {
  if (typeof size === 'number' || depth > MOST_CAPS) {
    return size;
  }
  const terms = size.terms.map(({ coefficient, factors }) =>
    factors.reduce<Size | null>(
      (all, factor) =>
        multiply(
          all,
          factor.uncapped === undefined
            ? polynomial([{ coefficient: 1, factors: [factor] }])
            : uncapped(factor.uncapped, depth + 1),
        ),
      coefficient,
    ),
  );
  return terms.reduce<Size | null>(add, 0);
}

/** Whether `a ≥ b` in every run; false where that cannot be told. */
export function isAtLeast(a: Size, b: Size): boolean {
  const difference = subtract(a, b);
  return difference !== null && isNatural(difference);
}

/** Whether two sizes differ in every run; false where that cannot be told. */
export function areDifferent(a: Size, b: Size): boolean {
  const difference = subtract(a, b);
  return (
    difference !== null && (isAtLeast(difference, 1) || isAtLeast(multiply(difference, -1) ?? 0, 1))
  );
}

/** Whether a size is not negative in any run. */
function isNatural(size: Size): boolean {
  return termsOf(size).every(
    ({ coefficient, factors }) => coefficient >= 0 && factors.every((factor) => factor.isNatural),
  );
}

function atom(text: string, isNatural: boolean, uncapped?: Size): Size | null {
  const one: Atom = { text, isNatural, ...(uncapped === undefined ? {} : { uncapped }) };
  return polynomial([{ coefficient: 1, factors: [one] }]);
}

function termsOf(size: Size): readonly Term[] {
  if (typeof size === 'number') {
    return size === 0 ? [] : [{ coefficient: size, factors: [] }];
  }
  return size.terms;
}

/** Collects like terms. Answers null beyond the limits. */
function polynomial(terms: readonly Term[]): Size | null {
  const sums = new Map<string, Term>();
  for (const term of terms) {
    const factors = [...term.factors].sort((a, b) => (a.text < b.text ? -1 : 1));
    const key = factors.map(({ text }) => text).join('*');
    const coefficient = (sums.get(key)?.coefficient ?? 0) + term.coefficient;
    if (!Number.isSafeInteger(coefficient) || factors.length > MOST_FACTORS) {
      return null;
    }
    sums.set(key, { coefficient, factors });
  }
  const kept = [...sums].filter(([, { coefficient }]) => coefficient !== 0).sort(byPlace);
  const [first] = kept;
  if (first === undefined) {
    return 0;
  }
  if (kept.length === 1 && first[0] === '') {
    return first[1].coefficient;
  }
  const list = kept.map(([, term]) => term);
  const text = textOfSum(list);
  return list.length > MOST_TERMS || text.length > LONGEST_TEXT ? null : { terms: list, text };
}

/** What is added before what is taken away, products before what they are made of, numbers last. */
function byPlace([a, one]: [string, Term], [b, other]: [string, Term]): number {
  const isTaken = Number(one.coefficient < 0) - Number(other.coefficient < 0);
  return (
    Number(a === '') - Number(b === '') ||
    isTaken ||
    other.factors.length - one.factors.length ||
    (a < b ? -1 : 1)
  );
}

function textOfSum(terms: readonly Term[]): string {
  return terms
    .map((term, index) => {
      const sign = term.coefficient < 0 ? '-' : '+';
      const text = textOfTerm(term, terms.length === 1);
      return index === 0 ? `${sign === '-' ? '-' : ''}${text}` : `${sign} ${text}`;
    })
    .join(' ');
}

function textOfTerm({ coefficient, factors }: Term, isAlone: boolean): string {
  const size = Math.abs(coefficient);
  const only = isAlone && size === 1 && factors.length === 1;
  const names = factors.map(({ text }) => (only || isSimple(text) ? text : `(${text})`));
  return [...(size === 1 && names.length > 0 ? [] : [String(size)]), ...names].join('*');
}

/** A name, or what this module makes itself. */
function isSimple(text: string): boolean {
  return NAME.test(text) || /^(floor|min)\(.*\)$/.test(text);
}

function inBrackets(size: Size): string {
  const text = textOf(size);
  return typeof size === 'number' || size.terms.length === 1 ? text : `(${text})`;
}

function textOf(size: Size): string {
  return typeof size === 'number' ? String(size) : size.text;
}
