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
  'probability' | 'probabilityHint' | 'readoutMasked'
>;

/** The words that differ from grid to grid. */
export interface GridWords {
  /** Names the map to a screen reader. */
  title: string;
  rowTitle: string;
  columnTitle: string;
  /** What a cell says; filled with its row's name, its column's name and its value. */
  readout: string;
  /** Shown while nothing is pointed at. */
  hint: string;
}

/** A grid with the words on its axes. */
export interface LabelledGrid extends ProbabilityGrid, GridWords {
  rowLabels: readonly string[];
  columnLabels: readonly string[];
  /** How the readout names the rows and columns. */
  rowNames: readonly string[];
  columnNames: readonly string[];
  /** What {@link HeatMap.mark} may have to say. */
  lineReadouts: readonly string[];
}

/** A whole row or column that something outside the map points at. */
export interface MarkedLine {
  row?: number;
  column?: number;
  readout: string;
}

/** What a heat map tells its owner. */
export interface HeatMapListener {
  /** The keyboard's cell moved, or went away. */
  onCursor(cursor: GridPosition | undefined): void;
  /** A cell, a row or a column is brought out now, or nothing is any more. */
  onPoint(position: Partial<GridPosition>): void;
  /** A cell was chosen, by click or Enter. */
  onReveal(position: GridPosition): void;
}

/**
 * One head as a map: queries down, keys across, the value under the pointer or the keyboard's
 * cursor above it, the key to the colours below.
 */
export class HeatMap {
  readonly element: HTMLElement;
  private readonly rows = new Axis('rows');
  private readonly columns = new Axis('columns');
  private readonly bar: ColorBar;
  private readonly canvas = element('canvas', '');
  private readonly crosshair = {
    row: element('div', 'crosshair row'),
    column: element('div', 'crosshair column'),
    cell: element('div', 'crosshair cell'),
  };
  private readonly rowTitle = element('div', 'axis-title rows', { 'aria-hidden': 'true' });
  private readonly columnTitle = element('div', 'axis-title columns', { 'aria-hidden': 'true' });
  private readonly plot: HTMLElement;
  private readonly map: HTMLElement;
  private readonly readout = element('p', 'readout');
  /** Says what the readout shows, but only as the keyboard moves: pointers would chatter. */
  private readonly spoken = element('div', 'visually-hidden', { 'aria-live': 'polite' });
  private grid: LabelledGrid | undefined;
  private cell: Size = { width: 1, height: 1 };
  private hovered: GridPosition | undefined;
  private cursor: GridPosition | undefined;
  private line: MarkedLine | undefined;

  constructor(
    private readonly strings: HeatMapStrings,
    private readonly listener: HeatMapListener,
  ) {
    this.bar = new ColorBar(strings.probabilityHint);
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
      this.columnTitle,
      this.columns.element,
      this.rowTitle,
      this.rows.element,
      this.plot,
      element('div', 'color-bar-title', { title: strings.probabilityHint }, strings.probability),
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
    if (grid !== this.grid) {
      this.line = undefined;
    }
    this.grid = grid;
    this.hovered = undefined;
    this.cursor = cursor && this.contains(cursor) ? cursor : undefined;
    this.plot.setAttribute('aria-label', grid.title);
    this.rowTitle.textContent = grid.rowTitle;
    this.rowTitle.title = grid.rowTitle;
    this.columnTitle.textContent = grid.columnTitle;
    this.makeRoom(grid);
    this.layOut(grid, room, colors);
    this.bar.show(grid.maximum, colors);
    this.point();
  }

  /** Brings out a whole row or column, or none, until the pointer comes to a cell. */
  mark(line: MarkedLine | undefined): void {
    this.line = line;
    this.point();
  }

  /** Keeps the room of the longest readout free, so that none of them moves the map. */
  private makeRoom({ hint, readout, rowNames, columnNames, lineReadouts }: LabelledGrid): void {
    const [row, column] = [longest(rowNames), longest(columnNames)];
    const sentences = [
      hint,
      fill(readout, row, column, formatProbability(0)),
      fill(this.strings.readoutMasked, row, column),
      longest(lineReadouts),
    ];
    this.readout.style.minHeight = '';
    const heights = sentences.map((sentence) => {
      this.readout.textContent = sentence;
      return this.readout.clientHeight;
    });
    this.readout.style.minHeight = `${Math.max(...heights)}px`;
  }

  private layOut(grid: LabelledGrid, room: Size, colors: ColorMap): void {
    const above = this.readout.offsetHeight + this.columnTitle.offsetHeight;
    const left = this.rows.measure(grid.rowLabels, {
      least: 48,
      most: Math.max(64, Math.min(140, room.width * 0.25)),
    });
    const top = this.columns.measure(grid.columnLabels, { least: 24, most: 88 });
    this.cell = cellSize(
      {
        width: Math.max(40, room.width - left - titleWidth),
        height: Math.max(240, room.height - above - top - restHeight),
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
    const { hovered } = this;
    if (position?.row !== hovered?.row || position?.column !== hovered?.column) {
      this.hovered = position;
      this.point();
    }
  }

  private click(position: GridPosition | undefined): void {
    if (position !== undefined) {
      this.moveCursor(position);
      this.listener.onReveal(position);
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
      this.listener.onReveal(cursor);
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

  /** Brings crosshair, labels, readout and colour bar to what is pointed at, if anything. */
  private point(): void {
    const { grid, cell, crosshair } = this;
    const shown: Partial<GridPosition> = this.hovered ?? this.line ?? this.cursor ?? {};
    const { row, column } = shown;
    crosshair.row.hidden = row === undefined;
    crosshair.column.hidden = column === undefined;
    crosshair.cell.hidden = row === undefined || column === undefined;
    this.rows.point(row);
    this.columns.point(column);
    if (row !== undefined) {
      place(crosshair.row, { top: row * cell.height - 1, height: cell.height });
    }
    if (column !== undefined) {
      place(crosshair.column, { left: column * cell.width - 1, width: cell.width });
    }
    this.bar.point(undefined);
    this.readout.classList.toggle('quiet', row === undefined && column === undefined);
    if (grid !== undefined && row !== undefined && column !== undefined) {
      this.pointAtCell(grid, { row, column });
    } else {
      this.readout.textContent = this.line?.readout ?? grid?.hint ?? '';
    }
    this.listener.onPoint({
      ...(row === undefined ? {} : { row }),
      ...(column === undefined ? {} : { column }),
    });
  }

  private pointAtCell(grid: LabelledGrid, { row, column }: GridPosition): void {
    const { cell } = this;
    place(this.crosshair.cell, {
      left: column * cell.width - 1,
      top: row * cell.height - 1,
      ...cell,
    });
    const hidden = isMasked(grid, row, column);
    const value = grid.values[row * grid.columns + column] ?? 0;
    this.bar.point(hidden ? undefined : value);
    this.readout.textContent = fill(
      hidden ? this.strings.readoutMasked : grid.readout,
      grid.rowNames[row] ?? '',
      grid.columnNames[column] ?? '',
      formatProbability(value),
    );
  }
}

/** Pixels of the row axis' title, and of the colour bar with all gaps. */
const titleWidth = 16;
const restHeight = 48;

const firstCell: GridPosition = { row: 0, column: 0 };

/** Rows that Page Up and Page Down move the cursor by. */
const pageRows = 10;

function longest(texts: readonly string[]): string {
  return texts.reduce((longer, text) => (text.length > longer.length ? text : longer), '');
}

/** Sets the given edges and sides, in CSS pixels; the rest stays with the style sheet. */
function place(
  part: HTMLElement,
  box: Partial<Record<'left' | 'top' | 'width' | 'height', number>>,
): void {
  for (const [side, pixels] of Object.entries(box)) {
    part.style.setProperty(side, `${pixels}px`);
  }
}
