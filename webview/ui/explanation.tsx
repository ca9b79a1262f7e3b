import type { RefObject, VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import './explanation.css';
import { Popover } from './popover';
import { WholeNumbers } from './wholeNumbers';

export interface ExplanationProps {
  /** What is explained names this in `aria-describedby`. */
  id: string;
  /** What is explained and pointed at. */
  anchor: RefObject<HTMLElement | null>;
  /** What of it the keyboard can reach, and screen readers describe: all of it, unless said. */
  focusable?: RefObject<HTMLElement | null>;
  /** Nothing is explained by nothing. */
  text: string;
}

/**
 * What something means: shown while it is pointed at or has the keyboard's focus, and read out by screen
 * readers. Escape hides it. Belongs into the page beside or within what is explained.
 */
export function Explanation({ id, anchor, focusable = anchor, text }: ExplanationProps): VNode {
  const tip = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const [around, within] = [anchor.current, focusable.current];
    if (around === null || within === null || tip.current === null || text === '') {
      return undefined;
    }
    const popover = new Popover(tip.current, around);
    const listening = new AbortController();
    const { signal } = listening;
    // Not where it came to lie under a pointer that rests.
    around.addEventListener('pointermove', () => popover.openSoon(), { signal });
    around.addEventListener('pointerleave', () => popover.close(), { signal });
    within.addEventListener('blur', () => popover.close(), { signal });
    const open = (): void => {
      if (within.matches(':focus-visible')) {
        popover.open();
      }
    };
    within.addEventListener('focus', open, { signal });
    return () => {
      listening.abort();
      popover.close();
    };
  }, [anchor, focusable, text === '']);
  return (
    <span ref={tip} class="explanation" role="tooltip" id={id} popover="manual">
      <WholeNumbers text={text} />
    </span>
  );
}

/** An id for an explanation that no other one on the page has. */
export function useExplanationId(): string {
  return useState(nextExplanationId)[0];
}

export function nextExplanationId(): string {
  return `explanation-${count++}`;
}

/** Counts explanations. */
let count = 0;
