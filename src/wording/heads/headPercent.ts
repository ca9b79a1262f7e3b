import { percentNumber } from '../../shared/percent';

/** A share in percent; small ones, which chance often is, with a decimal. */
export function headPercent(share: number): string {
  return percentNumber(share, 0.02);
}
