import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RemoteInspector } from '../../../src/shared/inspector';
import type { RemoteOptions } from '../../../src/shared/rpc';
import type {
  StoredTensor,
  TensorProgress,
  TensorStatistics,
  TensorTile,
  TensorWindow,
} from '../../../src/shared/tensorListing';
import { paintSigned } from '../../chart/signedMap';
import { FailureMessage } from '../../ui/failureMessage';
import { useSignedColors } from '../../ui/theme';
import { useRequest } from '../../ui/useRequest';
import { useSize } from '../../ui/useSize';
import { elementFigure, figure } from '../figure';
import { idOf } from './tensorRows';
import { matrixSize, moved, wholeWindow, zoomed } from './windowMoves';

export interface WeightMapProps {
  tensor: StoredTensor;
  /** Tells what the last colour stands for; until it is there, the largest number in sight. */
  finite: TensorStatistics['finite'];
  host: RemoteInspector;
}

/** Cells on each side of a map at most. */
const CELLS = 192;

/** Side of a map and of a row of a vector, in CSS pixels. */
const TALLEST = 340;
const VECTOR = 28;

const MIDDLE = { row: 0.5, column: 0.5 };

/** A tile and the window that it is of. */
interface Shown {
  window: TensorWindow;
  tile: TensorTile;
}

/** The elements of a tensor as a map that can be zoomed and moved. */
export function WeightMap({ tensor, finite, host }: WeightMapProps): VNode {
  const whole = matrixSize(tensor.dims);
  const [window, setWindow] = useState(() => wholeWindow(whole));
  const [pointed, setPointed] = useState<{ row: number; column: number }>();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  /** Where the map was taken hold of. */
  const grip = useRef<{ window: TensorWindow; x: number; y: number } | undefined>(undefined);
  const colors = useSignedColors();
  const width = useSize(frame)?.width ?? 0;
  const height = heightOf(window, width);
  const load = async (options: RemoteOptions<TensorProgress>): Promise<Shown> => {
    const size = {
      rows: Math.min(window.rows, CELLS),
      columns: Math.min(window.columns, CELLS),
    };
    const tile = await host.tensorTile({ ...idOf(tensor), window, ...size }, options);
    return { window, tile };
  };
  const { value, failure, isBusy, again } = useRequest<Shown, TensorProgress>(load, [
    tensor,
    window,
  ]);
  const scale = finite === undefined ? largestOf(value?.tile) : scaleOf(finite);
  useLayoutEffect(() => {
    if (canvas.current !== null && value !== undefined && width > 0) {
      const { rows, columns, values } = value.tile;
      canvas.current.width = columns;
      canvas.current.height = rows;
      const image = new ImageData(paintSigned(values, scale, colors), columns, rows);
      canvas.current.getContext('2d')?.putImageData(image, 0, 0);
    }
  }, [value, scale, colors, width]);

  const placeOf = ({ clientX, clientY }: MouseEvent): { row: number; column: number } => {
    const box = canvas.current?.getBoundingClientRect();
    return box === undefined
      ? MIDDLE
      : { row: (clientY - box.top) / box.height, column: (clientX - box.left) / box.width };
  };
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const at = placeOf(event);
    if (event.buttons === 1) {
      const { offsetWidth, offsetHeight } = event.currentTarget;
      const from = (grip.current ??= { window, x: event.clientX, y: event.clientY });
      // From where it was taken hold of: single pixels may be less than a row.
      const by = {
        row: (from.y - event.clientY) / offsetHeight,
        column: (from.x - event.clientX) / offsetWidth,
      };
      setWindow(moved(from.window, by, whole));
    } else {
      grip.current = undefined;
    }
    setPointed(at);
  };
  const press = (event: KeyboardEvent): void => {
    const step = MOVES[event.key];
    if (step !== undefined) {
      setWindow((before) => moved(before, step, whole));
    } else if (event.key === '+' || event.key === '-') {
      setWindow((before) => zoomed(before, event.key === '+' ? 0.5 : 2, MIDDLE, whole));
    } else if (event.key === '0') {
      setWindow(wholeWindow(whole));
    } else {
      return;
    }
    event.preventDefault();
  };
  const zoom = (factor: number): void =>
    setWindow((before) => zoomed(before, factor, MIDDLE, whole));
  return (
    <div class="weight-map" ref={frame}>
      <div class="map-bar quiet">
        <span class="map-readout">{readout(value, pointed) ?? windowWords(window)}</span>
        <button type="button" class="link" aria-label={l10n.t('Zoom out')} onClick={() => zoom(2)}>
          −
        </button>
        <button type="button" class="link" aria-label={l10n.t('Zoom in')} onClick={() => zoom(0.5)}>
          +
        </button>
        <button type="button" class="link" onClick={() => setWindow(wholeWindow(whole))}>
          {l10n.t('Fit')}
        </button>
      </div>
      {failure !== undefined ? (
        <FailureMessage error={failure} onRetry={again} />
      ) : (
        <div
          class="map-plot"
          role="application"
          tabIndex={0}
          aria-busy={isBusy || undefined}
          aria-label={l10n.t(
            'Elements of the tensor. Arrow keys move, plus and minus zoom, 0 shows all of it.',
          )}
          style={{ height: `${height}px` }}
          onKeyDown={press}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            grip.current = { window, x: event.clientX, y: event.clientY };
          }}
          onPointerMove={drag}
          onPointerLeave={() => setPointed(undefined)}
          onWheel={(event) => {
            event.preventDefault();
            const at = placeOf(event);
            setWindow((before) => zoomed(before, event.deltaY < 0 ? 0.8 : 1.25, at, whole));
          }}
        >
          <canvas ref={canvas} aria-hidden="true" />
        </div>
      )}
      <div class="map-scale" aria-hidden="true">
        <span>{elementFigure(-scale)}</span>
        <ScaleBar />
        <span>{elementFigure(scale)}</span>
      </div>
      {value !== undefined && <MapKey {...value} scale={scale} />}
    </div>
  );
}

const MOVES: Readonly<Record<string, { row: number; column: number }>> = {
  ArrowUp: { row: -0.25, column: 0 },
  ArrowDown: { row: 0.25, column: 0 },
  ArrowLeft: { row: 0, column: -0.25 },
  ArrowRight: { row: 0, column: 0.25 },
};

/** What the colours of a map do not tell by themselves. */
function MapKey({ window, tile, scale }: Shown & { scale: number }): VNode {
  const { values, rows, columns } = tile;
  return (
    <div class="map-key quiet">
      {(rows < window.rows || columns < window.columns) && (
        <p>
          {l10n.t(
            'Each cell has the number farthest from 0 of up to {0} × {1}.',
            figure(Math.ceil(window.rows / rows)),
            figure(Math.ceil(window.columns / columns)),
          )}
        </p>
      )}
      {values.some((value) => Number.isFinite(value) && Math.abs(value) > scale) && (
        <p>{l10n.t('Numbers beyond the scale have its last colour.')}</p>
      )}
      {values.some((value) => !Number.isFinite(value)) && (
        <p>
          <span class="not-finite" aria-hidden="true" /> {l10n.t('NaN or infinite')}
        </p>
      )}
    </div>
  );
}

/** The colours from the least to the largest number. */
function ScaleBar(): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colors = useSignedColors();
  useLayoutEffect(() => {
    const values = Float32Array.from({ length: 129 }, (_, index) => index / 64 - 1);
    const image = new ImageData(paintSigned(values, 1, colors), values.length, 1);
    if (canvas.current !== null) {
      canvas.current.width = values.length;
      canvas.current.height = 1;
      canvas.current.getContext('2d')?.putImageData(image, 0, 0);
    }
  }, [colors]);
  return <canvas ref={canvas} />;
}

/** As high as its rows are many beside its columns, within what is still legible and not too high. */
function heightOf({ rows, columns }: TensorWindow, width: number): number {
  return rows === 1 ? VECTOR : Math.min(TALLEST, Math.max(96, (width * rows) / columns));
}

function largestOf(tile: TensorTile | undefined): number {
  return (tile?.values ?? new Float32Array()).reduce(
    (largest, value) => (Number.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest),
    0,
  );
}

/** A few far numbers would leave all others without colour. */
function scaleOf({
  percentiles,
  minimum,
  maximum,
}: NonNullable<TensorStatistics['finite']>): number {
  const most = Math.max(Math.abs(percentiles.low), Math.abs(percentiles.high));
  return most > 0 ? most : Math.max(Math.abs(minimum), Math.abs(maximum));
}

function windowWords({ row, rows, column, columns }: TensorWindow): string {
  return l10n.t(
    'Rows {0}–{1}, columns {2}–{3}',
    figure(row),
    figure(row + rows - 1),
    figure(column),
    figure(column + columns - 1),
  );
}

/** What lies under the pointer: an element, or the one farthest from 0 of those that share a cell. */
function readout(
  shown: Shown | undefined,
  pointed: { row: number; column: number } | undefined,
): string | undefined {
  if (shown === undefined || pointed === undefined) {
    return undefined;
  }
  const { window, tile } = shown;
  const row = Math.floor(pointed.row * tile.rows);
  const column = Math.floor(pointed.column * tile.columns);
  const value = tile.values[row * tile.columns + column];
  if (value === undefined || row < 0 || column < 0 || column >= tile.columns) {
    return undefined;
  }
  const [firstRow, firstColumn] = [
    window.row + Math.floor((row * window.rows) / tile.rows),
    window.column + Math.floor((column * window.columns) / tile.columns),
  ];
  return tile.rows === window.rows && tile.columns === window.columns
    ? l10n.t(
        'Row {0}, column {1}: {2}',
        figure(firstRow),
        figure(firstColumn),
        elementFigure(value),
      )
    : l10n.t(
        'From row {0}, column {1}: farthest from 0 is {2}',
        figure(firstRow),
        figure(firstColumn),
        elementFigure(value),
      );
}
