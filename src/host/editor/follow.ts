import * as vscode from 'vscode';
import type { TrackedText } from './trackedText';

/** Tells a text that is followed of a change of its document. */
export function follow(
  tracked: TrackedText,
  { document, contentChanges }: vscode.TextDocumentChangeEvent,
): void {
  tracked.apply(
    contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
      offset: rangeOffset,
      removed: rangeLength,
      inserted: text.length,
    })),
    (start, end) => document.getText(rangeBetween(document, start, end)),
  );
}

/** A range by its offsets, in UTF-16 units. */
export function rangeBetween(
  document: vscode.TextDocument,
  start: number,
  end: number,
): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
