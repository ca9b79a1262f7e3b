/** How exactly a share is written. */
export type PercentDigits = Pick<
  Intl.NumberFormatOptions,
  | 'minimumFractionDigits'
  | 'maximumFractionDigits'
  | 'minimumSignificantDigits'
  | 'maximumSignificantDigits'
>;

/**
 * A share in percent, sign included, as a language writes it.
 * @param share 0…1.
 * @param language a BCP 47 tag.
 */
export function percent(share: number, language: string, digits: PercentDigits): string {
  return share.toLocaleString(language, { style: 'percent', ...digits });
}

/**
 * The number of a sentence that has the percent sign itself: whole, small ones with a decimal.
 * @param share 0…1.
 * @param decimalBelow the share below which a decimal is written.
 */
export function percentNumber(share: number, decimalBelow: number): string {
  return (share * 100).toFixed(share < decimalBelow ? 1 : 0);
}
