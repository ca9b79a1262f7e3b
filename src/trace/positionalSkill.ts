import { rowsWithChoice, type PatternRow, type HeadPattern } from './headPattern';

/** How well the offset from query to key predicts a head's attention. */
export interface PositionalSkill {
  /** Mean over the rows of Σ min(p, p̂), with p̂ predicted from the other rows (leave-one-out); 0…1. */
  overlap: number;
  /** The same with p̂ = the same for all keys that the query sees. */
  uniform: number;
  /** (overlap − uniform) / (1 − uniform): 1 is a perfect prediction, 0 or less no better than chance. */
  skill: number;
  rows: number;
}

/**
 * How much of a head's attention the offset from query to key predicts. A row is predicted by the mean
 * attention that all other rows pay to each offset, cut to the keys that its query sees and scaled to sum
 * to 1. The row itself is left out, because a row with an offset that no other row has would otherwise
 * predict itself.
 */
export function positionalSkill(head: HeadPattern): PositionalSkill {
  const rows = rowsWithChoice(head);
  const profile = new OffsetProfile(head);
  for (const row of rows) {
    profile.add(row, 1);
  }
  let overlap = 0;
  let uniform = 0;
  for (const each of rows) {
    const { row } = each;
    profile.add(each, -1);
    overlap += overlapOf(row, profile.predict(each));
    profile.add(each, 1);
    uniform += overlapOf(row, new Float64Array(row.length).fill(1 / row.length));
  }
  const count = Math.max(1, rows.length);
  const means = { overlap: overlap / count, uniform: uniform / count };
  const left = 1 - means.uniform;
  return {
    ...means,
    skill: left > 0 ? (means.overlap - means.uniform) / left : 0,
    rows: rows.length,
  };
}

/** The mean attention to each offset, of rows that are added and taken out again. */
class OffsetProfile {
  /** By offset key − query, the smallest of which is 1 − queries. */
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;
  private readonly zero: number;

  constructor({ queries, keys }: HeadPattern) {
    this.zero = queries.length;
    this.sums = new Float64Array(queries.length + keys.length);
    this.counts = new Float64Array(queries.length + keys.length);
  }

  add({ query, row }: PatternRow, times: 1 | -1): void {
    for (const [key, p] of row.entries()) {
      const at = this.zero + key - query;
      this.sums[at] = (this.sums[at] ?? 0) + times * p;
      this.counts[at] = (this.counts[at] ?? 0) + times;
    }
  }

  /** What a row were if it followed the rows that are in the profile. */
  predict({ query, row }: PatternRow): Float64Array {
    const found = new Float64Array(row.length);
    let total = 0;
    for (let key = 0; key < row.length; key++) {
      const at = this.zero + key - query;
      const count = this.counts[at] ?? 0;
      // What was added and taken out again leaves rounding behind.
      const p = count > 0 ? Math.max(0, this.sums[at] ?? 0) / count : 0;
      found[key] = p;
      total += p;
    }
    return total > 0 ? found.map((p) => p / total) : found.fill(1 / row.length);
  }
}

function overlapOf(row: Float32Array, predicted: Float64Array): number {
  return row.reduce((sum, p, key) => sum + Math.min(p, predicted[key] ?? 0), 0);
}
