import * as l10n from '@vscode/l10n';
import type { RefObject, VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { AttentionSite, HeadChoice } from '../../src/shared/attention';
import { moveInGrid, type GridPosition } from '../ui/gridMovement';
import { useColorMap } from '../ui/theme';
import { cellsOfLayer, LayerRow } from './layerRow';
import type { ThumbnailQueue } from './thumbnailQueue';

export interface HeadGridProps {
  sites: readonly AttentionSite[];
  /** What a screen reader calls the grid. */
  label: string;
  /** The head that is shown in detail; it may be of another grid. A new object for each choice. */
  choice: HeadChoice;
  /** The box that scrolls when there are more heads than fit. */
  scroller: RefObject<HTMLElement | null>;
  /** Side of a thumbnail, in CSS pixels; so is `gap`, the space between two. */
  side: number;
  gap: number;
  queue: ThumbnailQueue;
  onChoose: (choice: HeadChoice) => void;
}

/**
 * The heads of one group of layers: a row for each layer, a thumbnail for each head, and before them
 * one for their mean where it is shown.
 */
export function HeadGrid(props: HeadGridProps): VNode {
  const { sites, label, choice, scroller, side, gap, queue, onChoose } = props;
  const colors = useColorMap();
  const rows = useRef<HTMLDivElement>(null);
  const cells = sites.map(cellsOfLayer);
  const chosen = placeOf(choice, sites);
  /** The one stop that the grid has in the order of the Tab key, since a head was chosen. */
  const [stop, setStop] = useState({ since: choice, at: chosen ?? { row: 0, column: 0 } });
  const tabStop = stop.since === choice ? stop.at : (chosen ?? stop.at);
  if (stop.since !== choice) {
    setStop({ since: choice, at: tabStop });
  }

  const cellAt = ({ row, column }: GridPosition): HTMLElement | undefined => {
    const cell = rows.current?.children[row]?.children[labelCells + column];
    return cell instanceof HTMLElement ? cell : undefined;
  };
  const moveTo = (to: GridPosition, options?: FocusOptions): void => {
    setStop({ since: choice, at: to });
    cellAt(to)?.focus(options);
  };
  const open = ({ row, column }: GridPosition): void => {
    const [site, head] = [sites[row], cells[row]?.[column]];
    if (site !== undefined && head !== undefined) {
      onChoose({ site: site.id, head });
    }
  };
  const click = ({ target }: MouseEvent): void => {
    const cell = target instanceof Element ? target.closest('.head-cell') : null;
    const row = cell?.parentElement;
    if (cell && row && rows.current) {
      const position = {
        row: indexIn(rows.current, row),
        column: indexIn(row, cell) - labelCells,
      };
      moveTo(position, { preventScroll: true });
      open(position);
    }
  };
  const press = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey) {
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      open(tabStop);
    } else {
      const rowHeight = cellAt(tabStop)?.parentElement?.offsetHeight ?? 1;
      const height = scroller.current?.clientHeight ?? 0;
      const next = moveInGrid(event, tabStop, {
        rows: cells.length,
        columnsIn: (row) => cells[row]?.length ?? 0,
        page: Math.max(1, Math.floor(height / rowHeight) - 1),
      });
      if (next === undefined) {
        return;
      }
      moveTo(next);
    }
    event.preventDefault();
  };

  return (
    <div
      class="heads"
      role="grid"
      aria-label={label}
      style={{ '--cell': `${side}px`, '--gap': `${gap}px` }}
      onClick={click}
      onKeyDown={press}
    >
      <div class="head-row column-labels" role="row">
        <div class="row-label" role="columnheader" aria-label={label} />
        {longestOf(cells).map((head, column) => {
          const isMean = head === 'mean';
          const name = isMean ? l10n.t('Mean of the heads') : l10n.t('Head {0}', head);
          const classes = ['column-label'];
          if (isMean) {
            classes.push('mean-cell');
          }
          if (column === chosen?.column) {
            classes.push('chosen');
          }
          return (
            <div
              key={head}
              class={classes.join(' ')}
              role="columnheader"
              aria-label={name}
              title={name}
            >
              {isMean ? 'μ' : head}
            </div>
          );
        })}
      </div>
      <div ref={rows} role="rowgroup">
        {sites.map((site, row) => (
          <LayerRow
            key={site.id}
            site={site}
            chosen={row === chosen?.row ? choice.head : undefined}
            tabStop={row === tabStop.row ? tabStop.column : undefined}
            side={side}
            colors={colors}
            queue={queue}
          />
        ))}
      </div>
    </div>
  );
}

/** Cells of the layer that has the most. */
export function columnsOf(sites: readonly AttentionSite[]): number {
  return longestOf(sites.map(cellsOfLayer)).length;
}

/**
 * Scrolls the cell that the Tab key leads to into sight of its box, which is that of the chosen head at first.
 * The page stays where it is: what a trace is of stands at its top.
 */
export function revealTabStop(scroller: Element | null): void {
  const grid = scroller?.querySelector('.head-group:not([hidden])');
  const cell = grid?.querySelector('.head-cell[tabindex="0"]')?.getBoundingClientRect();
  if (scroller === null || cell === undefined) {
    return;
  }
  const box = scroller.getBoundingClientRect();
  // The labels that stay in place hide what lies behind them.
  const { scrollPaddingLeft, scrollPaddingTop } = getComputedStyle(scroller);
  const left = box.left + parseFloat(scrollPaddingLeft);
  const top = box.top + parseFloat(scrollPaddingTop);
  scroller.scrollBy(
    Math.min(0, cell.left - left) + Math.max(0, cell.right - box.right),
    Math.min(0, cell.top - top) + Math.max(0, cell.bottom - box.bottom),
  );
}

/** The cell of a head, if it is one of the layers'. */
function placeOf(
  { site, head }: HeadChoice,
  sites: readonly AttentionSite[],
): GridPosition | undefined {
  const row = sites.findIndex(({ id }) => id === site);
  const layer = sites[row];
  const column = layer === undefined ? -1 : cellsOfLayer(layer).indexOf(head);
  return column < 0 ? undefined : { row, column };
}

function longestOf<T>(lists: readonly T[][]): readonly T[] {
  return lists.reduce<readonly T[]>(
    (longest, list) => (list.length > longest.length ? list : longest),
    [],
  );
}

function indexIn(parent: Element, child: Element): number {
  return Array.from(parent.children).indexOf(child);
}

/** Cells of a row before those of its heads. */
const labelCells = 1;
