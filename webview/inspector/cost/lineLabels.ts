/** A line of a plot that is to bear its name. Lengths are CSS pixels, downwards from the top. */
export interface LabelledLine {
  label: string;
  /** How low it is at a place. */
  down: (x: number) => number;
}

/** Where a label begins, and its baseline. */
export interface LabelPlace {
  x: number;
  y: number;
}

/** The part of a plot that labels may stand in. */
export interface LabelRoom {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** A vertical line that no label may cross. */
  chosen: number;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Widths of characters of 11 px: East Asian ones are as wide as high. */
const NARROW = 6.2;
const WIDE = 11;

/** Height over and under the baseline, and what is kept free of lines. */
const ASCENT = 9;
const DESCENT = 3;
const FREE = 3;

/** Places across a plot that are tried. */
const TRIES = 24;

/**
 * Finds a place for the name of each line, close to it and across none; one for which there is no room has
 * none.
 */
export function lineLabels(
  lines: readonly LabelledLine[],
  room: LabelRoom,
): (LabelPlace | undefined)[] {
  const taken: Box[] = [];
  return lines.map((line) => {
    const width = widthOf(line.label);
    for (let attempt = 0; attempt <= TRIES; attempt++) {
      const x = room.left + 4 + ((room.right - room.left - width - 8) * attempt) / TRIES;
      const ends = [x, x + width / 2, x + width].map(line.down);
      const above = Math.min(...ends) - FREE - DESCENT;
      const below = Math.max(...ends) + FREE + ASCENT;
      for (const y of [above, below]) {
        const box = { left: x, right: x + width, top: y - ASCENT, bottom: y + DESCENT };
        if (isFree(box, lines, room) && !taken.some((other) => meets(box, other))) {
          taken.push(box);
          return { x, y };
        }
      }
    }
    return undefined;
  });
}

function isFree(box: Box, lines: readonly LabelledLine[], room: LabelRoom): boolean {
  const { left, right, top, bottom } = box;
  const isInside =
    left >= room.left && right <= room.right && top >= room.top && bottom <= room.bottom;
  const isCrossed = left - 2 < room.chosen && room.chosen < right + 2;
  return (
    isInside &&
    !isCrossed &&
    lines.every(({ down }) => {
      const heights = [0, 0.25, 0.5, 0.75, 1].map((share) => down(left + share * (right - left)));
      const [highest, lowest] = [Math.min(...heights), Math.max(...heights)];
      return lowest < top - 1 || highest > bottom + 1;
    })
  );
}

function meets(one: Box, other: Box): boolean {
  return (
    one.left < other.right &&
    other.left < one.right &&
    one.top < other.bottom &&
    other.top < one.bottom
  );
}

function widthOf(label: string): number {
  return Array.from(label).reduce(
    (sum, character) =>
      sum + (/\p{sc=Han}|[\u3000-\u303f\uff00-\uffef]/u.test(character) ? WIDE : NARROW),
    0,
  );
}
