import type { HeadMap, Thumbnails, TraceSummary } from './attention';

/** Which head of which site is shown. */
export interface HeadChoice {
  site: string;
  head: number;
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
      /** Sentences the user should know, e.g. that the text was cut. */
      notes: string[];
      choice: HeadChoice;
    }
  | { kind: 'failed'; message: string; canRetry: boolean };

/** What the attention view may ask of its host. */
export interface AttentionPanelHost {
  /** Called once the view can take messages; answers what to show. */
  ready(): AttentionPanelState;
  thumbnails(params: { trace: string; site: string; size: number }): Thumbnails;
  headMap(params: { trace: string } & HeadChoice): HeadMap;
  /** The user opened a head: hovers and other views follow. */
  chooseHead(params: HeadChoice): void;
  /** Selects a token's characters in the editor. Index into the trace's tokens. */
  revealToken(params: { token: number }): void;
  /** Runs Trace Attention on the editor's selection. */
  traceSelection(): void;
  /** Traces the same text once more, after a failure. */
  retry(): void;
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
  retry: string;
  /** "{0} layers × {1} heads · {2} tokens" */
  shape: string;
  overview: string;
  /** "Layer {0}" */
  layer: string;
  /** "Head {0}" */
  head: string;
  /** "Layer {0}, head {1}" */
  layerHead: string;
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
  /** Title of the vertical axis, "Query: the token that looks". */
  query: string;
  /** Title of the horizontal axis, "Key: the token looked at". */
  key: string;
  probability: string;
  /** "“{0}” attends to “{1}”: {2}" */
  readout: string;
  /** "“{0}” cannot see “{1}”, which comes later": the readout of a masked cell. */
  readoutMasked: string;
  /** Shown while no cell is pointed at. */
  readoutHint: string;
  /** Label of the heat map for screen readers, with how to move: "{0}" is the head. */
  mapLabel: string;
  loading: string;
  /** A failure as a sentence, "{0}: {1}.": what is wrong, what to do. */
  failure: string;
  /** The same with the place between them, "{0} ({1}): {2}." */
  failureAt: string;
  /** A failure of the connection, what and what to do: "Headlight did not answer within {0} seconds". */
  noAnswer: string;
  /** "try again, or reload the window" */
  noAnswerTodo: string;
  /** "Kind of attention": names for self, masked, cross. */
  kinds: { self: string; masked: string; cross: string };
}
