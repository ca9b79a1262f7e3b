import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { byteSize } from '../../../src/shared/byteSize';
import type { RemoteInspector } from '../../../src/shared/inspector';
import type { StoredTensor } from '../../../src/shared/tensorListing';
import { useSize } from '../../ui/useSize';
import { elementFigure, figure } from '../figure';
import { shownName } from '../shownName';
import { Sparkline } from './sparkline';
import { CONSTANTS, keyOf, type TensorRow } from './tensorRows';
import { useRowStatistics } from './useRowStatistics';

export interface TensorTableProps {
  rows: readonly TensorRow[];
  /** Bytes of the largest tensor. */
  largest: number;
  chosen: StoredTensor | undefined;
  host: RemoteInspector;
  onChoose: (tensor: StoredTensor) => void;
  onToggle: (group: string) => void;
}

/** Height of a row, in CSS pixels. */
const ROW = 26;

/** Rows beyond those in sight that are there as well. */
const MORE = 8;

/** Tensors by line; only the lines in sight are in the page, so that there may be any number of them. */
export function TensorTable({
  rows,
  largest,
  chosen,
  host,
  onChoose,
  onToggle,
}: TensorTableProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [cursor, setCursor] = useState(0);
  const height = useSize(box)?.height ?? 0;
  const first = Math.max(0, Math.floor(top / ROW) - MORE);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW) + MORE);
  const shown = rows.slice(first, last);
  const isTree = rows.some(({ kind }) => kind === 'group');
  const at = Math.min(cursor, rows.length - 1);
  const statistics = useRowStatistics(
    host,
    shown.flatMap((row) => (row.kind === 'tensor' ? [row.tensor] : [])),
  );
  useLayoutEffect(() => box.current?.scrollTo(0, 0), [rows.length === 0]);

  const moveTo = (index: number): void => {
    const to = Math.max(0, Math.min(rows.length - 1, index));
    setCursor(to);
    const scroller = box.current;
    if (scroller !== null) {
      if (to * ROW < scroller.scrollTop) {
        scroller.scrollTop = to * ROW;
      } else if ((to + 2) * ROW > scroller.scrollTop + scroller.clientHeight) {
        // The heads of the columns stay on top of it.
        scroller.scrollTop = (to + 2) * ROW - scroller.clientHeight;
      }
    }
  };
  const chosenKey = chosen === undefined ? undefined : keyOf(chosen);
  const chosenLine = rows.findIndex(
    (row) => row.kind === 'tensor' && keyOf(row.tensor) === chosenKey,
  );
  // It may have been chosen elsewhere, or when the page was open before.
  useLayoutEffect(() => {
    if (chosenLine >= 0 && height > 0) {
      moveTo(chosenLine);
    }
  }, [chosenKey, height > 0]);
  const act = (row: TensorRow | undefined): void => {
    if (row?.kind === 'group') {
      onToggle(row.group);
    } else if (row !== undefined) {
      onChoose(row.tensor);
    }
  };
  const press = (event: KeyboardEvent): void => {
    const row = rows[at];
    const page = Math.max(1, Math.floor(height / ROW) - 2);
    switch (event.key) {
      case 'ArrowDown':
        moveTo(at + 1);
        break;
      case 'ArrowUp':
        moveTo(at - 1);
        break;
      case 'PageDown':
        moveTo(at + page);
        break;
      case 'PageUp':
        moveTo(at - page);
        break;
      case 'Home':
        moveTo(0);
        break;
      case 'End':
        moveTo(rows.length - 1);
        break;
      case 'ArrowRight':
      case 'ArrowLeft':
        if (row?.kind === 'group' && row.isOpen === (event.key === 'ArrowLeft')) {
          onToggle(row.group);
        }
        break;
      case 'Enter':
      case ' ':
        act(row);
        break;
      default:
        return;
    }
    event.preventDefault();
  };
  return (
    <div
      ref={box}
      class="tensor-table"
      role="treegrid"
      aria-label={l10n.t('Tensors')}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={`tensor-row-${at}`}
      tabIndex={0}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      onKeyDown={press}
    >
      <div class="tensor-row head quiet" role="row" aria-rowindex={1}>
        <span role="columnheader">{l10n.t('Tensor')}</span>
        <span role="columnheader" class="number">
          {l10n.t('Shape')}
        </span>
        <span role="columnheader">{l10n.t('Type')}</span>
        <span role="columnheader" class="number">
          {l10n.t('Size')}
        </span>
        <span aria-hidden="true" />
        <span role="columnheader">{l10n.t('Values')}</span>
        <span role="columnheader" class="number">
          {l10n.t('Min')}
        </span>
        <span role="columnheader" class="number">
          {l10n.t('Max')}
        </span>
        <span role="columnheader" class="number">
          {l10n.t('Std')}
        </span>
      </div>
      <div class="tensor-rows" role="rowgroup" style={{ height: `${rows.length * ROW}px` }}>
        {shown.map((row, index) => {
          const line = first + index;
          const isChosen = line === chosenLine;
          return (
            <div
              key={row.kind === 'group' ? `group ${row.group}` : keyOf(row.tensor)}
              id={`tensor-row-${line}`}
              class={[
                'tensor-row',
                row.kind,
                line === at ? 'at' : '',
                isChosen ? 'chosen' : '',
              ].join(' ')}
              role="row"
              aria-rowindex={line + 2}
              aria-level={row.kind === 'group' || !isTree ? 1 : 2}
              aria-selected={isChosen}
              aria-expanded={row.kind === 'group' ? row.isOpen : undefined}
              style={{ top: `${line * ROW}px` }}
              onClick={() => {
                setCursor(line);
                act(row);
              }}
            >
              {row.kind === 'group' ? (
                <GroupCell {...row} />
              ) : (
                <TensorCells
                  label={shownName(row.label)}
                  tensor={row.tensor}
                  share={row.tensor.bytes / largest}
                  statistics={statistics.get(keyOf(row.tensor))}
                />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function GroupCell({
  group,
  tensors,
  bytes,
  isOpen,
}: Extract<TensorRow, { kind: 'group' }>): VNode {
  const name =
    group === CONSTANTS
      ? l10n.t('no parameters')
      : group === ''
        ? l10n.t('the model')
        : shownName(group);
  return (
    <span class="group-name" role="gridcell">
      <span class={isOpen ? 'twisty open' : 'twisty'} aria-hidden="true" />
      {name}{' '}
      <span class="quiet">{l10n.t('{0} tensors, {1}', figure(tensors), byteSize(bytes))}</span>
    </span>
  );
}

function TensorCells({
  label,
  tensor,
  share,
  statistics,
}: {
  label: string;
  tensor: StoredTensor;
  share: number;
  statistics: ReturnType<typeof useRowStatistics> extends ReadonlyMap<string, infer T>
    ? T | undefined
    : never;
}): VNode {
  const { dims, dtype, bytes } = tensor;
  const finite = statistics?.finite;
  const broken = statistics === undefined ? 0 : statistics.nan + statistics.infinite;
  return (
    <>
      <span class="tensor-name" role="gridcell" title={label}>
        {label}
      </span>
      <span class="number" role="gridcell">
        {dims.length === 0 ? l10n.t('scalar') : dims.map(figure).join(' × ')}
      </span>
      <span role="gridcell">{dtype}</span>
      <span class="number" role="gridcell">
        {byteSize(bytes)}
      </span>
      <span class="size-bar" aria-hidden="true">
        <span style={{ width: `${Math.max(2, 100 * share)}%` }} />
      </span>
      <span role="gridcell">
        {broken > 0 ? (
          <span class="broken">{l10n.t('NaN, infinite')}</span>
        ) : (
          finite && <Sparkline histogram={finite.histogram} />
        )}
      </span>
      <span class="number" role="gridcell">
        {finite && elementFigure(finite.minimum)}
      </span>
      <span class="number" role="gridcell">
        {finite && elementFigure(finite.maximum)}
      </span>
      <span class="number" role="gridcell">
        {finite && elementFigure(finite.standardDeviation)}
      </span>
    </>
  );
}
