import * as vscode from 'vscode';
import {
  isEncoderDecoder,
  type Component,
  type TraceSummary,
  type HeadChoice,
} from '../shared/attention';
import type { TokenChoice } from '../shared/attentionPanel';
import { applyDocumentChange, rangeBetween } from './editor/documentChanges';
import { TokenHighlight } from './editor/tokenHighlight';
import { TrackedText } from './editor/trackedText';
import { findOnce, initialHeadChoice, sourceComponent, type ChosenHead } from './tracedSequence';

/** Where a text of a trace is in a document. */
export interface TracedLocation {
  document: vscode.TextDocument;
  /** Where the text stands now, if it still does. */
  range: TrackedText;
}

/** A trace and the places of its texts. */
export interface LocatedTrace {
  summary: TraceSummary;
  /** Where the text stands that was handed in. */
  source: TracedLocation;
  /**
   * By sequence, the source's included. That of a result is missing where the result stands in no document.
   */
  locations: Partial<Record<Component, TracedLocation>>;
  /** The head that hovers and the panel show. */
  choice: HeadChoice;
}

/** The trace that is shown. There is one at a time; it stays with its texts while they are edited. */
export class CurrentTrace implements vscode.Disposable {
  private current: LocatedTrace | undefined;
  /** The place of the text that was handed in last; its trace may still be on its way. */
  private latestPlace: TracedLocation | undefined;
  /** The head that the user chose last. */
  private chosen: ChosenHead | undefined;
  private readonly highlight = new TokenHighlight();
  private readonly turns = new vscode.EventEmitter<void>();
  /** The traced text was changed, or stands there again as it was traced. */
  readonly onDidChangeStale = this.turns.event;
  private readonly listener = vscode.workspace.onDidChangeTextDocument((event) => {
    const wasStale = this.isStale;
    const { encoder, decoder } = this.current?.locations ?? {};
    const places = [this.latestPlace, this.current?.source, encoder, decoder].filter(
      (place) => place?.document === event.document,
    );
    for (const range of new Set(places.map((place) => place?.range))) {
      if (range) {
        applyDocumentChange(range, event);
      }
    }
    if (this.isStale !== wasStale) {
      this.turns.fire();
    }
  });

  get latest(): LocatedTrace | undefined {
    return this.current;
  }

  /** Whether the text of the latest trace has been changed since. */
  get isStale(): boolean {
    return this.current !== undefined && !this.current.source.range.intact;
  }

  /**
   * Tracks a text from the moment that it is given to the model.
   * @param start where the text begins in its document.
   */
  track(document: vscode.TextDocument, start: number, end: number): TracedLocation {
    const text = document.getText(rangeBetween(document, start, end));
    this.latestPlace = { document, range: new TrackedText(text, start) };
    return this.latestPlace;
  }

  /** Makes a trace the one that is shown. A result is looked for in the editors that are open. */
  show(summary: TraceSummary, source: TracedLocation): void {
    const result =
      isEncoderDecoder(summary) && summary.target ? placeOf(summary.target, source) : undefined;
    this.highlight.clear();
    this.current = {
      summary,
      source,
      locations: { [sourceComponent(summary)]: source, ...(result && { decoder: result }) },
      choice: initialHeadChoice(summary, this.chosen),
    };
  }

  /** Chooses another head, also for later traces of the same model. */
  choose(choice: HeadChoice): void {
    if (this.current) {
      this.current.choice = choice;
      this.chosen = { model: this.current.summary.model.folder, choice };
    }
  }

  /** What stands before and behind the traced text; undefined where its document is closed. */
  furtherTexts(): string[] | undefined {
    const { document, range } = this.current?.source ?? {};
    if (!document || document.isClosed || !range) {
      return undefined;
    }
    const text = document.getText();
    return [text.slice(0, range.start), text.slice(range.end)];
  }

  /** Shows a token's characters in an editor. Does nothing when the text was changed since. */
  async reveal({ component, token: index }: TokenChoice): Promise<void> {
    const { summary, locations } = this.current ?? {};
    const { document, range } = locations?.[component] ?? {};
    const token = summary?.sequences[component]?.[index];
    if (!document || document.isClosed || !range?.intact || !token) {
      return;
    }
    const { start } = range;
    await this.highlight.show(
      document,
      rangeBetween(document, start + token.start, start + token.end),
    );
  }

  dispose(): void {
    this.listener.dispose();
    this.turns.dispose();
    this.highlight.dispose();
  }
}

/**
 * Where a text stands in one of the visible editors, outside its source, if it does so in one of
 * them alone.
 */
function placeOf(text: string, source: TracedLocation): TracedLocation | undefined {
  const documents = new Set(vscode.window.visibleTextEditors.map(({ document }) => document));
  const places = Array.from(documents).flatMap((document) => {
    const except = document === source.document ? source.range : undefined;
    const start = findOnce(text, document.getText(), except);
    return start === undefined ? [] : [{ document, range: new TrackedText(text, start) }];
  });
  return places.length === 1 ? places[0] : undefined;
}
