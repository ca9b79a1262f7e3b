/** What the row of tabs brings up. */
export type TabName = 'overview' | 'weights';

/** What the view keeps while it is hidden and its page is gone. */
export interface Memory {
  tab: TabName;
  /** How far the page is scrolled, in CSS pixels. */
  scroll: number;
}

/** Reads what an earlier page, perhaps of an older version, has left. */
export function parseMemory(value: unknown): Memory {
  const { tab, scroll } =
    typeof value === 'object' && value !== null
      ? (value as { tab?: unknown; scroll?: unknown })
      : {};
  return {
    tab: tab === 'weights' ? tab : 'overview',
    scroll: typeof scroll === 'number' ? scroll : 0,
  };
}
