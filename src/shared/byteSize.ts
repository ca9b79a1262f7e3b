/** Units of a thousand each, as file managers and downloads count. */
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes for people: `62 bytes`, `1.2 MB`. */
export function formatBytes(count: number): string {
  if (count === 1) {
    return '1 byte';
  }
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  const amount = count / 1000 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${UNITS[power] ?? ''}`;
}
