import type {
  AttentionKind,
  Component,
  HeadChoice,
  HeadPlace,
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
      scores?: Underway | { kind: 'done' };
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
export type Underway = { kind: 'running'; label: string } | { kind: 'failed'; message: string };

/** Whether the reference Transformer computes the same numbers, in translated words. */
export type TraceCheck =
  | Underway
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
export type HeadEffect = HeadPlace & (Underway | HeadEffectFound);

export interface HeadEffectFound {
  kind: 'done';
  sentences: ExplainedSentence[];
  /** What the button for further text of the document says when it is pointed at. */
  elsewhereHint: string;
  /** What further text of the document loses; absent until that is asked for. */
  elsewhere?: Underway | { kind: 'done'; sentences: ExplainedSentence[] };
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
  headScores(params: { trace: string } & HeadPlace): ExplainedSentence;
  /** The user opened a head: hovers and other views follow. */
  chooseHead(params: HeadChoice): void;
  /** Shows a token's characters in the editor, where selection and focus stay as they are. */
  revealToken(params: TokenChoice): void;
  /** Has the reference Transformer check the trace, whose state tells how that goes. */
  verify(): void;
  /** Has it find out what the text loses without a head. */
  ablate(params: HeadPlace): void;
  /** Has it find out the same of further text of the document. Goes on from what `ablate` found. */
  ablateElsewhere(params: HeadPlace): void;
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

/**
 * The view's words, translated by the host and handed over with the page.
 * `{0}`, `{1}` … are filled in by the view.
 */
export interface AttentionPanelStrings {
  emptyTitle: string;
  emptyHint: string;
  traceSelection: string;
  /** What the buttons of notices say. */
  remedies: Record<Remedy, string>;
  retry: string;
  /** "{0} layers × {1} heads · {2} tokens" */
  shape: string;
  /**
   * The same of an encoder–decoder model: "{0} encoder and {1} decoder layers × {2} heads · {3}
   * source and {4} result tokens".
   */
  shapeOfBoth: string;
  /** The result of an encoder–decoder model that wrote nothing. */
  emptyResult: string;
  overview: string;
  /** "Layer {0}" */
  layer: string;
  /** "Head {0}" */
  head: string;
  /** "Mean of the heads" */
  meanOfHeads: string;
  /** "Layer {0}, head {1}" */
  layerHead: string;
  /** The same where a model has several groups of layers: "Encoder layer {0}, head {1}" … */
  layerHeads: OfGroups;
  /** "Mean of cross-attention layer {0}": shown in cross attention alone. */
  layerMean: string;
  /** What the groups of layers are called on their tabs: "Encoder" … */
  groups: OfGroups;
  /** Which tokens look at which: "result → source" … */
  directions: OfGroups;
  /** What an encoder–decoder model's two texts are called: "Source", "Result". */
  sequences: Record<Component, string>;
  /**
   * What a screen reader says of a cell in the overview, and its tooltip:
   * "Layer {0}, head {1}: entropy {2}, mean largest probability {3}". {2} comes with its unit.
   */
  cellLabel: string;
  entropy: string;
  /** "{0} nats" */
  nats: string;
  maximum: string;
  distance: string;
  /** "{0} tokens" */
  tokens: string;
  onFirst: string;
  onSelf: string;
  onPrevious: string;
  /** What each figure means, with its unit and what little and much of it is, in sentences. */
  meanings: Record<FigureName, string>;
  /** Title of the vertical axis, "Query: the token that looks". */
  query: string;
  /** Title of the horizontal axis, "Key: the token looked at". */
  key: string;
  /** The axes' titles where there are two sequences: "Source tokens (queries)" … */
  queriesOf: Record<Component, string>;
  keysOf: Record<Component, string>;
  probability: string;
  /** What the colours of a map mean, as a sentence. */
  probabilityHint: string;
  /** "“{0}” attends to “{1}”: {2}" */
  readout: string;
  /** The same in cross-attention: "Result “{0}” attends to source “{1}”: {2}" */
  readoutCross: string;
  /** "“{0}” cannot see “{1}”, which comes later": the readout of a masked cell. */
  readoutMasked: string;
  /** Shown while no cell is pointed at. */
  readoutHint: string;
  /** The same where there are tokens to point at as well. */
  readoutHintCross: string;
  /** "Result “{0}” attends to source {1}"; {1} is a list of {@link weighted} tokens. */
  attendsMost: string;
  /** Of a token of the result that no row is about: "“{0}” begins the result and was not written". */
  notWritten: string;
  /** "Source “{0}” is attended to by result {1}" */
  attendedMost: string;
  /** "“{0}” {1}": a token and its probability. */
  weighted: string;
  /** Label of the heat map for screen readers, with how to move: "{0}" is the head. */
  mapLabel: string;
  /** The same where Enter shows the source token in the editor, and where it does nothing. */
  mapLabelCross: string;
  mapLabelAlone: string;
  loading: string;
  /** A failure as a sentence, "{0}: {1}.": what is wrong, what to do. */
  failure: string;
  /** The same with the place between them, "{0} ({1}): {2}." */
  failureAt: string;
  /** A failure of the connection, what and what to do: "Headlight did not answer within {0} seconds". */
  noAnswer: string;
  /** "try again, or reload the window" */
  noAnswerTodo: string;
  /** Buttons that ask the reference Transformer: "Verify", "What is this head good for?", "Stop". */
  verify: string;
  verifyHint: string;
  ablate: string;
  ablateHint: string;
  ablateElsewhere: string;
  stop: string;
  /** Button that asks what a head does on random tokens, and what that is for. */
  scores: string;
  scoresHint: string;
  /** "Kind of attention": names for self, masked, cross. */
  kinds: Record<AttentionKind, string>;
}

/** A figure of a head that the view shows. */
export type FigureName = Exclude<keyof HeadStatistics, 'information'>;

/** Something of each group of layers: the encoder's, the decoder's own, and those between them. */
export type OfGroups = Record<Component | 'cross', string>;
