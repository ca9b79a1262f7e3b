/** An axis from 0 on, with lines at round figures. */
export interface Scale {
  /** What the upper end stands for; 0 where there is nothing to draw. */
  top: number;
  ticks: number[];
}

/** Lines that an axis has at least. */
const FEWEST_LINES = 2;

/** An axis that ends at the largest value, with two to five lines at 1, 2 or 5 times a power of ten. */
export function roundScale(largest: number): Scale {
  if (!(largest > 0) || !Number.isFinite(largest)) {
    return { top: 0, ticks: [] };
  }
  const power = 10 ** Math.floor(Math.log10(largest / FEWEST_LINES));
  const step = [5, 2, 1]
    .map((factor) => factor * power)
    .find((each) => each * FEWEST_LINES <= largest);
  const width = step ?? power;
  const ticks = Array.from(
    { length: Math.floor(largest / width) },
    (_, index) => (index + 1) * width,
  );
  return { top: largest, ticks };
}
