import { useLayoutEffect } from 'preact/hooks';
import type { Memory } from './memory';

/** By these the user scrolls, or is about to. */
const OWN_MOVES = ['wheel', 'pointerdown', 'keydown'] as const;

/**
 * Keeps how far the page is scrolled while a tab of it is up, and brings that back as soon as the tab is high
 * enough: some of what it shows is still being read. What the user does ends the waiting.
 */
export function useScrollMemory(memory: Memory, tab: string): void {
  useLayoutEffect(() => {
    const part = `scroll of ${tab}`;
    const { top } = memory.of(part);
    const goal = typeof top === 'number' ? top : 0;
    const stop = new AbortController();
    const { signal } = stop;
    let isWaiting = true;
    const growth = new ResizeObserver(() => {
      window.scrollTo(0, goal);
      if (window.scrollY >= Math.floor(goal)) {
        settle();
      }
    });
    const settle = (): void => {
      isWaiting = false;
      growth.disconnect();
    };
    const keep = (): void => {
      if (!isWaiting) {
        memory.keep(part, { top: window.scrollY });
      }
    };
    window.scrollTo(0, goal);
    growth.observe(document.body);
    window.addEventListener('scroll', keep, { passive: true, signal });
    for (const move of OWN_MOVES) {
      window.addEventListener(move, settle, { passive: true, signal });
    }
    return () => {
      growth.disconnect();
      stop.abort();
    };
  }, [memory, tab]);
}
