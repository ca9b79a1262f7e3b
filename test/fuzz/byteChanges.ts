import type { Change, NamedChange } from './change';
import type { Random } from './random';

/** What disks and networks do, and anybody to any file. */
export const BYTE_CHANGES: readonly NamedChange[] = [
  ['bits flipped', flipBits],
  ['bytes replaced', replaceBytes],
  ['bytes taken out', onRange(() => [])],
  ['bytes doubled', onRange((range) => [range, range])],
  ['bytes put in', onRange((range, random) => [range, noise(random)])],
  ['cut short', (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1))],
  ['spliced', splice],
];

export function noise(random: Random): Uint8Array {
  return random.bytes(1 + random.below(random.of([4, 64, 1024])));
}

function flipBits(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let left = 1 + random.below(8); left > 0; left--) {
    const at = random.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  }
  return copy;
}

function replaceBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const start = random.below(copy.length + 1);
  const end = Math.min(copy.length, start + 1 + random.below(16));
  for (let at = start; at < end; at++) {
    copy[at] = random.of([0, 0xff, 0x7f, 0x80, random.below(256)]);
  }
  return copy;
}

function onRange(change: (range: Uint8Array, random: Random) => Uint8Array[]): Change {
  return (bytes, random) => {
    const start = random.below(bytes.length + 1);
    const end = Math.min(bytes.length, start + random.below(random.of([8, 64, 4096])));
    const range = change(bytes.subarray(start, end), random);
    return Buffer.concat([bytes.subarray(0, start), ...range, bytes.subarray(end)]);
  };
}

/** The beginning of one file and the end of another. */
function splice(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  const other = random.of(others);
  return Buffer.concat([
    bytes.subarray(0, random.below(bytes.length + 1)),
    other.subarray(random.below(other.length + 1)),
  ]);
}
