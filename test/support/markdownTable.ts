/** A table in Markdown, with columns of even width, as Prettier formats it. */
export function markdownTable(
  headings: readonly string[],
  lines: readonly (readonly string[])[],
): string {
  const widths = headings.map((_, column) =>
    Math.max(...[headings, ...lines].map((line) => line[column]?.length ?? 0)),
  );
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [row(headings), row(rule), ...lines.map(row)].join('\n');
}
