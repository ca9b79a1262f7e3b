/** A text of a model or file as Markdown that shows it and does nothing else. */
export function markdownText(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]#]/g, '\\$&');
}

/** The same in a cell of a table. */
export function markdownCell(text: string): string {
  return markdownText(text).replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
