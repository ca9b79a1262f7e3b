import {
  hasMean,
  type AttentionSite,
  type HeadOrMean,
  type Thumbnails,
} from '../../src/shared/attention';
import type { AttentionPanelStrings } from '../../src/shared/attentionPanel';
import type { ColorMap } from '../ui/colorMap';
import { element } from '../ui/element';
import { drawGrid } from '../ui/gridCanvas';
import { formatFigure } from '../ui/numbers';
import { fill } from '../ui/sentence';

/** The words of a row. */
export type RowStrings = Pick<
  AttentionPanelStrings,
  'layer' | 'layerHead' | 'layerMean' | 'cellLabel' | 'nats'
>;

/** What the cells of a layer are of: the mean of its heads, where it is shown, then each head. */
export function cellsOfLayer(site: Pick<AttentionSite, 'kind' | 'heads'>): HeadOrMean[] {
  const heads = Array.from({ length: site.heads }, (_, head) => head);
  return hasMean(site) ? ['mean', ...heads] : heads;
}

/** One layer in the overview: its label and a thumbnail for each of its cells. */
export class LayerRow {
  readonly element: HTMLElement;
  private readonly label: HTMLElement;
  private readonly cells: { head: HeadOrMean; element: HTMLElement; canvas: HTMLCanvasElement }[];
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
    this.cells = cellsOfLayer(site).map((head) => {
      const canvas = element('canvas', '', { 'aria-hidden': 'true' });
      const label = cellLabel(site, head, strings);
      const attributes = {
        role: 'gridcell',
        tabindex: '-1',
        'aria-selected': 'false',
        'aria-label': label,
        title: label,
      };
      const name = head === 'mean' ? 'head-cell mean-cell' : 'head-cell';
      return { head, canvas, element: element('div', name, attributes, canvas) };
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
    for (const { head, canvas } of this.cells) {
      const map = head === 'mean' ? this.site.heads : head;
      const grid = {
        rows,
        columns,
        values: values.subarray(map * rows * columns, (map + 1) * rows * columns),
        maximum: 255,
        causal: this.site.kind === 'masked',
      };
      drawGrid(canvas, grid, size, false, colors);
    }
  }

  /** Cells of the row. */
  get length(): number {
    return this.cells.length;
  }

  /** @returns the cell of a head or of the mean, or -1 */
  cellOf(head: HeadOrMean): number {
    return this.cells.findIndex((cell) => cell.head === head);
  }

  /** What a cell is of. */
  headAt(cell: number): HeadOrMean | undefined {
    return this.cells[cell]?.head;
  }

  mark(cell: number, chosen: boolean): void {
    this.label.classList.toggle('chosen', chosen);
    this.cells[cell]?.element.setAttribute('aria-selected', String(chosen));
  }

  setTabStop(cell: number, isStop: boolean): HTMLElement | undefined {
    const found = this.cells[cell]?.element;
    found?.setAttribute('tabindex', isStop ? '0' : '-1');
    return found;
  }

  /** The cell that a node lies in, or -1. */
  cellAround(node: Node): number {
    return this.cells.findIndex((cell) => cell.element.contains(node));
  }
}

function cellLabel(site: AttentionSite, head: HeadOrMean, strings: RowStrings): string {
  if (head === 'mean') {
    return fill(strings.layerMean, site.layer);
  }
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
