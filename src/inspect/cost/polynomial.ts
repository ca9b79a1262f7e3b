import type { Size } from '../../onnx/shapes/size';
import type { CostPolynomial, CostTerm, RunSizes } from '../../shared/modelCost';

/** What is called by a name in a graph, by the sizes of a run. */
export type NamedSizes = ReadonlyMap<string, CostPolynomial>;

const SIZES = ['batch', 'tokens', 'past', 'source'] as const satisfies (keyof RunSizes)[];

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

/** The product of factors of which some may be unknown; it is then unknown, too. */
export function productIfKnown(
  factors: readonly (CostPolynomial | undefined)[],
): CostPolynomial | undefined {
  const known = factors.filter((factor) => factor !== undefined);
  return known.length === factors.length ? product(...known) : undefined;
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
  return sum(
    ...polynomial.map(({ coefficient, powers: { [size]: power = 0, ...powers } }) =>
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
  return known.length === terms.length ? sum(...known) : undefined;
}

function multiplied(one: CostTerm, other: CostTerm): CostTerm {
  const powers: CostTerm['powers'] = { ...one.powers };
  for (const size of SIZES) {
    const power = (powers[size] ?? 0) + (other.powers[size] ?? 0);
    if (power > 0) {
      powers[size] = power;
    }
  }
  return { coefficient: one.coefficient * other.coefficient, powers };
}

/** Like terms as one, those of the highest degree first, each with its powers in the order of sizes. */
function collected(terms: readonly CostTerm[]): CostPolynomial {
  const sums = new Map<string, CostTerm>();
  for (const { coefficient, powers } of terms) {
    const key = SIZES.map((size) => powers[size] ?? 0).join(' ');
    const before = sums.get(key)?.coefficient ?? 0;
    sums.set(key, { coefficient: before + coefficient, powers });
  }
  return [...sums]
    .filter(([, { coefficient }]) => coefficient !== 0)
    .sort(([a, one], [b, other]) => degree(other) - degree(one) || (a < b ? 1 : -1))
    .map(([, { coefficient, powers }]) => ({ coefficient, powers: inOrder(powers) }));
}

function degree({ powers }: CostTerm): number {
  return SIZES.reduce((total, size) => total + (powers[size] ?? 0), 0);
}

function inOrder(powers: CostTerm['powers']): CostTerm['powers'] {
  return Object.fromEntries(
    SIZES.flatMap((size) => (powers[size] === undefined ? [] : [[size, powers[size]]])),
  );
}
