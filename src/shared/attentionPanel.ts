import type {
  Component,
  HeadChoice,
  HeadId,
  HeadStatistics,
  Thumbnails,
  TraceSummary,
} from './attention';
import type { RowsOfTokens } from './resultRows';
import type { Verdict } from './verification';

/** A token of a trace: the index counts within the component's sequence. */
export interface TokenChoice {
  component: Component;
  token: number;
}

/** Everything the attention panel shows, apart from the maps, which it asks for. */
export type AttentionPanelState =
  | { kind: 'empty' }
  /** A trace is being made; `label` is a whole sentence. */
  | { kind: 'tracing'; label: string }
  | {
      kind: 'trace';
      trace: TraceSummary;
      /** Name of the document that the text comes from. */
      document: string;
      /** The sequences whose text stands in a document: their tokens can be shown there. */
      inEditor: Component[];
      /** Sentences the user should know, e.g. that the text was cut. */
      notes: string[];
      /** What has come between the trace and its text, or a newer trace that could not be made. */
      notice?: PanelNotice;
      choice: HeadChoice;
      /** What the reference Transformer says of the trace, once it was asked. */
      check?: TraceCheck;
      /** What it says of a head. */
      effect?: HeadEffect;
      /** Whether the heads were measured on random tokens; absent until that is asked for. */
      scores?: RunningRequest | { kind: 'done' };
    }
  | { kind: 'failed'; notice: PanelNotice };

/** Something the user should know and can do something about. */
export interface PanelNotice {
  /** A failure is read out at once. */
  kind: 'failure' | 'remark';
  /** Whole sentences. */
  message: string;
  /** What helps, the best first. */
  remedies: Remedy[];
}

/** Make the same trace again after a failure; trace the text as it is now; take another model. */
export type Remedy = 'retry' | 'traceAgain' | 'chooseModel';

/** A head as the view shows it. */
export interface ShownHead extends RowsOfTokens {
  /** What the head does and, in cross attention, which tokens its rows are about. */
  reading: ExplainedSentence[];
  statistics: HeadStatistics;
}

/** Long work that goes on, or that failed; both in whole sentences. */
export type RunningRequest =
  { kind: 'running'; label: string } | { kind: 'failed'; message: string };

/** Whether the reference Transformer computes the same numbers, in translated words. */
export type TraceCheck =
  | RunningRequest
  | {
      kind: 'done';
      verdict: Verdict;
      /** "Verified: |Δ| ≤ 1e-6" */
      badge: string;
      /** What was compared and what was not, in whole sentences, and what their figures mean. */
      explanation: ExplainedSentence[];
      /** The table with the layers: what it is of, and what its columns are. */
      title: string;
      columns: { part: string; value: string; limit: string };
      rows: { name: string; value: string; limit: string; meaning: string }[];
    };

/** What a trace's text loses without a head, in translated words. */
export type HeadEffect = HeadId & (RunningRequest | HeadEffectFound);

export interface HeadEffectFound {
  kind: 'done';
  sentences: ExplainedSentence[];
  /** What the button for further text of the document says when it is pointed at. */
  elsewhereHint: string;
  /** What further text of the document loses; absent until that is asked for. */
  elsewhere?: RunningRequest | { kind: 'done'; sentences: ExplainedSentence[] };
}

/** A sentence, and what its figures mean, with their units, for whoever points at it. */
export interface ExplainedSentence {
  text: string;
  meaning?: string;
}

/** What the attention view may ask of its host. */
export interface AttentionPanelHost {
  /** Called once the view can take messages; answers what to show. */
  ready(): AttentionPanelState;
  thumbnails(params: { trace: string; site: string; size: number }): Thumbnails;
  headMap(params: { trace: string } & HeadChoice): ShownHead;
  /** Has all heads measured on random tokens that are repeated, whose state tells how that goes. */
  measureScores(): void;
  /** What that says of a head. */
  headScores(params: { trace: string } & HeadId): ExplainedSentence;
  /** The user opened a head: hovers and other views follow. */
  chooseHead(params: HeadChoice): void;
  /** Shows a token's characters in the editor, where selection and focus stay as they are. */
  revealToken(params: TokenChoice): void;
  /** Has the reference Transformer check the trace, whose state tells how that goes. */
  verify(): void;
  /** Has it find out what the text loses without a head. */
  ablate(params: HeadId): void;
  /** Has it find out the same of further text of the document. Goes on from what `ablate` found. */
  ablateElsewhere(params: HeadId): void;
  /** Ends what the reference Transformer is at, or the measurement on random tokens. */
  stopChecking(): void;
  /** Runs Trace Attention on the editor's selection. */
  traceSelection(): void;
  /** Traces once more: what could not be traced, or the traced text as it stands there now. */
  retry(): void;
  /** Lets the user choose the model that traces, and traces once more with it. */
  chooseModel(): void;
}

/** What the host may ask of the attention view. */
export interface AttentionPanelView {
  show(state: AttentionPanelState): void;
}
