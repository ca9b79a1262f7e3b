import type { Size } from '../../onnx/shapes/size';
import type { CostPolynomial, CostTerm, RunSizes } from '../../shared/modelCost';

/** What is called by a name in a graph, by the sizes of a run. */
export type NamedSizes = ReadonlyMap<string, CostPolynomial>;

const SIZES = ['batch', 'tokens', 'past', 'source'] as const satisfies (keyof RunSizes)[];

/** Limits to what is calculated with, so that no file can fill the time. Transformers need a quarter. */
const MOST_TERMS = 32;
const HIGHEST_DEGREE = 12;

/** Up to this many levels of `min` in `min` are looked into. */
const MOST_CAPS = 4;

/** A number, which is the same in every run. */
export function constant(value: number): CostPolynomial {
  return collected([{ coefficient: value, powers: {} }]);
}

/** One of the sizes of a run. */
export function sizeNamed(size: keyof RunSizes): CostPolynomial {
  return [{ coefficient: 1, powers: { [size]: 1 } }];
}

export function sum(...polynomials: readonly CostPolynomial[]): CostPolynomial {
  return sumOf(polynomials);
}

export function sumOf(polynomials: readonly CostPolynomial[]): CostPolynomial {
  return collected(polynomials.flat());
}

export function difference(a: CostPolynomial, b: CostPolynomial): CostPolynomial {
  return sum(a, product(b, constant(-1)));
}

/** The product of some factors; of none, 1. */
export function product(...factors: readonly CostPolynomial[]): CostPolynomial {
  return factors.reduce(
    (all, factor) => collected(all.flatMap((one) => factor.map((other) => multiplied(one, other)))),
    constant(1),
  );
}

/** The product of factors of which some may be unknown; it is then unknown, as it is beyond the limits. */
export function productIfKnown(
  factors: readonly (CostPolynomial | undefined)[],
): CostPolynomial | undefined {
  let all: CostPolynomial | undefined = constant(1);
  for (const factor of factors) {
    all = all && factor && withinLimits(product(all, factor));
  }
  return all;
}

function withinLimits(polynomial: CostPolynomial): CostPolynomial | undefined {
  return polynomial.length <= MOST_TERMS &&
    polynomial.every(
      (term) => Number.isSafeInteger(term.coefficient) && degree(term) <= HIGHEST_DEGREE,
    )
    ? polynomial
    : undefined;
}

/** A polynomial by a whole number, if every coefficient is a multiple of it. */
export function quotient(polynomial: CostPolynomial, divisor: number): CostPolynomial | undefined {
  const divided = polynomial.map(({ coefficient, powers }) => ({
    coefficient: coefficient / divisor,
    powers,
  }));
  return divided.every(({ coefficient }) => Number.isInteger(coefficient)) ? divided : undefined;
}

export function isSame(a: CostPolynomial, b: CostPolynomial): boolean {
  return difference(a, b).length === 0;
}

/** The polynomial with something else in place of a size. */
export function replaced(
  polynomial: CostPolynomial,
  size: keyof RunSizes,
  by: CostPolynomial,
): CostPolynomial {
  return sumOf(
    polynomial.map(({ coefficient, powers: { [size]: power = 0, ...powers } }) =>
      product([{ coefficient, powers }], ...new Array<CostPolynomial>(power).fill(by)),
    ),
  );
}

/**
 * A size of a graph by the sizes of a run; undefined if it is made of others, or rounded. Tables of
 * positions and masks are cut to a length that is never above theirs: what is `min(1024, tokens)` counts
 * as `tokens`.
 */
export function polynomialOf(
  size: Size | null,
  names: NamedSizes,
  depth = 0,
): CostPolynomial | undefined {
  if (size === null || typeof size === 'number') {
    return size === null ? undefined : constant(size);
  }
  const terms = size.terms.map(({ coefficient, factors }) =>
    productIfKnown([
      constant(coefficient),
      ...factors.map(
        ({ text, uncapped }) =>
          names.get(text) ??
          (uncapped === undefined || depth === MOST_CAPS
            ? undefined
            : polynomialOf(uncapped, names, depth + 1)),
      ),
    ]),
  );
  const known = terms.filter((term) => term !== undefined);
  return known.length === terms.length ? withinLimits(sumOf(known)) : undefined;
}

/** Powers stand in the order of the sizes, so that equal terms are written alike. */
function multiplied(one: CostTerm, other: CostTerm): CostTerm {
  const coefficient = one.coefficient * other.coefficient;
  // Most factors are numbers, and files have hundreds of thousands of them.
  if (degree(other) === 0) {
    return { coefficient, powers: one.powers };
  }
  if (degree(one) === 0) {
    return { coefficient, powers: other.powers };
  }
  const powers: CostTerm['powers'] = {};
  for (const size of SIZES) {
    const power = (one.powers[size] ?? 0) + (other.powers[size] ?? 0);
    if (power > 0) {
      powers[size] = power;
    }
  }
  return { coefficient, powers };
}

/** Like terms as one, those of the highest degree first. */
function collected(terms: readonly CostTerm[]): CostPolynomial {
  if (terms.length <= 1) {
    return terms.filter(({ coefficient }) => coefficient !== 0);
  }
  const sums = new Map<string, CostTerm>();
  for (const { coefficient, powers } of terms) {
    const key = `${powers.batch ?? 0} ${powers.tokens ?? 0} ${powers.past ?? 0} ${powers.source ?? 0}`;
    const before = sums.get(key)?.coefficient ?? 0;
    sums.set(key, { coefficient: before + coefficient, powers });
  }
  return [...sums]
    .filter(([, { coefficient }]) => coefficient !== 0)
    .sort(([a, one], [b, other]) => degree(other) - degree(one) || (a < b ? 1 : -1))
    .map(([, term]) => term);
}

function degree({ powers: { batch = 0, tokens = 0, past = 0, source = 0 } }: CostTerm): number {
  return batch + tokens + past + source;
}
