/** A line that says where a link's label leads, in quotations and lists as well; no footnote. */
const DEFINITION = /^[ \t>*+-]*(?:\d+[.)][ \t]+)?\[(?!\^)((?:\\.|[^[\]\\]){1,999})\]:/gm;

/**
 * Labels that a Markdown document defines and a part of it mentions: `[label]` is a link there, though
 * the part does not show it.
 */
export function linkLabelsIn(part: string, document: string): string[] {
  const mentioned = part.toLowerCase();
  const labels = Array.from(document.matchAll(DEFINITION), ([, label = '']) => label);
  return Array.from(new Set(labels)).filter((label) =>
    mentioned.includes(`[${label.toLowerCase()}]`),
  );
}
