import type { HeadChoice } from '../../src/shared/attention';
import type { AttentionPanelStrings } from '../../src/shared/attentionPanel';
import type { ColorMap } from '../ui/colorMap';
import { element } from '../ui/element';
import { moveInGrid, type GridPosition } from '../ui/gridMovement';
import { fill } from '../ui/sentence';
import { cellsOfLayer, LayerRow, type RowStrings } from './layerRow';
import type { SiteGroup } from './siteGroups';

/**
 * The heads of one group of layers: a row for each layer, a thumbnail for each head, and before them
 * one for their mean where it is shown.
 */
export class HeadGrid {
  readonly element = element('div', 'heads', { role: 'grid' });
  readonly rows: readonly LayerRow[];
  private readonly columnLabels: HTMLElement[];
  private focused: GridPosition = { row: 0, column: 0 };
  private chosen: GridPosition | undefined;

  /**
   * @param label what a screen reader calls the grid
   * @param scroller the box that scrolls when there are more heads than fit
   */
  constructor(
    { sites }: SiteGroup,
    label: string,
    strings: RowStrings & Pick<AttentionPanelStrings, 'head' | 'meanOfHeads'>,
    private readonly scroller: HTMLElement,
    private readonly onChoose: (choice: HeadChoice) => void,
  ) {
    this.rows = sites.map((site) => new LayerRow(site, strings));
    const most = sites.map(cellsOfLayer).sort((one, other) => other.length - one.length)[0] ?? [];
    this.columnLabels = most.map((head) =>
      head === 'mean'
        ? columnLabel('column-label mean-cell', strings.meanOfHeads, 'μ')
        : columnLabel('column-label', fill(strings.head, head), String(head)),
    );
    this.element.setAttribute('aria-label', label);
    this.element.append(
      element(
        'div',
        'head-row column-labels',
        { role: 'row' },
        element('div', 'row-label', { role: 'columnheader', 'aria-label': label }),
        ...this.columnLabels,
      ),
      element('div', '', { role: 'rowgroup' }, ...this.rows.map((row) => row.element)),
    );
    this.element.addEventListener('click', (event) => this.click(event));
    this.element.addEventListener('keydown', (event) => this.press(event));
    this.focusOn(this.focused);
  }

  /** Cells of the layer that has the most. */
  get columns(): number {
    return this.columnLabels.length;
  }

  /** Marks a head as the one that is shown in detail, or none if it is not of this group. */
  choose({ site, head }: HeadChoice): void {
    const row = this.rows.findIndex((candidate) => candidate.site.id === site);
    this.mark(this.chosen, false);
    const column = this.rows[row]?.cellOf(head) ?? -1;
    this.chosen = column < 0 ? undefined : { row, column };
    this.mark(this.chosen, true);
    this.focusOn(this.chosen ?? this.focused);
  }

  /** Scrolls the head that the Tab key leads to into sight, which is the chosen one at first. */
  reveal(): void {
    this.focusOn(this.focused)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** @param side of a thumbnail, in CSS pixels; so is `gap`, the space between two */
  resize(side: number, gap: number, colors: ColorMap): void {
    this.element.style.setProperty('--cell', `${side}px`);
    this.element.style.setProperty('--gap', `${gap}px`);
    for (const row of this.rows) {
      row.resize(side, colors);
    }
  }

  draw(colors: ColorMap): void {
    for (const row of this.rows) {
      row.draw(colors);
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
      const column = target instanceof Node ? layer.cellAround(target) : -1;
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
        columnsIn: (row) => this.rows[row]?.length ?? 0,
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
    const layer = this.rows[row];
    const head = layer?.headAt(column);
    if (layer !== undefined && head !== undefined) {
      this.onChoose({ site: layer.site.id, head });
    }
  }
}

function columnLabel(className: string, name: string, text: string): HTMLElement {
  return element('div', className, { role: 'columnheader', 'aria-label': name, title: name }, text);
}
