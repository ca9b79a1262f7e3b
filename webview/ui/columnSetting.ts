/**
 * How a label is set above a column: a single character as on a line; scripts that can be written
 * downwards, stacked; everything else turned by a quarter.
 */
export function columnSetting(label: string): 'flat' | 'stacked' | 'turned' {
  if (Array.from(label).length === 1) {
    return 'flat';
  }
  return /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/u.test(label) ? 'stacked' : 'turned';
}
