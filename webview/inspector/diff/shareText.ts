import { percent } from '../../../src/shared/percent';

/** A share of 1 in percent, with one decimal. */
export function shareText(share: number): string {
  return percent(share, document.documentElement.lang || 'en', {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
}
