import type { Histogram } from '../../shared/tensorListing';

/** What the numbers that are finite say; `at` counts elements row-major. */
export interface FiniteStatistics {
  minimum: number;
  maximum: number;
  mean: number;
  standardDeviation: number;
  norm: number;
  percentiles: { low: number; high: number };
  largest: { at: number; value: number };
  histogram: Histogram;
}

/** Numbers of each sort, and what those that are finite say. */
export interface CountedStatistics {
  nan: number;
  infinite: number;
  zeros: number;
  finite?: FiniteStatistics;
}
