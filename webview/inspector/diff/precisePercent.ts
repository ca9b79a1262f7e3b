import { percent } from '../../../src/shared/percent';

/** A share of 1 in percent with three digits that tell, however small it is: `2.31%`, `0.0209%`. */
export function precisePercent(share: number): string {
  const language = document.documentElement.lang || 'en';
  return percent(share, language, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
}
