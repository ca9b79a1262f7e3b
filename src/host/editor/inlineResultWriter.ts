import * as vscode from 'vscode';
import type { UnsureWord } from '../../shared/generation';
import type { TextRange } from '../../shared/text';
import { applyDocumentChange, rangeBetween } from './documentChanges';
import { ResultPreview } from './resultPreview';
import type { ResultStream, ResultWriter, CompletedPart, WritingStopReason } from './resultWriter';
import { selectionsAfterInsert } from './selectionsAfter';
import { shownUri, tabShows, tabsOf } from './tabs';
import { TrackedText } from './trackedText';
import type { UnsureWordDecorations } from './unsureWordDecorations';

/** Where results go: behind their sources or in place of them. */
export type InlinePlacement = 'behind' | 'instead';

/** Attempts at the edit, which fails when another edit comes in between. */
const ATTEMPTS = 5;

/** Between two updates of the preview: the eye sees no steps. */
const SHOW_EVERY_MS = 40;

/**
 * Previews results at their places in a document and writes them at the end in a single edit. So there is
 * one undo step whatever happens to the document meanwhile, and no partial result is ever saved.
 */
export class InlineResultWriter implements ResultWriter {
  readonly streams: readonly InlineResult[];
  private readonly preview: ResultPreview;
  private readonly listeners: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  private writing = false;
  private ending: WritingStopReason | undefined;

  /**
   * @param sources texts of the document, in UTF-16 units; none is empty, and they do not overlap.
   * @param marks takes the words that the model was unsure of.
   * @param onEnd called once when nothing more can be written.
   * @param onDispose called when the writer is done with.
   */
  constructor(
    private readonly document: vscode.TextDocument,
    sources: readonly TextRange[],
    placing: InlinePlacement,
    private readonly marks: UnsureWordDecorations,
    private readonly onEnd: (end: WritingStopReason) => void,
    private readonly onDispose: () => void,
  ) {
    const uri = shownUri(document);
    this.preview = new ResultPreview(document);
    this.streams = sources.map(
      ({ start, end }) =>
        new InlineResult(
          new TrackedText(document.getText(rangeBetween(document, start, end)), start),
          placing,
          (place) => document.getText(rangeBetween(document, place.start, place.end)),
          () => this.showSoon(),
        ),
    );
    this.listeners = [
      vscode.workspace.onDidChangeTextDocument((event) => this.changed(event)),
      vscode.workspace.onDidCloseTextDocument((closed) => {
        // A document whose language changes is reported as closed too, and opened again.
        if (closed === this.document && closed.isClosed) {
          this.end('closed');
        }
      }),
      // The workbench may keep a document for minutes after its last tab was closed.
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (closed.some((tab) => tabShows(tab, uri)) && tabsOf(uri).length === 0) {
          this.end('closed');
        }
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.show()),
    ];
  }

  get fileName(): string {
    return this.document.fileName;
  }

  get text(): string {
    return textOf(this.streams);
  }

  get lost(): string {
    return textOf(this.streams.filter(({ written }) => !written));
  }

  async finish(): Promise<WritingStopReason | undefined> {
    this.writing = true;
    for (let attempt = 0; attempt < ATTEMPTS && !this.isClosed; attempt++) {
      const due = this.streams.filter(({ text, place }) => text !== '' && place);
      const { version } = this.document;
      const done = due.length === 0 || (await this.write(due));
      // A read-only editor says that it is done and has done nothing.
      if (done && (due.length === 0 || this.document.version !== version)) {
        due.forEach((result) => (result.written = true));
        return this.ending ?? (this.lost === '' ? undefined : this.reasonOfLoss);
      }
      if (this.document.version === version) {
        break;
      }
    }
    return this.isClosed ? 'closed' : 'read-only';
  }

  dispose(): void {
    this.onDispose();
    clearTimeout(this.timer);
    this.preview.dispose();
    for (const listener of this.listeners) {
      listener.dispose();
    }
  }

  private get reasonOfLoss(): WritingStopReason {
    return this.streams.some(({ isWithheld }) => isWithheld) ? 'unfinished' : 'source edited';
  }

  private get isClosed(): boolean {
    return this.document.isClosed || this.ending === 'closed';
  }

  private async write(results: readonly InlineResult[]): Promise<boolean> {
    const { document } = this;
    // The editor would turn line ends into those of the document, and selections would be off.
    const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
    const edits = results.flatMap((result) =>
      result.place
        ? [{ ...result.place, text: result.due.replaceAll(/\r\n|\r|\n/g, eol), result }]
        : [],
    );
    const editors = vscode.window.visibleTextEditors.filter((one) => one.document === document);
    const [editor] = editors;
    if (!editor) {
      const edit = new vscode.WorkspaceEdit();
      for (const { start, end, text } of edits) {
        edit.replace(document.uri, rangeBetween(document, start, end), text);
      }
      const done = await vscode.workspace.applyEdit(edit);
      if (done) {
        this.mark(edits);
      }
      return done;
    }
    const selections = editors.map((one) => selectionsAfterInsert(one, edits));
    const done = await editor
      .edit((edit) => {
        for (const { start, end, text } of edits) {
          edit.replace(rangeBetween(document, start, end), text);
        }
      })
      // An editor that was closed meanwhile.
      .then(undefined, () => false);
    if (done) {
      editors.forEach((one, index) => {
        const after = selections[index];
        if (after) {
          one.selections = after();
        }
      });
      this.mark(edits);
    }
    return done;
  }

  /** Marks words of results that were written, all of them at once. */
  private mark(
    edits: readonly { start: number; end: number; text: string; result: InlineResult }[],
  ): void {
    let grown = 0;
    for (const { start, end, text, result } of edits.toSorted((a, b) => a.start - b.start)) {
      if (result.unsure.length > 0) {
        this.marks.show(this.document, {
          start: start + grown,
          text: text.replaceAll('\r\n', '\n'),
          words: result.unsure,
        });
      }
      grown += text.length - (end - start);
    }
  }

  private changed(event: vscode.TextDocumentChangeEvent): void {
    if (event.document !== this.document || event.contentChanges.length === 0) {
      return;
    }
    for (const { tracked } of this.streams) {
      applyDocumentChange(tracked, event);
    }
    // While it is written the results themselves are what changes it.
    if (!this.writing) {
      if (this.streams.some(({ place }) => !place)) {
        this.end('source edited');
      }
      this.show();
    }
  }

  private showSoon(): void {
    this.timer ??= setTimeout(() => this.show(), SHOW_EVERY_MS);
  }

  private show(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.writing) {
      return;
    }
    const { document } = this;
    this.preview.show(
      this.streams.flatMap(({ text, place }) => {
        if (text === '' || !place) {
          return [];
        }
        const replaced = rangeBetween(document, place.start, place.end);
        return [{ text, place: replaced.start, ...(replaced.isEmpty ? {} : { replaced }) }];
      }),
    );
  }

  private end(end: WritingStopReason): void {
    if (!this.ending) {
      this.ending = end;
      this.onEnd(end);
    }
  }
}

function textOf(results: readonly InlineResult[]): string {
  return results.flatMap(({ text }) => (text === '' ? [] : [text])).join('\n\n');
}

/** One result on its way to its place. */
class InlineResult implements ResultStream {
  text = '';
  written = false;
  /** Whether it is not written, because it is unfinished and would replace all of its source. */
  isWithheld = false;
  /** The part to write, and the part of the source to replace; if absent, all of both. */
  private whole: CompletedPart | undefined;
  private words: readonly UnsureWord[] = [];

  constructor(
    readonly tracked: TrackedText,
    private readonly placing: InlinePlacement,
    private readonly textAt: (place: TextRange) => string,
    private readonly onText: () => void,
  ) {}

  append(text: string): void {
    this.text += text;
    this.onText();
  }

  breakOff(whole?: CompletedPart): void {
    if (this.placing === 'behind') {
      return;
    }
    if (whole === undefined || whole.length === 0) {
      this.isWithheld = true;
    } else {
      this.whole = whole;
    }
  }

  markUnsure(words: readonly UnsureWord[]): void {
    this.words = words;
  }

  /** Words that the model was unsure of, by their places in what is to be written, with line feeds. */
  get unsure(): UnsureWord[] {
    const { due } = this;
    const before = due.length - this.text.slice(0, this.whole?.length).length;
    return this.words
      .map((word) => ({ ...word, start: before + word.start, end: before + word.end }))
      .filter(({ end }) => end <= due.length);
  }

  /** What is to be written: the text, behind the blanks that a save may have trimmed off. */
  get due(): string {
    return this.placing === 'behind'
      ? this.tracked.trimmed + this.text
      : this.text.slice(0, this.whole?.length);
  }

  /** The range that the result replaces; undefined once it no longer exists. */
  get place(): TextRange | undefined {
    const { start, end, state, endless } = this.tracked;
    if (this.placing === 'behind') {
      return endless ? undefined : { start: end, end };
    }
    if (state === 'changed' || this.isWithheld) {
      return undefined;
    }
    const { whole } = this;
    return whole === undefined
      ? { start, end }
      : { start, end: start + lengthOf(whole.source, this.textAt({ start, end })) };
  }
}

/** The length of a beginning in a text that differs from it only in blanks and line ends. */
function lengthOf(beginning: string, text: string): number {
  let rest = beginning.replaceAll(/\s/g, '').length;
  let place = 0;
  while (rest > 0 && place < text.length) {
    rest -= /\s/.test(text.charAt(place)) ? 0 : 1;
    place += 1;
  }
  return place;
}
