import type { TextDocument } from 'vscode';
import { formatOfLanguage } from '../../shared/textFormat';

/**
 * Languages of running text with marks of its own, besides Markdown; `#` and `*` begin no comment there.
 */
const MARKED_UP = new Set(['asciidoc', 'git-commit', 'latex', 'restructuredtext', 'tex', 'typst']);

/** Whether a document is running text that has a language of its own. */
export function isMarkupDocument({ languageId }: TextDocument): boolean {
  return formatOfLanguage(languageId) !== 'plain' || MARKED_UP.has(languageId);
}

/** Whether a document is running text rather than code. */
export function isProse(document: TextDocument): boolean {
  return document.languageId === 'plaintext' || isMarkupDocument(document);
}
