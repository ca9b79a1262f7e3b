/** Of a thousand each, as file managers and downloads count. */
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/**
 * A number of bytes for people: `62 bytes`, `1.2 MB`.
 * @param language a BCP 47 tag.
 */
export function byteSize(count: number, language = 'en'): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  const digits = power === 0 ? 0 : 1;
  return Number((count / 1000 ** power).toFixed(digits)).toLocaleString(language, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  });
}
