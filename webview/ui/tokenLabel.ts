/** What a label is made of; a part of `Token` in src/shared/text.ts. */
export interface LabelledToken {
  text: string;
  piece: string;
}

/**
 * A token as it is written on an axis: on one line, and never invisible. A token of white space
 * alone shows which one it is (␣ ⏎ ⇥); spaces beside letters become the middle dot that the editor
 * draws for them; a token without text, such as a part of a character, shows its piece.
 */
export function tokenLabel({ text, piece }: LabelledToken): string {
  if (text === '') {
    return piece;
  }
  const space = text.trim() === '' ? '␣' : '·';
  return text.replace(/\s/g, (character) => signs.get(character) ?? space);
}

/** A token as it stands in running text: the space before it stands outside. */
export function runningLabel(token: LabelledToken): { spaced: boolean; label: string } {
  const spaced = /^ \S/.test(token.text);
  return { spaced, label: tokenLabel(spaced ? { ...token, text: token.text.slice(1) } : token) };
}

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

const signs = new Map([
  ['\n', '⏎'],
  ['\r', '␍'],
  ['\t', '⇥'],
]);
