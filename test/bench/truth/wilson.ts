/** Of a normal variable 95 % lie within so many standard deviations. */
const Z = 1.96;

/**
 * Confidence interval of 95 % for a share (Wilson 1927, "Probable Inference, the Law of Succession, and
 * Statistical Inference").
 * @returns its ends, 0…1.
 */
export function wilson(found: number, of: number): [from: number, to: number] {
  if (of === 0) {
    return [0, 1];
  }
  const share = found / of;
  const scale = 1 + Z ** 2 / of;
  const middle = (share + Z ** 2 / (2 * of)) / scale;
  const reach = (Z / scale) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  return [Math.max(0, middle - reach), Math.min(1, middle + reach)];
}

/** A share as it is printed: `7 of 10, 70 % (40–89 %)`. */
export function shareOf(found: number, of: number): string {
  const percent = (value: number): string => (100 * value).toFixed(0);
  const [from, to] = wilson(found, of);
  const share = of === 0 ? '–' : percent(found / of);
  return `${found} of ${of}, ${share} % (${percent(from)}–${percent(to)} %)`;
}
