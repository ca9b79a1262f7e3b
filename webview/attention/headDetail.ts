import {
  isEncoderDecoder,
  keyTokens,
  queryTokens,
  type AttentionSite,
  type HeadChoice,
  type HeadOrMean,
  type HeadPlace,
} from '../../src/shared/attention';
import type {
  ExplainedSentence,
  HeadEffect as Effect,
  ShownHead,
  TokenChoice,
} from '../../src/shared/attentionPanel';
import { distinctLabels, tokenLabels } from '../../src/shared/tokenLabel';
import type { ColorMap } from '../ui/colorMap';
import { element } from '../ui/element';
import type { GridPosition } from '../ui/gridMovement';
import { HeatMap, type LabelledGrid } from '../ui/heatMap';
import type { Size } from '../ui/plotLayout';
import { AlignmentStrips } from './alignmentStrips';
import type { TraceContext, TraceState } from './context';
import { explainedSentences } from './explanation';
import { FigureList } from './figureList';
import { figuresOf } from './figures';
import { HeadEffect } from './headEffect';
import { HeadScores } from './headScores';
import { headName, mapWords } from './mapWords';
import { failureMessage, messageOf } from './messages';
import { revealedSide, sidesOf } from './siteGroups';

/** What the detail tells the trace around it. */
export interface DetailListener {
  onCursor(): void;
  onReveal(token: TokenChoice): void;
  /** The first head stands, or has failed to. */
  onSettled(): void;
}

/** One head: its name, its figures, its map. */
export class HeadDetail {
  readonly element: HTMLElement;
  /** The keyboard's cell in the map. */
  cursor: GridPosition | undefined;
  private readonly head = element('header', 'detail-header');
  private readonly reading = element('p', 'reading');
  private readonly figures = new FigureList();
  /** Absent where there are two texts: what is copied from one to the other is another matter. */
  private readonly scores: HeadScores | undefined;
  private readonly effect: HeadEffect;
  private choice: HeadChoice | undefined;
  /** What the reference Transformer said last. */
  private latest: Effect | undefined;
  private readonly body = element('div', 'detail-body');
  private readonly map: HeatMap;
  private readonly sizes = new ResizeObserver(() => this.fit());
  private readonly wide = window.matchMedia('(min-width: 640px)');
  private colors: ColorMap;
  private grid: LabelledGrid | undefined;
  /** The site that the map on screen is of, and its token strips, if it has any. */
  private site: AttentionSite | undefined;
  private strips: AlignmentStrips | undefined;
  /** Counts the heads asked for: an answer to any but the last one comes too late. */
  private request = 0;
  private frame = 0;
  private room: Size = { width: 0, height: 0 };
  private settled = false;

  constructor(
    private readonly state: TraceState,
    private readonly context: TraceContext,
    private readonly listener: DetailListener,
  ) {
    this.colors = context.colors;
    this.map = new HeatMap(context.strings, {
      onCursor: (cursor) => {
        this.cursor = cursor;
        listener.onCursor();
      },
      onPoint: (shown) => this.strips?.follow(shown),
      onReveal: (position) => this.revealCell(position),
    });
    this.effect = new HeadEffect(context.strings, {
      onStart: () => this.askOfHead((head) => context.host.ablate(head)),
      onMore: () => this.askOfHead((head) => context.host.ablateElsewhere(head)),
      onStop: () => context.act(context.host.stopChecking()),
    });
    this.scores = isEncoderDecoder(state.trace)
      ? undefined
      : new HeadScores(context.strings, {
          onStart: () => context.act(context.host.measureScores()),
          onStop: () => context.act(context.host.stopChecking()),
          ask: () => this.askScores(),
          fail: (error) => messageOf(error, context.strings),
        });
    this.element = element(
      'section',
      'detail',
      {},
      this.head,
      this.reading,
      ...(this.scores === undefined ? [] : [this.scores.element]),
      this.effect.element,
      this.figures.element,
      this.body,
    );
    this.sizes.observe(this.element);
  }

  /** Fetches and shows a head. The one before it stays on screen, dimmed, until then. */
  show(choice: HeadChoice, cursor: GridPosition | undefined): void {
    const site = this.state.trace.sites.find((candidate) => candidate.id === choice.site);
    this.cursor = cursor;
    this.choice = choice;
    this.answer(this.latest);
    if (site === undefined) {
      for (const part of [this.head, this.reading, this.figures.element, this.body]) {
        part.replaceChildren();
      }
      return;
    }
    this.describe(site, choice.head);
    void this.load(site, choice);
    this.scores?.follow();
  }

  /** Takes in whether the heads were measured on random tokens. */
  answerScores(scores: TraceState['scores']): void {
    this.scores?.show(scores);
  }

  /** Takes in what the reference Transformer said last of a head, which may be another one. */
  answer(effect: Effect | undefined): void {
    this.latest = effect;
    if (this.choice !== undefined) {
      this.effect.show(effect, this.choice);
    }
  }

  recolor(colors: ColorMap): void {
    this.colors = colors;
    this.strips?.recolor(colors);
    this.draw();
  }

  dispose(): void {
    this.request++;
    cancelAnimationFrame(this.frame);
    this.sizes.disconnect();
  }

  /** Asks something of the head on screen, unless a mean is. */
  private askOfHead(ask: (head: HeadPlace) => Promise<void>): void {
    const { site = '', head = 'mean' } = this.choice ?? {};
    if (head !== 'mean') {
      this.context.act(ask({ site, head }));
    }
  }

  private describe(site: AttentionSite, head: HeadOrMean): void {
    const { strings } = this.context;
    this.head.replaceChildren(
      element('h2', '', {}, headName(site, head, this.state.trace, strings)),
      element('code', 'quiet', {}, `${site.id}.hook_pattern`),
    );
    const statistics = head === 'mean' ? undefined : site.statistics[head];
    this.figures.show(statistics === undefined ? [] : figuresOf(statistics, site, strings));
  }

  private async askScores(): Promise<ExplainedSentence[]> {
    const { context, state } = this;
    const { site = '', head = 'mean' } = this.choice ?? {};
    return head === 'mean'
      ? []
      : [await context.host.headScores({ trace: state.trace.trace, site, head })];
  }

  private async load(site: AttentionSite, choice: HeadChoice): Promise<void> {
    const request = ++this.request;
    this.body.setAttribute('aria-busy', 'true');
    if (this.body.childElementCount === 0) {
      this.body.append(element('p', 'quiet', {}, this.context.strings.loading));
    }
    try {
      const map = await this.context.host.headMap({ trace: this.state.trace.trace, ...choice });
      if (request === this.request) {
        this.present(map, site, choice.head);
      }
    } catch (error) {
      if (request === this.request) {
        this.grid = undefined;
        this.site = undefined;
        const onRetry = this.context.recovery(error, () => void this.load(site, choice));
        const label = this.context.strings.retry;
        this.body.replaceChildren(
          failureMessage(messageOf(error, this.context.strings), { label, onRetry }),
        );
      }
    }
    if (request === this.request) {
      this.body.removeAttribute('aria-busy');
      if (!this.settled) {
        this.settled = true;
        this.listener.onSettled();
      }
    }
  }

  private present(map: ShownHead, site: AttentionSite, head: HeadOrMean): void {
    this.reading.replaceChildren(...explainedSentences(map.reading));
    if (head === 'mean') {
      this.figures.show(figuresOf(map.statistics, site, this.context.strings));
    }
    const maximum = map.values.reduce((largest, value) => Math.max(largest, value), 0);
    if (this.site !== site) {
      this.site = site;
      this.strips = site.kind === 'cross' ? this.makeStrips(site) : undefined;
      const strips = this.strips === undefined ? [] : [this.strips.element];
      this.body.replaceChildren(...strips, this.map.element);
    }
    this.strips?.show({ map, maximum });
    this.grid = this.label(map, maximum, site, head);
    this.draw();
  }

  private makeStrips(site: AttentionSite): AlignmentStrips {
    const { strings } = this.context;
    return new AlignmentStrips(site, this.state, strings, this.colors, {
      onPoint: (cells, readout) => this.map.mark(cells && { ...cells, readout }),
      onReveal: (token) => this.listener.onReveal(token),
    });
  }

  private label(
    { queries, keys, values, first }: ShownHead,
    maximum: number,
    site: AttentionSite,
    head: HeadOrMean,
  ): LabelledGrid {
    const { trace, inEditor } = this.state;
    const { strings } = this.context;
    const queryLabels = tokenLabels(queryTokens(trace.sequences, site));
    const columnLabels = tokenLabels(keyTokens(trace.sequences, site));
    return {
      ...mapWords(site, head, trace, inEditor, strings),
      rows: queries,
      columns: keys,
      values,
      maximum,
      causal: site.kind === 'masked',
      rowLabels: queryLabels.slice(first),
      rowNames: distinctLabels(queryLabels).slice(first),
      columnLabels,
      columnNames: distinctLabels(columnLabels),
      lineReadouts: this.strips?.sentences ?? [],
    };
  }

  private revealCell({ row, column }: GridPosition): void {
    if (this.site !== undefined) {
      const side = revealedSide(this.site);
      const component = sidesOf(this.site)[side];
      if (this.state.inEditor.includes(component)) {
        this.listener.onReveal({ component, token: side === 'query' ? row : column });
      }
    }
  }

  /** Redraws if there is other room now than the map was drawn for; its own height is none. */
  private fit(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      const { width, height } = this.measure();
      if (width !== this.room.width || height !== this.room.height) {
        this.draw();
      }
    });
  }

  private draw(): void {
    this.room = this.measure();
    if (this.grid !== undefined && this.room.width > 0) {
      this.map.show(this.grid, this.room, this.colors, this.cursor);
    }
  }

  private measure(): Size {
    const { clientHeight, clientWidth } = this.element;
    const { paddingLeft, paddingRight, paddingBottom } = getComputedStyle(this.element);
    const above = this.map.element.offsetTop - this.element.offsetTop;
    return {
      width: clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight),
      // Side by side with the overview the map keeps to the window; below it, it may be as high as
      // it is wide, for the page scrolls.
      height: this.wide.matches
        ? clientHeight - above - parseFloat(paddingBottom)
        : Number.POSITIVE_INFINITY,
    };
  }
}
