/** A whole number in the language of the page. */
export function figure(value: number): string {
  return value.toLocaleString(document.documentElement.lang || 'en');
}

const DIGITS = 4;

/** A number of a tensor, with so many digits as tell it apart: `−0.3804`, `1.2e-7`. */
export function elementFigure(value: number): string {
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e5)
      ? size.toExponential(2)
      : String(Number(size.toPrecision(DIGITS)));
  return value < 0 ? `−${text}` : text;
}
