import * as vscode from 'vscode';
import type { TextChange, TrackedText } from './trackedText';

/** Tells a text that is followed of a change of its document. */
export function follow(tracked: TrackedText, event: vscode.TextDocumentChangeEvent): void {
  const { document } = event;
  tracked.apply(changesOf(event), (start, end) =>
    document.getText(rangeBetween(document, start, end)),
  );
}

/** What changed in a document, in the order in which it was changed. */
export function changesOf({ contentChanges }: vscode.TextDocumentChangeEvent): TextChange[] {
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
