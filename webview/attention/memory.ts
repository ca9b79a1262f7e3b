import type { HeadChoice } from '../../src/shared/attention';
import type { GridPosition } from '../ui/gridMovement';

/** What the view keeps while it is hidden and its page is gone. */
export interface Memory {
  /** The rest is of use for this trace alone. */
  trace: string;
  choice: HeadChoice;
  /** The keyboard's cell in the chosen head's map. */
  cursor?: GridPosition;
  scroll: ScrollPositions;
}

/** In CSS pixels. */
export interface ScrollPositions {
  page: number;
  overviewLeft: number;
  overviewTop: number;
  detail: number;
}

/** Reads what an earlier page, perhaps of an older version, has left; undefined if it is no use. */
export function parseMemory(value: unknown): Memory | undefined {
  if (!isRecord(value) || !isRecord(value['choice']) || !isRecord(value['scroll'])) {
    return undefined;
  }
  const { trace, choice, cursor, scroll } = value;
  const { site, head } = choice;
  if (
    typeof trace !== 'string' ||
    typeof site !== 'string' ||
    !(typeof head === 'number' || head === 'mean')
  ) {
    return undefined;
  }
  const memory: Memory = {
    trace,
    choice: { site, head },
    scroll: {
      page: number(scroll['page']),
      overviewLeft: number(scroll['overviewLeft']),
      overviewTop: number(scroll['overviewTop']),
      detail: number(scroll['detail']),
    },
  };
  if (isRecord(cursor)) {
    memory.cursor = { row: number(cursor['row']), column: number(cursor['column']) };
  }
  return memory;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
