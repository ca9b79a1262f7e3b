import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../root';

/** Where `make.py` leaves graphs with fused attention. */
const folder = path.join(root, 'test/fixtures/fused');

/** Numbers, row-major. */
export interface Numbers {
  dims: number[];
  data: number[];
}

/** A graph with one attention, or the first of several. */
export interface FusedCase {
  name: string;
  /** Inputs, all of single precision. */
  feeds: Record<string, Numbers>;
  /** An input that chooses a branch. */
  switch: string | null;
  /** [batch, heads, queries, keys] */
  map: Numbers;
}

export function fusedCases(): FusedCase[] {
  const text = readFileSync(path.join(folder, 'operators.json'), 'utf8');
  return JSON.parse(text) as FusedCase[];
}

export function fusedFixture(...names: string[]): Uint8Array {
  return readFileSync(path.join(folder, ...names));
}
