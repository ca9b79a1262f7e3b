import type { AttentionKind, AttentionSite, TraceSummary } from '../../src/shared/attention';
import type { HeadChoice } from '../../src/shared/attentionPanel';
import type { ColorMap } from '../ui/colorMap';
import { element } from '../ui/element';
import { moveInGrid, type GridPosition } from '../ui/gridMovement';
import { fill } from '../ui/sentence';
import type { TraceContext } from './context';
import { LayerRow } from './layerRow';
import { failureMessage, messageOf } from './messages';

/** All heads of a trace: a row for each layer, a thumbnail for each head. */
export class Overview {
  readonly element: HTMLElement;
  /** CSS pixels that the overview can make use of at most. */
  readonly widest: number;
  /** The box that scrolls when there are more heads than fit. */
  readonly scroller: HTMLElement;
  private readonly grid = element('div', 'heads', { role: 'grid' });
  private readonly failure = element('div', '');
  private readonly rows: LayerRow[];
  private readonly columnLabels: HTMLElement[];
  private readonly wanted: LayerRow[] = [];
  private readonly sizes = new ResizeObserver(() => this.fit());
  private readonly visibility = new IntersectionObserver((entries) => this.want(entries));
  private colors: ColorMap;
  private focused: GridPosition = { row: 0, column: 0 };
  private chosen: GridPosition | undefined;
  private loading = false;
  private disposed = false;

  constructor(
    private readonly trace: TraceSummary,
    private readonly context: TraceContext,
    private readonly onChoose: (choice: HeadChoice) => void,
  ) {
    const { strings } = context;
    this.colors = context.colors;
    this.rows = trace.sites.map((site) => new LayerRow(site, strings));
    const heads = Math.max(0, ...trace.sites.map((site) => site.heads));
    this.columnLabels = Array.from({ length: heads }, (_, head) =>
      element(
        'div',
        'column-label',
        { role: 'columnheader', 'aria-label': fill(strings.head, head) },
        String(head),
      ),
    );
    this.widest = sidePadding + rowLabelWidth + heads * (largestCell + 4);
    this.grid.setAttribute('aria-label', strings.overview);
    this.grid.append(
      element(
        'div',
        'head-row column-labels',
        { role: 'row' },
        element('div', 'row-label', { role: 'columnheader', 'aria-label': strings.overview }),
        ...this.columnLabels,
      ),
      ...this.groups(),
    );
    this.scroller = element('div', 'overview-scroller', {}, this.grid);
    this.element = element('section', 'overview', {}, this.title(), this.failure, this.scroller);
    this.grid.addEventListener('click', (event) => this.click(event));
    this.grid.addEventListener('keydown', (event) => this.press(event));
    this.sizes.observe(this.scroller);
    for (const row of this.rows) {
      this.visibility.observe(row.element);
    }
  }

  /** Marks the head that is shown in detail. */
  choose({ site, head }: HeadChoice): void {
    const row = this.rows.findIndex((candidate) => candidate.site.id === site);
    this.mark(this.chosen, false);
    this.chosen = row < 0 ? undefined : { row, column: head };
    this.mark(this.chosen, true);
    this.focusOn(this.chosen ?? this.focused);
  }

  recolor(colors: ColorMap): void {
    this.colors = colors;
    for (const row of this.rows) {
      row.draw(colors);
    }
  }

  dispose(): void {
    this.disposed = true;
    this.sizes.disconnect();
    this.visibility.disconnect();
  }

  /** The heading, with the kind of attention where there is but one. */
  private title(): HTMLElement {
    const { overview, kinds } = this.context.strings;
    const title = element('div', 'overview-title', {}, element('h2', '', {}, overview));
    const [only, ...others] = kindsOf(this.rows);
    if (only !== undefined && others.length === 0) {
      title.append(element('span', 'quiet', {}, kinds[only]));
    }
    return title;
  }

  /** The rows, under a heading each where there is more than one kind of attention. */
  private groups(): HTMLElement[] {
    const kinds = kindsOf(this.rows);
    return kinds.map((kind) => {
      const name = this.context.strings.kinds[kind];
      const group = element('div', 'head-group', { role: 'rowgroup', 'aria-label': name });
      if (kinds.length > 1) {
        group.append(element('div', 'group-title quiet', { 'aria-hidden': 'true' }, name));
      }
      group.append(...this.rows.filter((row) => row.site.kind === kind).map((row) => row.element));
      return group;
    });
  }

  private want(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const row = this.rows.find((candidate) => candidate.element === target);
      if (isIntersecting && row !== undefined) {
        this.visibility.unobserve(target);
        this.wanted.push(row);
      }
    }
    if (this.failure.childElementCount === 0) {
      void this.load();
    }
  }

  /** Fetches the rows that have come into sight one after the other, so that a head is never kept
   * waiting behind all of them. */
  private async load(): Promise<void> {
    if (this.loading) {
      return;
    }
    this.loading = true;
    this.failure.replaceChildren();
    for (let row = this.wanted[0]; row !== undefined; row = this.wanted[0]) {
      try {
        const thumbnails = await this.context.host.thumbnails({
          trace: this.trace.trace,
          site: row.site.id,
          size: thumbnailCells,
        });
        if (this.disposed) {
          return;
        }
        row.show(thumbnails, this.colors);
        this.wanted.shift();
      } catch (error) {
        this.fail(error);
        break;
      }
    }
    this.loading = false;
  }

  private fail(error: unknown): void {
    if (!this.disposed) {
      const onRetry = this.context.recovery(error, () => void this.load());
      const label = this.context.strings.retry;
      this.failure.replaceChildren(
        failureMessage(messageOf(error, this.context.strings), { label, onRetry }),
      );
    }
  }

  /** Makes the thumbnails as large as fits, within what is still legible and not yet clumsy. */
  private fit(): void {
    const heads = this.columnLabels.length;
    const pitch = Math.floor((this.scroller.clientWidth - rowLabelWidth) / Math.max(1, heads));
    const gap = pitch < roomyPitch ? 2 : 4;
    const side = Math.max(smallestCell, Math.min(largestCell, pitch - gap));
    this.grid.style.setProperty('--cell', `${side}px`);
    this.grid.style.setProperty('--gap', `${gap}px`);
    for (const row of this.rows) {
      row.resize(side, this.colors);
    }
  }

  private mark(position: GridPosition | undefined, chosen: boolean): void {
    if (position !== undefined) {
      this.rows[position.row]?.mark(position.column, chosen);
      this.columnLabels[position.column]?.classList.toggle('chosen', chosen);
    }
  }

  /** Moves the one stop that the grid has in the order of the Tab key. */
  private focusOn(position: GridPosition): HTMLElement | undefined {
    this.rows[this.focused.row]?.setTabStop(this.focused.column, false);
    this.focused = position;
    return this.rows[position.row]?.setTabStop(position.column, true);
  }

  private click({ target }: MouseEvent): void {
    for (const [row, layer] of this.rows.entries()) {
      const column = target instanceof Node ? layer.headAt(target) : -1;
      if (column >= 0) {
        this.focusOn({ row, column })?.focus({ preventScroll: true });
        this.open({ row, column });
      }
    }
  }

  private press(event: KeyboardEvent): void {
    if (event.altKey || event.metaKey) {
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      this.open(this.focused);
    } else {
      const rowHeight = this.rows[0]?.element.offsetHeight ?? 1;
      const next = moveInGrid(event, this.focused, {
        rows: this.rows.length,
        columnsIn: (row) => this.rows[row]?.site.heads ?? 0,
        page: Math.max(1, Math.floor(this.scroller.clientHeight / rowHeight) - 1),
      });
      if (next === undefined) {
        return;
      }
      this.focusOn(next)?.focus();
    }
    event.preventDefault();
  }

  private open({ row, column }: GridPosition): void {
    const site: AttentionSite | undefined = this.rows[row]?.site;
    if (site !== undefined) {
      this.onChoose({ site: site.id, head: column });
    }
  }
}

function kindsOf(rows: readonly LayerRow[]): AttentionKind[] {
  return [...new Set(rows.map((row) => row.site.kind))];
}

/** Cells asked for on each side of a thumbnail: enough for the largest one on a sharp screen. */
const thumbnailCells = 64;

/** Side of a thumbnail, in CSS pixels. */
const smallestCell = 16;
const largestCell = 56;

/** CSS pixels from one thumbnail to the next from which on the space between them is wider. */
const roomyPitch = 28;

/** Padding and scroll bar beside the thumbnails, in CSS pixels. */
const sidePadding = 36;

/** Width of the layers' labels before the thumbnails, in CSS pixels. */
const rowLabelWidth = 28;
