import * as vscode from 'vscode';
import { previewRows } from './previewRows';

/** A text that is on its way into a document. */
export interface PendingText {
  text: string;
  /** Where its first character will stand. */
  place: vscode.Position;
  /** What it will take the place of. */
  replaced?: vscode.Range;
}

/** About as wide as prose is set, and no wider than most editors are. */
const COLUMNS = 80;
/** The first row is no shorter than this, however far to the right it begins. */
const FEWEST_COLUMNS = 20;
/** The text below stays in sight. */
const ROWS = 12;

/**
 * Shows texts where they are going to stand, in every editor of their document, and changes nothing
 * in it: there is nothing to be saved, formatted or undone until they are written.
 */
export class ResultPreview implements vscode.Disposable {
  private readonly rows = vscode.window.createTextEditorDecorationType({});
  private readonly replaced = vscode.window.createTextEditorDecorationType({ opacity: '0.5' });
  private readonly scrolled = new Set<vscode.TextEditor>();

  constructor(private readonly document: vscode.TextDocument) {}

  /** Shows these texts in place of those that were shown before. */
  show(coming: readonly PendingText[]): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === this.document) {
        this.showIn(editor, coming);
      }
    }
  }

  dispose(): void {
    this.rows.dispose();
    this.replaced.dispose();
  }

  private showIn(editor: vscode.TextEditor, coming: readonly PendingText[]): void {
    const rows = coming.flatMap(({ text, place }) => {
      const found = previewRows(withoutTabs(text, editor), {
        first: Math.max(FEWEST_COLUMNS, COLUMNS - place.character),
        columns: COLUMNS,
        rows: ROWS,
      });
      if (found.length > 1) {
        this.makeRoom(editor, place);
      }
      return found.map((row, index) => decorationOf(row, index, place));
    });
    editor.setDecorations(this.rows, rows);
    editor.setDecorations(
      this.replaced,
      coming.flatMap(({ replaced }) => replaced ?? []),
    );
  }

  /** Scrolls, once, where rows below a place in sight might not be. */
  private makeRoom(editor: vscode.TextEditor, place: vscode.Position): void {
    const visible = editor.visibleRanges.find((range) => range.contains(place));
    if (!visible || this.scrolled.has(editor)) {
      return;
    }
    this.scrolled.add(editor);
    if (place.line > (visible.start.line + visible.end.line) / 2) {
      const here = new vscode.Range(place, place);
      editor.revealRange(here, vscode.TextEditorRevealType.InCenter);
    }
  }
}

function decorationOf(
  row: string,
  index: number,
  place: vscode.Position,
): vscode.DecorationOptions {
  const shared = {
    contentText: visible(row),
    // Where a high-contrast theme has no background for it, this tells it from what is written.
    fontStyle: 'italic',
    color: new vscode.ThemeColor('editor.foreground'),
  };
  const inserted = 'diffEditor.insertedTextBackground';
  return {
    range: new vscode.Range(place, place),
    renderOptions: {
      after:
        index === 0
          ? { ...shared, backgroundColor: new vscode.ThemeColor(inserted) }
          : { ...shared, textDecoration: belowTheLine(index) },
    },
  };
}

/**
 * The editor's interface puts decorations into lines alone. This value of `text-decoration` goes on
 * with declarations that put a row below its line, over the text there. An editor that reads no more
 * than the first word shows the rows one after the other.
 */
function belowTheLine(row: number): string {
  const inserted = 'var(--vscode-diffEditor-insertedTextBackground, transparent)';
  return [
    'none',
    'position: absolute',
    `top: ${row * 100}%`,
    'left: 0',
    'z-index: 1',
    `min-width: ${COLUMNS}ch`,
    `background: linear-gradient(${inserted} 0 0) var(--vscode-editor-background)`,
  ].join('; ');
}

function withoutTabs(text: string, { options: { tabSize } }: vscode.TextEditor): string {
  return text.replaceAll('\t', ' '.repeat(typeof tabSize === 'number' ? tabSize : 4));
}

/** A row as CSS shows it: it drops blanks, and a decoration without text. */
function visible(row: string): string {
  return row.replaceAll(' ', '\u00a0').replaceAll(/\p{Cc}/gu, '') || '\u00a0';
}
