const THOUSANDS = ['', ' k', ' M', ' G', ' T', ' P', ' E'];

/** A number of operations with its prefix: `160 M`, `2.7 G`. */
export function operationCount(count: number): string {
  const power = Math.max(
    0,
    Math.min(THOUSANDS.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3 + 1e-9)),
  );
  return `${threeDigits(count / 1000 ** power)}${THOUSANDS[power]}`;
}

const SMALLER = ['', 'm', 'µ', 'n', 'p'];

/** A small quantity with its unit: `17 mJ`, `1.9 µg`. */
export function smallQuantity(value: number, unit: string): string {
  if (value <= 0) {
    return `0 ${unit}`;
  }
  if (value >= 1000) {
    return `${threeDigits(value / 1000)} k${unit}`;
  }
  const power = Math.min(SMALLER.length - 1, Math.max(0, Math.ceil(-Math.log10(value) / 3)));
  return `${threeDigits(value * 1000 ** power)} ${SMALLER[power]}${unit}`;
}

function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}
