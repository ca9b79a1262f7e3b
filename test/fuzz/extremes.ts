import { varint } from './messages';

/** Numbers at the borders of what types hold. */
export const EXTREMES: readonly Uint8Array[] = [
  ...[0, 1, 2, 7, 16, 99, 255, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 53 - 1].map(
    varint,
  ),
  // −1, the smallest and the largest number of 64 bits.
  Uint8Array.from([...new Array<number>(9).fill(0xff), 1]),
  Uint8Array.from([...new Array<number>(9).fill(0x80), 1]),
  Uint8Array.from([...new Array<number>(8).fill(0xff), 0x7f]),
];
