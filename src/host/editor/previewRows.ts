/** The size of a preview, in columns and rows of a monospaced font. */
export interface PreviewSize {
  /** Columns of the first row, which begins behind other text. */
  first: number;
  /** Columns of the rows below it. */
  columns: number;
  rows: number;
}

/** Stands for the rows that are left out in the middle. */
const LEFT_OUT = '…';

/**
 * Cuts a text into rows, at its line ends and, where a line is too long, between words. If there are too
 * many rows, those in the middle are left out.
 */
export function previewRows(text: string, { first, columns, rows: most }: PreviewSize): string[] {
  const rows: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    let rest = line;
    do {
      const end = fitting(rest, rows.length === 0 ? first : columns);
      rows.push(rest.slice(0, end));
      rest = rest.slice(end);
    } while (rest !== '');
  }
  if (rows.length <= most) {
    return rows;
  }
  const [head = ''] = rows;
  return most === 1
    ? [`${LEFT_OUT} ${rows.at(-1) ?? ''}`]
    : [`${head} ${LEFT_OUT}`, ...rows.slice(rows.length - most + 1)];
}

/** How much of a line, which may be empty, fits into some columns: as many words as do. */
function fitting(line: string, columns: number): number {
  let width = 0;
  let end = 0;
  let wordsEnd = 0;
  for (const character of line) {
    width += isWide(character) ? 2 : 1;
    if (width > columns && character !== ' ' && end > 0) {
      return wordsEnd > 0 ? wordsEnd : end;
    }
    end += character.length;
    if (character === ' ' || isWide(character)) {
      wordsEnd = end;
    }
  }
  return line.length;
}

/** Characters of East Asian scripts take two columns, and a line may end behind each. */
function isWide(character: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u.test(
    character,
  );
}
