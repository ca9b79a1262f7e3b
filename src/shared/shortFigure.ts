/** A figure of any size with two digits that tell: `0.0032`, `1.2`, `8.1e-7`. */
export function shortFigure(value: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(2)));
}
