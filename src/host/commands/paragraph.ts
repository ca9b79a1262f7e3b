/** What stands in front of the words of a comment, in most languages. */
const COMMENT_MARK = /^\s*(?:\/\/|\/\*|\*|#|--|;|%|<!--)/;

/**
 * The paragraph that a line belongs to: the lines around it up to the next blank ones. Lines of
 * comments and other lines are never in one paragraph.
 * @param lineAt gives a line's text without its line end.
 * @returns the first and the last line; nothing where the line is blank.
 */
export function paragraphAround(
  line: number,
  lineCount: number,
  lineAt: (line: number) => string,
): { first: number; last: number } | undefined {
  const text = lineAt(line);
  if (text.trim() === '') {
    return undefined;
  }
  const isComment = COMMENT_MARK.test(text);
  const belongs = (index: number): boolean => {
    const other = lineAt(index);
    return other.trim() !== '' && COMMENT_MARK.test(other) === isComment;
  };
  let first = line;
  while (first > 0 && belongs(first - 1)) {
    first--;
  }
  let last = line;
  while (last < lineCount - 1 && belongs(last + 1)) {
    last++;
  }
  return { first, last };
}
