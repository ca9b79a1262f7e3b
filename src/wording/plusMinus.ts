import type { Estimate } from '../shared/evidence';

/**
 * A mean ± two standard errors, as they are written: with two digits of what it may be off by, and
 * the minus sign of typography: `−0.128 ± 0.060`. Without the second part where there is none.
 */
export function plusMinus({ mean, standardError }: Estimate): string {
  if (standardError === undefined) {
    return signed(mean, 3);
  }
  const range = 2 * standardError;
  const digits = range > 0 ? Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(range)))) : 3;
  return `${signed(mean, digits)} ± ${range.toFixed(digits)}`;
}

function signed(value: number, digits: number): string {
  const figure = Math.abs(value).toFixed(digits);
  return value < 0 && Number(figure) !== 0 ? `−${figure}` : figure;
}
