import { isEncoderDecoder, type TraceSummary, type HeadChoice } from '../../src/shared/attention';
import type { AttentionPanelStrings } from '../../src/shared/attentionPanel';
import type { ColorMap } from '../ui/colorMap';
import { element } from '../ui/element';
import { fill } from '../ui/sentence';
import { tokenText } from '../ui/tokenStrip';
import type { TraceContext, TraceState } from './context';
import { HeadDetail } from './headDetail';
import { ReferenceCheck } from './referenceCheck';
import type { Memory } from './memory';
import { Overview } from './overview';
import { groupOf } from './siteGroups';

/** One trace: what it is of, all its heads, and one of them in detail. */
export class TraceView {
  readonly element: HTMLElement;
  private readonly header = element('div', 'trace-about');
  private readonly check: ReferenceCheck;
  private readonly overview: Overview;
  private readonly detail: HeadDetail;
  private readonly listening = new AbortController();
  private choice: HeadChoice;
  private frame = 0;

  /** @param memory what was remembered of this very trace */
  constructor(
    private readonly state: TraceState,
    private readonly context: TraceContext,
    private memory: Memory | undefined,
  ) {
    this.choice = state.choice;
    const { host } = context;
    this.check = new ReferenceCheck(context.strings, {
      onStart: () => context.act(host.verify()),
      onStop: () => context.act(host.stopChecking()),
    });
    this.overview = new Overview(state.trace, context, (choice) => this.open(choice));
    this.detail = new HeadDetail(state, context, {
      onCursor: () => this.remember(),
      onReveal: (token) => context.act(context.host.revealToken(token)),
      onSettled: () => this.settle(),
    });
    this.element = element(
      'main',
      'trace',
      {},
      element('header', 'trace-header', {}, this.header, this.check.element),
      this.overview.element,
      this.detail.element,
    );
    this.element.style.setProperty('--overview-width', `${this.overview.widest}px`);
    this.describe(state);
    this.overview.choose(this.choice);
    const cursor = memory && isSame(memory.choice, this.choice) ? memory.cursor : undefined;
    this.detail.show(this.choice, cursor);
  }

  /**
   * Takes over a newer state of the same trace, and leaves everything else as it stands.
   *
   * @returns false if it is about another trace
   */
  update(state: TraceState): boolean {
    if (state.trace.trace !== this.state.trace.trace) {
      return false;
    }
    this.describe(state);
    if (!isSame(state.choice, this.choice)) {
      this.choose(state.choice);
    }
    return true;
  }

  recolor(colors: ColorMap): void {
    this.overview.recolor(colors);
    this.detail.recolor(colors);
  }

  /** Ends everything that goes on for this trace; answers that come later are left unused. */
  dispose(): void {
    this.listening.abort();
    cancelAnimationFrame(this.frame);
    this.overview.dispose();
    this.detail.dispose();
  }

  private open(choice: HeadChoice): void {
    this.choose(choice);
    this.context.act(this.context.host.chooseHead(choice));
  }

  private choose(choice: HeadChoice): void {
    this.choice = choice;
    this.overview.choose(choice);
    this.detail.show(choice, undefined);
    this.remember();
  }

  private describe({ trace, document: name, notes, check, effect, scores }: TraceState): void {
    this.check.show(check);
    this.detail.answer(effect);
    this.detail.answerScores(scores);
    this.header.replaceChildren(
      element(
        'div',
        'trace-title',
        {},
        element('h1', '', { title: trace.model.name }, trace.model.name),
        element('span', 'quiet', { title: name }, name),
      ),
      element('p', 'quiet', {}, shapeOf(trace, this.context.strings)),
    );
    if (isEncoderDecoder(trace)) {
      this.header.append(resultOf(trace, this.context.strings));
    }
    if (notes.length > 0) {
      const items = notes.map((note) => element('li', '', {}, note));
      this.header.append(element('ul', 'notes', {}, ...items));
    }
  }

  /** The first map stands: now the page has its height and scroll positions mean something. */
  private settle(): void {
    if (this.listening.signal.aborted) {
      return;
    }
    if (this.memory === undefined) {
      this.overview.reveal();
    } else {
      const { page, overviewLeft, overviewTop, detail } = this.memory.scroll;
      this.overview.scroller.scrollTo(overviewLeft, overviewTop);
      this.detail.element.scrollTo(0, detail);
      window.scrollTo(0, page);
      this.memory = undefined;
    }
    for (const scroller of [window, this.overview.scroller, this.detail.element]) {
      const { signal } = this.listening;
      scroller.addEventListener('scroll', () => this.remember(), { passive: true, signal });
    }
    this.remember();
  }

  /** Once a frame at most: every change of the state is a message to the workbench. */
  private remember(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.save());
  }

  private save(): void {
    const { scroller } = this.overview;
    const { cursor } = this.detail;
    this.context.remember({
      trace: this.state.trace.trace,
      choice: this.choice,
      ...(cursor && { cursor }),
      scroll: {
        page: window.scrollY,
        overviewLeft: scroller.scrollLeft,
        overviewTop: scroller.scrollTop,
        detail: this.detail.element.scrollTop,
      },
    });
  }
}

/** How many layers, heads and tokens there are. */
function shapeOf({ sites, sequences }: TraceSummary, strings: AttentionPanelStrings): string {
  const heads = Math.max(0, ...sites.map((site) => site.heads));
  const { encoder = [], decoder = [] } = sequences;
  if (!isEncoderDecoder({ sequences })) {
    return fill(strings.shape, sites.length, heads, encoder.length + decoder.length);
  }
  const layers = (group: string) => sites.filter((site) => groupOf(site) === group).length;
  return fill(
    strings.shapeOfBoth,
    layers('encoder'),
    layers('decoder'),
    heads,
    encoder.length,
    decoder.length,
  );
}

/** What the decoder read, which is what the model answers: its tokens but for the special ones. */
function resultOf({ sequences }: TraceSummary, strings: AttentionPanelStrings): HTMLElement {
  const tokens = sequences.decoder?.filter(({ special }) => !special) ?? [];
  return element(
    'p',
    'result',
    {},
    element('span', 'result-title quiet', {}, strings.sequences.decoder),
    tokens.length === 0 ? element('span', 'quiet', {}, strings.emptyResult) : tokenText(tokens),
  );
}

function isSame(one: HeadChoice, other: HeadChoice): boolean {
  return one.site === other.site && one.head === other.head;
}
