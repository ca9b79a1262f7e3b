import type { AttentionSite, Thumbnails } from '../../src/shared/attention';
import type { AttentionPanelStrings } from '../../src/shared/attentionPanel';
import type { ColorMap } from '../ui/colorMap';
import { element } from '../ui/element';
import { drawGrid } from '../ui/gridCanvas';
import { formatFigure } from '../ui/numbers';
import { fill } from '../ui/sentence';

/** The words of a row. */
export type RowStrings = Pick<AttentionPanelStrings, 'layer' | 'layerHead' | 'cellLabel' | 'nats'>;

/** One layer in the overview: its label and a thumbnail for each of its heads. */
export class LayerRow {
  readonly element: HTMLElement;
  private readonly label: HTMLElement;
  private readonly cells: { element: HTMLElement; canvas: HTMLCanvasElement }[];
  private thumbnails: Thumbnails | undefined;
  private side = 0;

  constructor(
    readonly site: AttentionSite,
    strings: RowStrings,
  ) {
    const layerName = fill(strings.layer, site.layer);
    this.label = element(
      'div',
      'row-label',
      { role: 'rowheader', 'aria-label': layerName, title: layerName },
      String(site.layer),
    );
    this.cells = Array.from({ length: site.heads }, (_, head) => {
      const canvas = element('canvas', '', { 'aria-hidden': 'true' });
      const label = cellLabel(site, head, strings);
      const attributes = {
        role: 'gridcell',
        tabindex: '-1',
        'aria-selected': 'false',
        'aria-label': label,
        title: label,
      };
      return { canvas, element: element('div', 'head-cell', attributes, canvas) };
    });
    this.element = element(
      'div',
      'head-row',
      { role: 'row', 'aria-busy': 'true' },
      this.label,
      ...this.cells.map((cell) => cell.element),
    );
  }

  show(thumbnails: Thumbnails, colors: ColorMap): void {
    this.thumbnails = thumbnails;
    this.element.removeAttribute('aria-busy');
    this.draw(colors);
  }

  /** @param side of a thumbnail, in CSS pixels */
  resize(side: number, colors: ColorMap): void {
    if (side !== this.side) {
      this.side = side;
      this.draw(colors);
    }
  }

  draw(colors: ColorMap): void {
    if (this.thumbnails === undefined || this.side === 0) {
      return;
    }
    const { rows, columns, values } = this.thumbnails;
    const size = { width: this.side, height: this.side };
    for (const [head, { canvas }] of this.cells.entries()) {
      const grid = {
        rows,
        columns,
        values: values.subarray(head * rows * columns, (head + 1) * rows * columns),
        maximum: 255,
        causal: this.site.kind === 'masked',
      };
      drawGrid(canvas, grid, size, false, colors);
    }
  }

  mark(head: number, chosen: boolean): void {
    this.label.classList.toggle('chosen', chosen);
    this.cells[head]?.element.setAttribute('aria-selected', String(chosen));
  }

  /** @returns the head's cell */
  setTabStop(head: number, isStop: boolean): HTMLElement | undefined {
    const cell = this.cells[head]?.element;
    cell?.setAttribute('tabindex', isStop ? '0' : '-1');
    return cell;
  }

  /** The head whose cell a node lies in, or -1. */
  headAt(node: Node): number {
    return this.cells.findIndex((cell) => cell.element.contains(node));
  }
}

function cellLabel(site: AttentionSite, head: number, strings: RowStrings): string {
  const figures = site.statistics[head];
  return figures === undefined
    ? fill(strings.layerHead, site.layer, head)
    : fill(
        strings.cellLabel,
        site.layer,
        head,
        fill(strings.nats, formatFigure(figures.entropy)),
        formatFigure(figures.maximum),
      );
}
