import type { VNode } from 'preact';
import { milliseconds } from '../../../src/shared/milliseconds';
import { percent } from '../../../src/shared/percent';
import { figure } from '../figure';

/** The cells of a line that tell how long something took: as a time, a bar, a share, and how often. */
export function TimeCells({
  time,
  calls,
  whole,
}: {
  time: number;
  /** Absent of what is called by nothing. */
  calls?: number;
  /** What shares are of. */
  whole: number;
}): VNode {
  const share = whole === 0 ? 0 : time / whole;
  const language = document.documentElement.lang || 'en';
  return (
    <>
      <td class="number">{milliseconds(time)}</td>
      <td class="time-bar" aria-hidden="true">
        <span style={{ width: `${100 * Math.min(1, share)}%` }} />
      </td>
      <td class="number">
        {percent(share, language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}
      </td>
      <td class="number quiet">{calls !== undefined && figure(Math.round(calls))}</td>
    </>
  );
}
