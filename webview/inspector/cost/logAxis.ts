/** An axis of equal ratios. */
export interface LogAxis {
  from: number;
  to: number;
  /** Where a value lies, 0…1 of the axis. */
  at(value: number): number;
}

export function logAxis(from: number, to: number): LogAxis {
  const [low, span] = [Math.log(from), Math.log(to) - Math.log(from)];
  return { from, to, at: (value) => (Math.log(value) - low) / span };
}

/**
 * Values to mark on an axis: powers of a base, so few that they have room.
 * @param most how many there may be.
 */
export function logTicks({ from, to }: LogAxis, base: number, most: number): number[] {
  const [first, last] = [from, to].map((value) => Math.log(value) / Math.log(base)) as [
    number,
    number,
  ];
  const lowest = Math.ceil(first - 1e-9);
  const highest = Math.floor(last + 1e-9);
  const step = Math.max(1, Math.ceil((highest - lowest + 1) / most));
  const ticks: number[] = [];
  for (let power = lowest; power <= highest; power += step) {
    ticks.push(base ** power);
  }
  return ticks;
}
