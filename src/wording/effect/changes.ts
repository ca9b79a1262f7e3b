import type { Estimate } from '../../shared/evidence';
import { percentNumber } from '../../shared/percent';

/** By how much a probability changes, 0…1. */
export function changeOf({ before, after }: { before: number; after: number }): number {
  return Math.abs(after - before);
}

/** By how much a token becomes more or less likely on average: of the geometric mean. */
export function percentChange({ mean }: Estimate): string {
  return effectPercent(Math.abs(Math.exp(mean) - 1));
}

/** A share in percent; below 10% with a decimal. */
export function effectPercent(share: number): string {
  return percentNumber(share, 0.1);
}
