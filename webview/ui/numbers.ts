/** A probability with four decimals; smaller ones in powers of ten, so that none reads as zero. */
export function formatProbability(value: number): string {
  return value > 0 && value < 0.00005 ? value.toExponential(1) : value.toFixed(4);
}

/** A figure that is read at a glance: two decimals. */
export function formatFigure(value: number): string {
  return value.toFixed(2);
}
