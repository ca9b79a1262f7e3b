/**
 * A seeded source of uniform numbers in [0, 1): splitmix32, i.e. a Weyl sequence put through the
 * 32-bit finaliser of MurmurHash3. (Steele, Lea & Flood 2014, "Fast Splittable Pseudorandom Number
 * Generators", describe the 64-bit original.) Good enough to draw tokens; not for secrets.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x85ebca6b);
    mixed ^= mixed >>> 13;
    mixed = Math.imul(mixed, 0xc2b2ae35);
    mixed ^= mixed >>> 16;
    return (mixed >>> 0) / 2 ** 32;
  };
}
