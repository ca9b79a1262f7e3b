import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useSize } from '../../ui/useSize';
import { shownName } from '../shownName';
import type { Chosen } from './graphPlace';
import type { TreeRow } from './treeRows';

export interface TreeListProps {
  rows: readonly TreeRow[];
  chosen: Chosen | undefined;
  onChoose: (chosen: Chosen) => void;
  onToggle: (module: number) => void;
}

/** Height of a line, in CSS pixels. */
const ROW = 22;

/** Lines beyond those in sight that are there as well. */
const MORE = 10;

/** Modules and nodes as a tree, of which only the lines in sight are in the page. */
export function TreeList({ rows, chosen, onChoose, onToggle }: TreeListProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const height = useSize(box)?.height ?? 0;
  const at = rows.findIndex((row) => isSame(row.chosen, chosen));
  const first = Math.max(0, Math.floor(top / ROW) - MORE);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW) + MORE);
  useLayoutEffect(() => {
    const scroller = box.current;
    if (scroller !== null && at >= 0) {
      if (at * ROW < scroller.scrollTop) {
        scroller.scrollTop = at * ROW;
      } else if ((at + 1) * ROW > scroller.scrollTop + scroller.clientHeight) {
        scroller.scrollTop = (at + 1) * ROW - scroller.clientHeight;
      }
    }
  }, [at, height > 0]);
  const choose = (line: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, line))];
    if (row !== undefined) {
      onChoose(row.chosen);
    }
  };
  const press = (event: KeyboardEvent): void => {
    const row = rows[at];
    const page = Math.max(1, Math.floor(height / ROW) - 1);
    const moves: Readonly<Record<string, number>> = {
      ...{ ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 },
      ...{ PageDown: at + page, PageUp: at - page },
    };
    const to = moves[event.key];
    if (to !== undefined) {
      choose(to);
    } else if (event.key === 'ArrowRight' && row?.isOpen === false) {
      toggle(row);
    } else if (event.key === 'ArrowLeft' && row?.isOpen === true) {
      toggle(row);
    } else if (event.key === 'ArrowLeft' && row !== undefined) {
      choose(rows.slice(0, at).findLastIndex(({ depth }) => depth < row.depth));
    } else if (event.key === 'Enter' && row?.isOpen !== undefined) {
      toggle(row);
    } else {
      return;
    }
    event.preventDefault();
  };
  const toggle = ({ chosen: row }: TreeRow): void => {
    if ('module' in row) {
      onToggle(row.module);
    }
  };
  return (
    <div
      ref={box}
      class="tree-list"
      role="tree"
      tabIndex={0}
      aria-label={l10n.t('Modules and nodes')}
      aria-activedescendant={at < 0 ? undefined : `tree-row-${at}`}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      onKeyDown={press}
    >
      <div role="presentation" class="tree-space" style={{ height: `${rows.length * ROW}px` }}>
        {rows.slice(first, last).map((row, offset) => {
          const line = first + offset;
          return (
            <div
              key={'node' in row.chosen ? `n${row.chosen.node}` : `m${row.chosen.module}`}
              id={`tree-row-${line}`}
              class={line === at ? 'tree-row chosen' : 'tree-row'}
              role="treeitem"
              aria-level={row.depth + 1}
              aria-selected={line === at}
              aria-expanded={row.isOpen}
              style={{ top: `${line * ROW}px`, paddingInlineStart: `${8 + row.depth * 12}px` }}
              onClick={() => onChoose(row.chosen)}
              onDblClick={() => toggle(row)}
            >
              <span
                class={
                  row.isOpen === undefined ? 'no-twisty' : row.isOpen ? 'twisty open' : 'twisty'
                }
                aria-hidden="true"
                onClick={(event) => {
                  event.stopPropagation();
                  toggle(row);
                }}
              />
              <span class="tree-label" title={shownName(row.label)}>
                {shownName(row.label)}
              </span>
              <span class="quiet tree-aside">{shownName(row.aside)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function isSame(one: Chosen, other: Chosen | undefined): boolean {
  if (other === undefined) {
    return false;
  }
  return 'node' in one
    ? 'node' in other && one.node === other.node
    : 'module' in other && one.module === other.module;
}
