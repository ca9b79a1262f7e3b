import * as vscode from 'vscode';
import type { TraceSummary } from '../shared/attention';
import type { HeadChoice } from '../shared/attentionPanel';
import { TrackedRange } from './editor/trackedRange';

/** The place in a document that a traced text comes from. */
export interface TracedPlace {
  document: vscode.TextDocument;
  /** Where the text stands now. */
  range: TrackedRange;
}

/** A trace and the place of its text. */
export interface TracedText extends TracedPlace {
  summary: TraceSummary;
  /** The head that hovers and the panel speak of. */
  choice: HeadChoice;
}

/** The trace that is shown. There is one at a time; it stays with its text while that is edited. */
export class TracedTexts implements vscode.Disposable {
  private current: TracedText | undefined;
  /** The place of the text that was handed in last; its trace may still be on its way. */
  private latestPlace: TracedPlace | undefined;
  private readonly listener = vscode.workspace.onDidChangeTextDocument(
    ({ document, contentChanges }) => {
      const places = [this.latestPlace, this.current].filter(
        (place) => place?.document === document,
      );
      for (const range of new Set(places.map((place) => place?.range))) {
        for (const { rangeOffset, rangeLength, text } of contentChanges) {
          range?.apply({ offset: rangeOffset, removed: rangeLength, inserted: text.length });
        }
      }
    },
  );

  get latest(): TracedText | undefined {
    return this.current;
  }

  /**
   * Keeps an eye on a text from the moment that it is handed to the model.
   * @param start where the text begins in its document.
   */
  track(document: vscode.TextDocument, start: number, end: number): TracedPlace {
    this.latestPlace = { document, range: new TrackedRange(start, end) };
    return this.latestPlace;
  }

  /** Makes a trace the one that is shown. */
  show(summary: TraceSummary, { document, range }: TracedPlace): void {
    const [site] = summary.sites;
    this.current = { summary, document, range, choice: { site: site?.id ?? '', head: 0 } };
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
