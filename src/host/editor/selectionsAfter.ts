import * as vscode from 'vscode';
import type { TextRange } from '../../shared/text';

/**
 * The editor extends a selection over text that is inserted at its end. Answers a function that is called
 * after the insertions and gives the selections without that text; undefined if no selection is affected.
 * @param edits in UTF-16 units of the document before them.
 */
export function selectionsAfterInsert(
  { document, selections }: vscode.TextEditor,
  edits: readonly (TextRange & { text: string })[],
): (() => vscode.Selection[]) | undefined {
  const insertions = edits.filter(({ start, end }) => start === end);
  const ranges = selections.map(({ anchor, active }) => ({
    anchor: document.offsetAt(anchor),
    active: document.offsetAt(active),
  }));
  const meets = ranges.some(
    ({ anchor, active }) =>
      anchor !== active && insertions.some(({ start }) => start === Math.max(anchor, active)),
  );
  if (!meets) {
    return undefined;
  }
  const moved = (offset: number, isEnd: boolean): vscode.Position => {
    const before = insertions.filter(({ start }) => start < offset || (start === offset && !isEnd));
    return document.positionAt(before.reduce((sum, { text }) => sum + text.length, offset));
  };
  return () =>
    ranges.map(
      ({ anchor, active }) =>
        new vscode.Selection(moved(anchor, anchor > active), moved(active, active >= anchor)),
    );
}
