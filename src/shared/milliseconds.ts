/** A time for people, with three digits that tell: `0.0421 ms`, `12.3 ms`, `1.50 s`. */
export function milliseconds(time: number): string {
  const [amount, unit] = time >= 1000 ? [time / 1000, 's'] : [time, 'ms'];
  return `${amount === 0 ? '0' : rounded(amount)} ${unit}`;
}

function rounded(amount: number): string {
  return amount >= 100 ? amount.toFixed(0) : amount.toPrecision(3);
}
