import * as vscode from 'vscode';
import type { Slice, TextChange } from './trackedText';

/** Tracks a part of a document through edits. */
interface DocumentChangeTarget<T> {
  apply(changes: readonly TextChange[], slice: Slice): T;
}

/**
 * Applies a change of the document.
 * @returns what it answers.
 */
export function applyDocumentChange<T>(
  followed: DocumentChangeTarget<T>,
  event: vscode.TextDocumentChangeEvent,
): T {
  const { document } = event;
  return followed.apply(changesOf(event), (start, end) =>
    document.getText(rangeBetween(document, start, end)),
  );
}

/** What changed in a document, in the order in which it was changed. */
function changesOf({ contentChanges }: vscode.TextDocumentChangeEvent): TextChange[] {
  return contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
    offset: rangeOffset,
    removed: rangeLength,
    inserted: text.length,
  }));
}

/** A range by its offsets, in UTF-16 units. */
export function rangeBetween(
  document: vscode.TextDocument,
  start: number,
  end: number,
): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
