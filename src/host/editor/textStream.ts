import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { TextRange } from '../../shared/text';
import { TrackedRange } from './trackedRange';

/** Why a stream can write no more. */
export type StreamEnd =
  /** Someone changed the text that the stream had written. */
  | 'edited'
  /** Someone changed the text that was to be replaced, before anything was written. */
  | 'source edited'
  /** The document is gone. */
  | 'closed'
  /** The document takes no changes. */
  | 'read-only';

/** Attempts at one edit: another one in between makes an edit fail, and the next one succeeds. */
const ATTEMPTS = 5;

/** Between two edits: the eye sees no difference, and edits of others get their turn. */
const PAUSE_MS = 40;

/** What a command writes its text with, piece by piece. */
export interface ResultStream {
  /** Everything that was handed over, written or not. */
  readonly text: string;
  /** Name of the document that takes the text; empty while there is none. */
  readonly fileName: string;
  /** Hands over more text; it is written as soon as that is possible. */
  append(text: string): void;
  /** Writes what is left and closes the undo step. Answers why not all could be written, if so. */
  finish(): Promise<StreamEnd | undefined>;
  dispose(): void;
}

/** An edit of our own that is under way. */
interface ExpectedEdit {
  offset: number;
  removed: number;
  text: string;
}

/**
 * Writes text into a document piece by piece, as one undo step; the first piece takes the place of
 * what stood there. Other changes of the document move the place of writing along. While no editor
 * shows the document the text is held back, because only an editor can add to an undo step; what is
 * left at the end is written all the same.
 */
export class TextStream implements ResultStream {
  private readonly range: TrackedRange;
  private readonly listeners: vscode.Disposable[];
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('diffEditor.insertedTextBackground'),
    outline: '1px dashed',
    // Set by high-contrast themes alone, which have no use for backgrounds.
    outlineColor: new vscode.ThemeColor('diffEditor.insertedTextBorder'),
  });
  private pending = '';
  private all = '';
  private expected: ExpectedEdit | undefined;
  private writing: Promise<void> | undefined;
  private started = false;
  private ending: StreamEnd | undefined;

  /**
   * @param place what the text replaces, in UTF-16 units; empty where it is inserted.
   * @param onEnd called once when the stream can write no more.
   */
  constructor(
    private readonly document: vscode.TextDocument,
    place: TextRange,
    private readonly onEnd: (end: StreamEnd) => void,
  ) {
    this.range = new TrackedRange(place.start, place.end);
    this.listeners = [
      vscode.workspace.onDidChangeTextDocument((event) => this.changed(event)),
      vscode.workspace.onDidCloseTextDocument((closed) => {
        // A document whose language changes is reported as closed too, and opened again.
        if (closed === this.document && closed.isClosed) {
          this.end('closed');
        }
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.write()),
    ];
  }

  get text(): string {
    return this.all;
  }

  get fileName(): string {
    return this.document.fileName;
  }

  /** Where the written text stands. */
  get written(): vscode.Range {
    return new vscode.Range(
      this.document.positionAt(this.range.start),
      this.document.positionAt(this.range.end),
    );
  }

  append(text: string): void {
    // The document would turn line ends into its own, and the range would be off.
    const eol = this.document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
    const fitting = text.replaceAll(/\r\n|\r|\n/g, eol);
    this.all += fitting;
    this.pending += fitting;
    this.write();
  }

  async finish(): Promise<StreamEnd | undefined> {
    await this.writing;
    if (this.pending !== '' && !this.ending) {
      await this.insertWithoutEditor();
    }
    const editor = this.editor;
    if (editor && this.started && !this.ending) {
      const { end } = this.written;
      await editor
        .edit((edit) => edit.insert(end, ''), { undoStopBefore: false, undoStopAfter: true })
        // An editor that was closed meanwhile; the text is written all the same.
        .then(undefined, () => false);
    }
    return this.ending;
  }

  dispose(): void {
    this.decoration.dispose();
    for (const listener of this.listeners) {
      listener.dispose();
    }
  }

  /** What the next piece takes the place of: after the first piece, the empty end of the text. */
  private get place(): TextRange {
    const { start, end } = this.range;
    return this.started ? { start: end, end } : { start, end };
  }

  private get editor(): vscode.TextEditor | undefined {
    return vscode.window.visibleTextEditors.find(({ document }) => document === this.document);
  }

  private write(): void {
    this.writing ??= this.writePending().finally(() => {
      this.writing = undefined;
    });
  }

  private async writePending(): Promise<void> {
    for (let attempt = 0; this.pending !== '' && !this.ending; attempt++) {
      const { editor } = this;
      if (!editor) {
        return;
      }
      if (attempt === ATTEMPTS) {
        this.end('read-only');
        return;
      }
      const text = this.pending;
      const place = this.expect(text);
      const { selection } = editor;
      const { version } = this.document;
      const follow = editor.visibleRanges.some((range) => range.contains(place.end));
      const done = await editor
        .edit((edit) => edit.replace(place, text), {
          undoStopBefore: !this.started,
          undoStopAfter: false,
        })
        // An editor that was closed meanwhile.
        .then(undefined, () => false);
      this.expected = undefined;
      // A read-only editor says that it is done and has done nothing.
      if (done && this.document.version !== version) {
        const inserted = !this.started && place.isEmpty;
        if (inserted && !selection.isEmpty && selection.end.isEqual(place.end)) {
          // A selection takes in what is inserted at its end.
          editor.selection = selection;
        }
        this.started = true;
        this.pending = this.pending.slice(text.length);
        attempt = -1;
        this.present(editor, follow);
        await sleep(PAUSE_MS);
      }
    }
  }

  /** Marks what is written so far, and scrolls along with it unless the user has scrolled away. */
  private present(editor: vscode.TextEditor, follow: boolean): void {
    const { written } = this;
    editor.setDecorations(this.decoration, [written]);
    if (follow) {
      const line = written.end.with({ character: 0 });
      editor.revealRange(new vscode.Range(line, line));
    }
  }

  private async insertWithoutEditor(): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    const text = this.pending;
    // An editor that shows the document from now on must not write it once more.
    this.pending = '';
    edit.replace(this.document.uri, this.expect(text), text);
    if (!(await vscode.workspace.applyEdit(edit))) {
      this.end(this.document.isClosed ? 'closed' : 'read-only');
    }
    this.expected = undefined;
  }

  private changed({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (document !== this.document) {
      return;
    }
    const { expected } = this;
    if (expected && isEdit(contentChanges, expected)) {
      this.range.extend(expected.text.length - expected.removed);
      this.expected = undefined;
      return;
    }
    for (const { rangeOffset, rangeLength, text } of contentChanges) {
      this.range.apply({ offset: rangeOffset, removed: rangeLength, inserted: text.length });
    }
    if (!this.range.intact) {
      this.end(this.started ? 'edited' : 'source edited');
    }
  }

  /** Makes ready for an edit of our own that writes `text`; answers what it replaces. */
  private expect(text: string): vscode.Range {
    const { start, end } = this.place;
    this.expected = { offset: start, removed: end - start, text };
    return new vscode.Range(this.document.positionAt(start), this.document.positionAt(end));
  }

  private end(end: StreamEnd): void {
    if (!this.ending) {
      this.ending = end;
      this.onEnd(end);
    }
  }
}

/** Whether changes are what became of an edit: the editor may leave out what stays the same. */
function isEdit(
  changes: readonly vscode.TextDocumentContentChangeEvent[],
  { offset, removed, text }: ExpectedEdit,
): boolean {
  const grown = changes.reduce((sum, change) => sum + change.text.length - change.rangeLength, 0);
  const within = changes.every(
    ({ rangeOffset, rangeLength }) =>
      rangeOffset >= offset && rangeOffset + rangeLength <= offset + removed,
  );
  const [first] = changes;
  return removed === 0
    ? changes.length === 1 && within && first?.text === text
    : changes.length > 0 && within && grown === text.length - removed;
}
