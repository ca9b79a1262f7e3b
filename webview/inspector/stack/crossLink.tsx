import type { RefObject, VNode } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { useSize } from '../../ui/useSize';

/**
 * The line from the end of an encoder to the decoder's cross-attention, over the drawing.
 * @param about what the drawing is of: another one has its parts elsewhere.
 */
export function CrossLink({
  frame,
  about,
}: {
  frame: RefObject<HTMLDivElement | null>;
  about: unknown;
}): VNode | null {
  const size = useSize(frame);
  const [path, setPath] = useState<string>();
  useLayoutEffect(
    () => setPath(frame.current === null ? undefined : linkPath(frame.current)),
    [size?.width, size?.height, about],
  );
  return path === undefined ? null : (
    <svg class="cross-link" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

/** How far lines keep from boxes. Unit: CSS pixels. */
const GAP = 12;
const CORNER = 6;
const HEAD = 5;

function linkPath(frame: HTMLElement): string | undefined {
  const memory = frame.querySelector('.memory');
  const crossing = Array.from(frame.querySelectorAll('.crossing .part'));
  if (memory === null || crossing.length === 0) {
    return undefined;
  }
  const origin = frame.getBoundingClientRect();
  const from = memory.getBoundingClientRect();
  const y = from.top - origin.top;
  const start = from.left - origin.left + GAP + CORNER;
  const isBeside = frame.querySelector('.mirrored')?.getBoundingClientRect().left !== origin.left;
  return crossing
    .map((part) => {
      const to = part.getBoundingClientRect();
      const targetY = to.top - origin.top + to.height / 2;
      if (!isBeside) {
        const x = to.left - origin.left;
        return `M${start} ${y}H${CORNER}q${-CORNER} 0 ${-CORNER} ${CORNER}V${targetY - CORNER}q0 ${CORNER} ${CORNER} ${CORNER}H${x - HEAD}${arrow(x, targetY)}`;
      }
      const x = to.left - origin.left;
      const turn = x - GAP - CORNER;
      const way = targetY < y ? -1 : 1;
      return `M${start} ${y}H${turn - CORNER}q${CORNER} 0 ${CORNER} ${way * CORNER}V${targetY - way * CORNER}q0 ${way * CORNER} ${CORNER} ${way * CORNER}H${x - HEAD}${arrow(x, targetY)}`;
    })
    .join('');
}

function arrow(x: number, y: number): string {
  return `m0 ${-HEAD / 2}L${x} ${y}l${-HEAD} ${HEAD / 2}`;
}
