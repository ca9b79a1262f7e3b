/**
 * To two digits, rounded up so that "at most" holds: 3.0e-6, 0.46, 15. The figure on a badge is written
 * like that in its table.
 */
export function roundedUp(value: number): string {
  if (value === 0 || !Number.isFinite(value)) {
    return String(value);
  }
  const place = Math.floor(Math.log10(value)) - 1;
  // A quotient that is whole but for its last bits is taken as it is.
  const steps = Math.ceil(Number((value / 10 ** place).toPrecision(12)));
  const rounded = steps * 10 ** place;
  return rounded >= 0.01 && rounded < 1000
    ? rounded.toFixed(Math.max(0, 1 - Math.floor(Math.log10(rounded))))
    : rounded.toExponential(1);
}

/**
 * A share in percent with one decimal, which is no less than it is; of what is hardly any `<0.1%`, and a
 * dash of what is no share, such as of nothing.
 */
export function percentUp(share: number): string {
  if (!Number.isFinite(share)) {
    return '–';
  }
  if (share > 0 && share < 0.001) {
    return '<0.1%';
  }
  return `${(Math.ceil(Number((1000 * share).toPrecision(12))) / 10).toFixed(1)}%`;
}
