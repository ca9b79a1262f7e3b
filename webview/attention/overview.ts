import {
  isEncoderDecoder,
  type AttentionKind,
  type TraceSummary,
  type HeadChoice,
} from '../../src/shared/attention';
import { openingHead } from '../../src/shared/openingHead';
import type { ColorMap } from '../ui/colorMap';
import { element } from '../ui/element';
import { Tabs } from '../ui/tabs';
import type { TraceContext } from './context';
import { HeadGrid } from './headGrid';
import type { LayerRow } from './layerRow';
import { failureMessage, messageOf } from './messages';
import { groupSites, type GroupName, type SiteGroup } from './siteGroups';

/** All heads of a trace: a grid for each group of layers, on tabs where there are several groups. */
export class Overview {
  readonly element: HTMLElement;
  /** CSS pixels that the overview can make use of at most. */
  readonly widest: number;
  /** The box that scrolls when there are more heads than fit. */
  readonly scroller = element('div', 'overview-scroller');
  private readonly failure = element('div', '');
  private readonly groups: Group[];
  private readonly tabs: Tabs<GroupName> | undefined;
  private readonly wanted: LayerRow[] = [];
  private readonly sizes = new ResizeObserver(() => this.fit());
  private readonly visibility = new IntersectionObserver((entries) => this.want(entries));
  private colors: ColorMap;
  private loading = false;
  private disposed = false;

  constructor(
    private readonly trace: TraceSummary,
    private readonly context: TraceContext,
    private readonly onChoose: (choice: HeadChoice) => void,
  ) {
    const { strings } = context;
    this.colors = context.colors;
    this.groups = groupSites(trace.sites).map((group) => this.makeGroup(group));
    const columns = Math.max(0, ...this.groups.map(({ grid }) => grid.columns));
    this.widest = sidePadding + rowLabelWidth + columns * (largestCell + 4);
    this.scroller.append(...this.groups.map(({ panel }) => panel));
    this.element = element('section', 'overview', {});
    const [only, ...others] = this.groups;
    if (others.length > 0) {
      this.tabs = new Tabs(this.groups, strings.overview, (name) => this.turnTo(name));
      this.element.append(this.tabs.element);
    } else {
      const caption = only === undefined ? '' : captionOf(only.sites, context);
      this.element.append(
        element(
          'div',
          'overview-title',
          {},
          element('h2', '', {}, strings.overview),
          element('span', 'quiet', {}, caption),
        ),
      );
    }
    this.element.append(this.failure, this.scroller);
    this.sizes.observe(this.scroller);
    for (const row of this.rows()) {
      this.visibility.observe(row.element);
    }
  }

  /** Marks the head that is shown in detail, and brings up its group. */
  choose(choice: HeadChoice): void {
    for (const group of this.groups) {
      group.grid.choose(choice);
      if (group.sites.some(({ id }) => id === choice.site)) {
        group.latest = choice;
        this.tabs?.show(group.name);
      }
    }
  }

  /** Scrolls the head that is shown in detail into sight. */
  reveal(): void {
    this.groups.find(({ panel }) => !panel.hidden)?.grid.reveal();
  }

  recolor(colors: ColorMap): void {
    this.colors = colors;
    for (const { grid } of this.groups) {
      grid.draw(colors);
    }
  }

  dispose(): void {
    this.disposed = true;
    this.sizes.disconnect();
    this.visibility.disconnect();
  }

  private makeGroup(group: SiteGroup): Group {
    const { context, scroller } = this;
    const { strings } = context;
    const caption = captionOf(group.sites, context);
    const panel = element('div', 'head-group');
    if (isEncoderDecoder(this.trace)) {
      const direction = `${caption} · ${strings.directions[group.name]}`;
      panel.append(element('p', 'group-caption quiet', {}, direction));
    }
    const grid = new HeadGrid(group, caption, strings, scroller, (choice) => this.onChoose(choice));
    panel.append(grid.element);
    const latest = openingHead(group.sites);
    return { ...group, label: strings.groups[group.name], panel, grid, latest };
  }

  /** Opens the head of a group that was looked at last, or is worth looking at first. */
  private turnTo(name: GroupName): void {
    const group = this.groups.find((candidate) => candidate.name === name);
    if (group !== undefined) {
      this.scroller.scrollTo(0, 0);
      this.onChoose(group.latest);
      this.reveal();
    }
  }

  private rows(): LayerRow[] {
    return this.groups.flatMap(({ grid }) => grid.rows);
  }

  private want(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const row = this.rows().find((candidate) => candidate.element === target);
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
    const columns = Math.max(1, ...this.groups.map(({ grid }) => grid.columns));
    const pitch = Math.floor((this.scroller.clientWidth - rowLabelWidth) / columns);
    const gap = pitch < roomyPitch ? 2 : 4;
    const side = Math.max(smallestCell, Math.min(largestCell, pitch - gap));
    for (const { grid } of this.groups) {
      grid.resize(side, gap, this.colors);
    }
  }
}

/** A group of layers, its tab and what is on it. */
interface Group extends SiteGroup {
  label: string;
  panel: HTMLElement;
  grid: HeadGrid;
  /** Its head that was shown last, or is to be shown first. */
  latest: HeadChoice;
}

/** The kinds of attention that some layers have; there is hardly ever more than one. */
function captionOf(sites: SiteGroup['sites'], { strings }: TraceContext): string {
  const kinds = new Set<AttentionKind>(sites.map(({ kind }) => kind));
  return Array.from(kinds, (kind) => strings.kinds[kind]).join(' · ');
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
