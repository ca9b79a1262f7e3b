const LENGTH = 10;

/** A probability, 0…1, as a bar of characters. */
export function probabilityBar(probability: number): string {
  const full = Math.round(probability * LENGTH);
  return '▰'.repeat(full) + '▱'.repeat(LENGTH - full);
}
