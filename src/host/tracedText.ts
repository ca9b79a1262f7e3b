import * as vscode from 'vscode';
import type { TraceSummary } from '../shared/attention';
import type { HeadChoice } from '../shared/attentionPanel';
import { TrackedRange } from './editor/trackedRange';

/** A trace and the place in a document that its text comes from. */
export interface TracedText {
  summary: TraceSummary;
  document: vscode.TextDocument;
  /** Where the text stands now. */
  range: TrackedRange;
  /** The head that hovers and the panel speak of. */
  choice: HeadChoice;
}

/** The trace that is shown. There is one at a time; it stays with its text while that is edited. */
export class TracedTexts implements vscode.Disposable {
  private current: TracedText | undefined;
  private readonly listener = vscode.workspace.onDidChangeTextDocument(
    ({ document, contentChanges }) => {
      if (document !== this.current?.document) {
        return;
      }
      for (const { rangeOffset, rangeLength, text } of contentChanges) {
        this.current.range.apply({
          offset: rangeOffset,
          removed: rangeLength,
          inserted: text.length,
        });
      }
    },
  );

  get latest(): TracedText | undefined {
    return this.current;
  }

  /** @param start where the text begins in its document. */
  set(
    summary: TraceSummary,
    document: vscode.TextDocument,
    start: number,
    end: number,
  ): TracedText {
    const [site] = summary.sites;
    this.current = {
      summary,
      document,
      range: new TrackedRange(start, end),
      choice: { site: site?.id ?? '', head: 0 },
    };
    return this.current;
  }

  /** Makes another head the one that is spoken of. */
  choose(choice: HeadChoice): void {
    if (this.current) {
      this.current.choice = choice;
    }
  }

  /** Selects a token's characters in an editor. Does nothing when the text was changed since. */
  async reveal(token: number): Promise<void> {
    const { summary, document, range } = this.current ?? {};
    const place = summary?.tokens[token];
    if (!document || document.isClosed || !range?.intact || !place) {
      return;
    }
    const selection = new vscode.Range(
      document.positionAt(range.start + place.start),
      document.positionAt(range.start + place.end),
    );
    await vscode.window.showTextDocument(document, { selection, preserveFocus: true });
  }

  dispose(): void {
    this.listener.dispose();
  }
}
