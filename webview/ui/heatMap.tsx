import * as l10n from '@vscode/l10n';
import type { RefObject, VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { drawGrid } from '../chart/gridCanvas';
import { titleWidth } from '../chart/mapLayout';
import { isCrisp } from '../chart/plotLayout';
import { Axis } from './axis';
import { ColorBar } from './colorBar';
import { Crosshair } from './crosshair';
import { moveInGrid, type GridPosition } from './gridMovement';
import './heatMap.css';
import { contains, shownBy, type Pointing } from './pointing';
import { readoutOf, valueAt, type DescribedGrid } from './readout';
import { useColorMap } from './theme';
import { useMapLayout } from './useMapLayout';

export interface HeatMapProps {
  /** One object for as long as the same map is on screen. */
  grid: DescribedGrid;
  pointing: Pointing;
  /** The box that the map has to fit in, with what stands above it there. */
  box: RefObject<HTMLElement | null>;
  /** Whether the map may be no higher than the box is. */
  isHeld: () => boolean;
  /** A cell was chosen, by click or Enter. */
  onReveal: (cell: GridPosition) => void;
  /** The map was drawn. */
  onDrawn: () => void;
}

/**
 * One head as a map: queries down, keys across, the value under the pointer or the keyboard's
 * cursor above it, the key to the colours below.
 */
export function HeatMap({ grid, pointing, box, isHeld, onReveal, onDrawn }: HeatMapProps): VNode {
  const colors = useColorMap();
  const { drawing, ...parts } = useMapLayout(grid, colors, box, isHeld);
  /** Says what the readout shows, but only as the keyboard moves: pointers would chatter. */
  const [spoken, setSpoken] = useState('');
  const canvas = useRef<HTMLCanvasElement>(null);

  useLayoutEffect(() => {
    if (canvas.current !== null && drawing !== undefined) {
      const { grid, plot, cell, colors } = drawing;
      drawGrid(canvas.current, grid, plot, isCrisp(cell, devicePixelRatio), colors);
      onDrawn();
    }
  }, [drawing]);

  const cellAt = ({ clientX, clientY }: MouseEvent): GridPosition | undefined => {
    if (canvas.current === null || drawing === undefined) {
      return undefined;
    }
    const { left, top } = canvas.current.getBoundingClientRect();
    const cell = {
      row: Math.floor((clientY - top) / drawing.cell.height),
      column: Math.floor((clientX - left) / drawing.cell.width),
    };
    return contains(grid, cell) ? cell : undefined;
  };
  const moveCursor = (cursor: GridPosition | undefined): void => {
    pointing.moveCursor(cursor);
    setSpoken(cursor === undefined ? '' : readoutOf(grid, { line: pointing.line, cursor }));
  };
  const click = (cell: GridPosition | undefined): void => {
    if (cell !== undefined) {
      moveCursor(cell);
      onReveal(cell);
    }
  };
  const press = (event: KeyboardEvent): void => {
    const { cursor } = pointing;
    if (event.altKey || event.metaKey) {
      return;
    }
    if (event.key === 'Escape' && cursor !== undefined) {
      moveCursor(undefined);
    } else if (event.key === 'Enter' && cursor !== undefined) {
      onReveal(cursor);
    } else {
      const shape = { rows: grid.rows, columnsIn: () => grid.columns, page: pageRows };
      const next = moveInGrid(event, cursor ?? firstCell, shape);
      if (next === undefined) {
        return;
      }
      // The first key press brings the cursor in; it moves from the second on.
      moveCursor(cursor === undefined && event.key.startsWith('Arrow') ? firstCell : next);
    }
    event.preventDefault();
  };

  const { row, column } = shownBy(pointing);
  const { rowLabels, columnLabels, maximum } = drawing?.grid ?? grid;
  const hint = l10n.t(
    'How much of its attention, 0 to 1, a query gives to a key; a row adds up to 1. Colours follow the square root, so that small shares can be told apart, and the last one stands for the largest share of this map.',
  );
  return (
    <div ref={parts.frame} class="heat-map-frame">
      <p
        ref={parts.readout}
        class={row === undefined && column === undefined ? 'readout quiet' : 'readout'}
        style={drawing && { minHeight: `${drawing.readoutHeight}px` }}
      >
        {readoutOf(grid, pointing)}
      </p>
      <div
        class="heat-map"
        style={drawing && { gridTemplateColumns: `${titleWidth}px ${drawing.left}px 1fr` }}
      >
        <div ref={parts.columnTitle} class="axis-title columns" aria-hidden="true">
          {grid.columnTitle}
        </div>
        <Axis
          ref={parts.columnAxis}
          side="columns"
          labels={columnLabels}
          cell={drawing?.cell.width ?? 0}
          height={drawing?.top}
          {...(drawing?.columns ?? noLabels)}
          pointed={column}
        />
        <div class="axis-title rows" aria-hidden="true" title={grid.rowTitle}>
          {grid.rowTitle}
        </div>
        <Axis
          side="rows"
          labels={rowLabels}
          cell={drawing?.cell.height ?? 0}
          {...(drawing?.rows ?? noLabels)}
          pointed={row}
        />
        <div
          class="plot"
          role="application"
          tabIndex={0}
          aria-label={grid.title}
          onPointerMove={(event) => pointing.hover(cellAt(event))}
          onPointerLeave={() => pointing.hover(undefined)}
          onClick={(event) => click(cellAt(event))}
          onKeyDown={press}
        >
          <canvas ref={canvas} />
          {drawing && <Crosshair row={row} column={column} cell={drawing.cell} />}
        </div>
        <div class="color-bar-title" title={hint}>
          {l10n.t('Probability')}
        </div>
        <ColorBar
          maximum={maximum}
          colors={colors}
          hint={hint}
          width={drawing?.plot.width ?? 0}
          marked={valueAt(grid, { row, column })}
        />
      </div>
      <div class="visually-hidden" aria-live="polite">
        {spoken}
      </div>
    </div>
  );
}

const noLabels = { visible: [], gap: 0 };

const firstCell: GridPosition = { row: 0, column: 0 };

/** Rows that Page Up and Page Down move the cursor by. */
const pageRows = 10;
