import type { AttentionPanelStrings } from '../../src/shared/attentionPanel';
import './heatMap.css';
import { Axis } from './axis';
import { ColorBar } from './colorBar';
import type { ColorMap } from './colorMap';
import { element } from './element';
import { drawGrid } from './gridCanvas';
import { moveInGrid, type GridPosition } from './gridMovement';
import { formatProbability } from './numbers';
import { cellSize, isCrisp, type Size } from './plotLayout';
import { isMasked, type ProbabilityGrid } from './probabilityGrid';
import { fill } from './sentence';

/** The words of a heat map. */
export type HeatMapStrings = Pick<
  AttentionPanelStrings,
  'query' | 'key' | 'probability' | 'readout' | 'readoutMasked' | 'readoutHint'
>;

/** A grid with the words on its axes. */
export interface LabelledGrid extends ProbabilityGrid {
  rowLabels: readonly string[];
  columnLabels: readonly string[];
  /** Names the map to a screen reader. */
  title: string;
}

/** What a heat map tells its owner. */
export interface HeatMapListener {
  /** The keyboard's cell moved, or went away. */
  onCursor(cursor: GridPosition | undefined): void;
  /** A row was chosen, by click or Enter. */
  onReveal(row: number): void;
}

/**
 * One head as a map: queries down, keys across, the value under the pointer or the keyboard's
 * cursor above it, the key to the colours below.
 */
export class HeatMap {
  readonly element: HTMLElement;
  private readonly rows = new Axis('rows');
  private readonly columns = new Axis('columns');
  private readonly bar = new ColorBar();
  private readonly canvas = element('canvas', '');
  private readonly crosshair = {
    row: element('div', 'crosshair row'),
    column: element('div', 'crosshair column'),
    cell: element('div', 'crosshair cell'),
  };
  private readonly plot: HTMLElement;
  private readonly map: HTMLElement;
  private readonly readout = element('p', 'readout');
  /** Says what the readout shows, but only as the keyboard moves: pointers would chatter. */
  private readonly spoken = element('div', 'visually-hidden', { 'aria-live': 'polite' });
  private grid: LabelledGrid | undefined;
  private cell: Size = { width: 1, height: 1 };
  private hovered: GridPosition | undefined;
  private cursor: GridPosition | undefined;

  constructor(
    private readonly strings: HeatMapStrings,
    private readonly listener: HeatMapListener,
  ) {
    this.plot = element(
      'div',
      'plot',
      { role: 'application', tabindex: '0' },
      this.canvas,
      this.crosshair.row,
      this.crosshair.column,
      this.crosshair.cell,
    );
    this.map = element(
      'div',
      'heat-map',
      {},
      element('div', 'axis-title columns', { 'aria-hidden': 'true' }, strings.key),
      this.columns.element,
      element('div', 'axis-title rows', { 'aria-hidden': 'true' }, strings.query),
      this.rows.element,
      this.plot,
      element('div', 'color-bar-title', {}, strings.probability),
      this.bar.element,
    );
    this.element = element('div', 'heat-map-frame', {}, this.readout, this.map, this.spoken);
    this.plot.addEventListener('pointermove', (event) => this.hover(this.cellAt(event)));
    this.plot.addEventListener('pointerleave', () => this.hover(undefined));
    this.plot.addEventListener('click', (event) => this.click(this.cellAt(event)));
    this.plot.addEventListener('keydown', (event) => this.press(event));
  }

  /**
   * Shows a grid.
   *
   * @param room what the map may take with its axes and its colour bar, in CSS pixels
   * @param cursor the keyboard's cell; left out where none is to be
   */
  show(grid: LabelledGrid, room: Size, colors: ColorMap, cursor: GridPosition | undefined): void {
    this.grid = grid;
    this.hovered = undefined;
    this.cursor = cursor && this.contains(cursor) ? cursor : undefined;
    this.plot.setAttribute('aria-label', grid.title);
    this.layOut(grid, room, colors);
    this.bar.show(grid.maximum, colors);
    this.point();
  }

  private layOut(grid: LabelledGrid, room: Size, colors: ColorMap): void {
    const left = this.rows.measure(grid.rowLabels, {
      least: 48,
      most: Math.max(64, Math.min(140, room.width * 0.25)),
    });
    const top = this.columns.measure(grid.columnLabels, { least: 24, most: 88 });
    this.cell = cellSize(
      {
        width: Math.max(40, room.width - left - titleWidth),
        height: Math.max(240, room.height - top - restHeight),
      },
      grid,
      devicePixelRatio,
    );
    const size = {
      width: this.cell.width * grid.columns,
      height: this.cell.height * grid.rows,
    };
    this.map.style.gridTemplateColumns = `${titleWidth}px ${left}px 1fr`;
    this.columns.element.style.height = `${top}px`;
    this.rows.show(grid.rowLabels, this.cell.height);
    this.columns.show(grid.columnLabels, this.cell.width);
    this.bar.element.style.width = `${size.width}px`;
    drawGrid(this.canvas, grid, size, isCrisp(this.cell, devicePixelRatio), colors);
  }

  private cellAt(event: MouseEvent): GridPosition | undefined {
    const { left, top } = this.canvas.getBoundingClientRect();
    const position = {
      row: Math.floor((event.clientY - top) / this.cell.height),
      column: Math.floor((event.clientX - left) / this.cell.width),
    };
    return this.contains(position) ? position : undefined;
  }

  private contains({ row, column }: GridPosition): boolean {
    const grid = this.grid;
    return (
      grid !== undefined && row >= 0 && column >= 0 && row < grid.rows && column < grid.columns
    );
  }

  private hover(position: GridPosition | undefined): void {
    this.hovered = position;
    this.point();
  }

  private click(position: GridPosition | undefined): void {
    if (position !== undefined) {
      this.moveCursor(position);
      this.listener.onReveal(position.row);
    }
  }

  private press(event: KeyboardEvent): void {
    const { grid, cursor } = this;
    if (grid === undefined || event.altKey || event.metaKey) {
      return;
    }
    if (event.key === 'Escape' && cursor !== undefined) {
      this.moveCursor(undefined);
    } else if (event.key === 'Enter' && cursor !== undefined) {
      this.listener.onReveal(cursor.row);
    } else {
      const shape = { rows: grid.rows, columnsIn: () => grid.columns, page: pageRows };
      const next = moveInGrid(event, cursor ?? { row: 0, column: 0 }, shape);
      if (next === undefined) {
        return;
      }
      // The first key press brings the cursor in; it moves from the second on.
      this.moveCursor(cursor === undefined && event.key.startsWith('Arrow') ? firstCell : next);
    }
    event.preventDefault();
  }

  private moveCursor(cursor: GridPosition | undefined): void {
    this.cursor = cursor;
    this.hovered = undefined;
    this.point();
    this.spoken.textContent = cursor === undefined ? '' : this.readout.textContent;
    this.listener.onCursor(cursor);
  }

  /** Brings crosshair, labels, readout and colour bar to the cell that is pointed at, if any. */
  private point(): void {
    const { grid, cell } = this;
    const position = this.hovered ?? this.cursor;
    for (const part of Object.values(this.crosshair)) {
      part.hidden = position === undefined;
    }
    this.rows.point(position?.row);
    this.columns.point(position?.column);
    this.readout.classList.toggle('quiet', position === undefined);
    if (grid === undefined || position === undefined) {
      this.bar.point(undefined);
      this.readout.textContent = this.strings.readoutHint;
      return;
    }
    const { row, column } = position;
    const [x, y] = [column * cell.width, row * cell.height];
    place(this.crosshair.row, { top: y - 1, height: cell.height });
    place(this.crosshair.column, { left: x - 1, width: cell.width });
    place(this.crosshair.cell, { left: x - 1, top: y - 1, ...cell });
    const hidden = isMasked(grid, row, column);
    const value = grid.values[row * grid.columns + column] ?? 0;
    this.bar.point(hidden ? undefined : value);
    this.readout.textContent = fill(
      hidden ? this.strings.readoutMasked : this.strings.readout,
      grid.rowLabels[row] ?? '',
      grid.columnLabels[column] ?? '',
      formatProbability(value),
    );
  }
}

/** Pixels of the row axis' title, and of everything above and below the plot but its labels. */
const titleWidth = 16;
const restHeight = 16 + 40 + 24;

const firstCell: GridPosition = { row: 0, column: 0 };

/** Rows that Page Up and Page Down move the cursor by. */
const pageRows = 10;

/** Sets the given edges and sides, in CSS pixels; the rest stays with the style sheet. */
function place(
  part: HTMLElement,
  box: Partial<Record<'left' | 'top' | 'width' | 'height', number>>,
): void {
  for (const [side, pixels] of Object.entries(box)) {
    part.style.setProperty(side, `${pixels}px`);
  }
}
