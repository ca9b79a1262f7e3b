import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { HeadChoice } from '../../src/shared/attention';
import type { GridPosition } from '../ui/gridMovement';
import { revealTabStop } from './headGrid';
import type { Memory } from './memory';

/**
 * Has the workbench keep how a trace is being looked at while the page is gone.
 *
 * @param choice the head on screen
 * @param start what was kept of this very trace
 * @param remember hands it over to the workbench
 */
export function useTraceMemory(
  trace: string,
  choice: HeadChoice,
  start: Memory | undefined,
  remember: (memory: Memory) => void,
) {
  /** The boxes whose scroll positions are kept, beside the page's. */
  const overview = useRef<HTMLDivElement>(null);
  const detail = useRef<HTMLElement>(null);
  /** The keyboard's cell in the chosen head's map. */
  const cursor = useRef<GridPosition | undefined>(
    start && isSameHead(start.choice, choice) ? start.cursor : undefined,
  );
  const latest = useRef(choice);
  latest.current = choice;
  const frame = useRef(0);
  const listening = useMemo(() => new AbortController(), []);
  useLayoutEffect(
    () => () => {
      listening.abort();
      cancelAnimationFrame(frame.current);
    },
    [],
  );

  const write = (): void => {
    if (overview.current !== null && detail.current !== null) {
      remember({
        trace,
        choice: latest.current,
        ...(cursor.current && { cursor: cursor.current }),
        scroll: {
          page: window.scrollY,
          overviewLeft: overview.current.scrollLeft,
          overviewTop: overview.current.scrollTop,
          detail: detail.current.scrollTop,
        },
      });
    }
  };

  /** Something has changed. Once a frame at most: every change is a message to the workbench. */
  const save = (): void => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(write);
  };

  /** The first map stands: now the page has its height and scroll positions mean something. */
  const settle = (): void => {
    if (start === undefined) {
      revealTabStop(overview.current);
    } else {
      const { page, overviewLeft, overviewTop, detail: detailTop } = start.scroll;
      overview.current?.scrollTo(overviewLeft, overviewTop);
      detail.current?.scrollTo(0, detailTop);
      window.scrollTo(0, page);
    }
    const { signal } = listening;
    for (const scroller of [window, overview.current, detail.current]) {
      scroller?.addEventListener('scroll', save, { passive: true, signal });
    }
    save();
  };

  return { overview, detail, cursor, save, settle };
}

export function isSameHead(one: HeadChoice, other: HeadChoice): boolean {
  return one.site === other.site && one.head === other.head;
}
