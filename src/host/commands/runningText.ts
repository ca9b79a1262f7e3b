import type { TextDocument } from 'vscode';

/** Languages of running text with marks of its own; `#` and `*` begin no comment there. */
const MARKED_UP = new Set([
  'asciidoc',
  'git-commit',
  'latex',
  'markdown',
  'mdx',
  'restructuredtext',
  'tex',
]);

/** Whether a document is running text that has a language of its own. */
export function isMarkedUp({ languageId }: TextDocument): boolean {
  return MARKED_UP.has(languageId);
}

/** Whether a document is running text rather than code. */
export function isRunningText(document: TextDocument): boolean {
  return document.languageId === 'plaintext' || isMarkedUp(document);
}
