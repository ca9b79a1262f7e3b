/** Which part of a character a token is, as token labels write it: `服 1/3`. */
const PART = /^\d+\/\d+$/;

/**
 * How a label is set above a column: a single character as on a line; scripts that can be written
 * downwards and parts of characters, stacked; everything else turned by a quarter.
 */
export function columnSetting(label: string): 'flat' | 'stacked' | 'turned' {
  if (Array.from(label).length === 1) {
    return 'flat';
  }
  return /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]/u.test(label) || isInParts(label)
    ? 'stacked'
    : 'turned';
}

/** A stretch of a stacked label: characters one below the other, or a fraction on one line. */
export interface StackedStretch {
  text: string;
  isPart: boolean;
}

/** What a stacked label is made of, from above. Only a part of a character has blanks around it. */
export function stackedStretches(label: string): StackedStretch[] {
  return label.split(' ').map((text) => ({ text, isPart: PART.test(text) }));
}

/** Whether a label is nothing but characters of which the token is a part. */
function isInParts(label: string): boolean {
  const stretches = stackedStretches(label);
  return (
    stretches.length > 1 &&
    stretches.every(({ text, isPart }, index) =>
      index % 2 === 1 ? isPart : Array.from(text).length === 1,
    )
  );
}
