import * as vscode from 'vscode';
import type { TextRange } from '../../shared/text';
import { DocumentResultWriter } from './documentResultWriter';
import { InlineResultWriter, type InlinePlacement } from './inlineResultWriter';
import type { ResultDocumentOptions, ResultDocuments } from './resultDocuments';
import type { ResultWriter, WritingStopReason } from './resultWriter';
import type { UnsureWordDecorations } from './unsureWordDecorations';

/** Makes the writers that commands hand their results to, and knows those at work. */
export class ResultWriters {
  private readonly placed = new Map<string, InlineResultWriter>();

  constructor(
    private readonly documents: ResultDocuments,
    private readonly marks: UnsureWordDecorations,
  ) {}

  /** A writer for places in a document. There is one at a time in each. */
  inDocument(
    document: vscode.TextDocument,
    sources: readonly TextRange[],
    placing: InlinePlacement,
    onEnd: (end: WritingStopReason) => void,
  ): ResultWriter {
    const name = document.uri.toString();
    const writer = new InlineResultWriter(document, sources, placing, this.marks, onEnd, () =>
      this.placed.delete(name),
    );
    this.placed.set(name, writer);
    if (vscode.window.activeTextEditor?.document === document) {
      // As typing does: else opening another file would close a tab that is a mere preview.
      void vscode.commands.executeCommand('workbench.action.keepEditor');
    }
    return writer;
  }

  /** A writer for a document beside the one that `options` name. */
  beside(
    options: ResultDocumentOptions,
    count: number,
    onEnd: (end: WritingStopReason) => void,
  ): ResultWriter {
    return new DocumentResultWriter(this.documents, options, count, onEnd);
  }

  /** Hands a text over that could not be written. */
  async show(text: string, options: ResultDocumentOptions): Promise<void> {
    await this.documents.open(text, options);
  }

  /** What has come so far of results that are to be written into a document. */
  comingText(uri: vscode.Uri): string {
    return this.placed.get(uri.toString())?.text ?? '';
  }
}
