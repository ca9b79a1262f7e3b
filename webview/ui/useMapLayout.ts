import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ColorMap } from '../chart/colorMap';
import { layOutMap, type MapLayout } from '../chart/mapLayout';
import type { Size } from '../chart/plotLayout';
import { availableSize, tallestSentence } from './availableSize';
import { longestReadouts, type DescribedGrid } from './readout';
import { useSize } from './useSize';

/** How a map is laid out, and what for. */
export interface Drawing extends MapLayout {
  grid: DescribedGrid;
  /** With the theme its fonts may have changed. */
  colors: ColorMap;
  room: Size;
  /** Height of the longest readout, in CSS pixels. */
  readoutHeight: number;
}

/**
 * Lays a map out in the box around it, and again when grid, theme or size of the box change.
 *
 * @param isHeld whether the map may be no higher than the box is
 * @returns the layout, which is undefined until the box has a width, and the elements that it is
 *   measured by, for the component to fill in
 */
export function useMapLayout(
  grid: DescribedGrid,
  colors: ColorMap,
  box: RefObject<HTMLElement | null>,
  isHeld: () => boolean,
) {
  const frame = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLParagraphElement>(null);
  const columnTitle = useRef<HTMLDivElement>(null);
  const columnAxis = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const [drawing, setDrawing] = useState<Drawing>();
  useLayoutEffect(() => {
    const parts = [box, frame, readout, columnTitle, columnAxis].map(({ current }) => current);
    const [outer, inner, sentence, title, axis] = parts;
    if (!outer || !inner || !sentence || !title || !axis) {
      return;
    }
    const room = availableSize(outer, inner, isHeld());
    // The box may have changed its size because of the map alone.
    if (room.width > 0 && !isLaidOutFor(drawing, grid, colors, room)) {
      const titleHeight = title.offsetHeight;
      const readoutHeight = tallestSentence(sentence, longestReadouts(grid));
      const layout = layOutMap(grid, room, readoutHeight + titleHeight, getComputedStyle(axis));
      setDrawing({ ...layout, grid, colors, room, readoutHeight });
    }
  }, [grid, colors, size]);
  return { drawing, frame, readout, columnTitle, columnAxis };
}

function isLaidOutFor(
  drawing: Drawing | undefined,
  grid: DescribedGrid,
  colors: ColorMap,
  { width, height }: Size,
): boolean {
  return (
    drawing?.grid === grid &&
    drawing.colors === colors &&
    drawing.room.width === width &&
    drawing.room.height === height
  );
}
