import * as l10n from '@vscode/l10n';
import type { RefObject, VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isEncoderDecoder, type HeadChoice, type TraceSummary } from '../../src/shared/attention';
import type { Failure } from '../../src/shared/failure';
import { defaultHead } from '../../src/shared/defaultHead';
import { Boundary } from '../ui/boundary';
import { tabPanel, Tabs } from '../ui/tabs';
import { useSize } from '../ui/useSize';
import { useActions } from './context';
import { attentionDirection, groupLabel, kindsOf } from './groupWords';
import { columnsOf, HeadGrid, revealTabStop } from './headGrid';
import { FailureMessage } from '../ui/failureMessage';
import { groupSites, type GroupName, type SiteGroup } from './siteGroups';
import { ThumbnailQueue } from './thumbnailQueue';

export interface OverviewProps {
  trace: TraceSummary;
  /** The head that is shown in detail. A new object for each choice. */
  choice: HeadChoice;
  /** The box that scrolls when there are more heads than fit. */
  scroller: RefObject<HTMLDivElement | null>;
  onChoose: (choice: HeadChoice) => void;
}

/** All heads of a trace: a grid for each group of layers, on tabs where there are several groups. */
export function Overview({ trace, choice, scroller, onChoose }: OverviewProps): VNode {
  const groups = useMemo(() => groupSites(trace.sites), [trace]);
  const { queue, failure, retry } = useThumbnails(trace.trace);
  const width = useSize(scroller)?.width ?? 0;
  const cell = cellFor(width, mostColumns(groups));

  const open = groups.find(({ sites }) => sites.some(({ id }) => id === choice.site));
  const name = (open ?? groups[0])?.name;
  const turnTo = useTurning(groups, open, choice, scroller, onChoose);

  const isBoth = isEncoderDecoder(trace);
  const hasTabs = groups.length > 1 && name !== undefined;
  const tabs = groups.map((group) => ({ name: group.name, label: groupLabel(group.name) }));
  return (
    <section class="overview">
      {hasTabs ? (
        <Tabs tabs={tabs} chosen={name} label={l10n.t('All heads')} onChoose={turnTo} />
      ) : (
        <div class="overview-title">
          <h2>{l10n.t('All heads')}</h2>
          <span class="quiet">{kindsOf(groups[0]?.sites ?? [])}</span>
        </div>
      )}
      <div>{failure && <FailureMessage error={failure} onRetry={retry} />}</div>
      <div ref={scroller} class="overview-scroller">
        <Boundary about={queue}>
          {groups.map((group) => {
            const caption = kindsOf(group.sites);
            return (
              <div
                key={group.name}
                class="head-group"
                {...(hasTabs ? tabPanel(group.name, name) : {})}
              >
                {isBoth && (
                  <p class="group-caption quiet">{`${caption} · ${attentionDirection(group.name)}`}</p>
                )}
                <HeadGrid
                  {...cell}
                  sites={group.sites}
                  label={caption}
                  choice={choice}
                  scroller={scroller}
                  queue={queue}
                  onChoose={onChoose}
                />
              </div>
            );
          })}
        </Boundary>
      </div>
    </section>
  );
}

/** CSS pixels that the overview can make use of at most. */
export function widestOverview({ sites }: TraceSummary): number {
  return sidePadding + rowLabelWidth + mostColumns(groupSites(sites)) * (largestCell + 4);
}

/** Fetches the thumbnails of a trace as long as it is on screen. */
function useThumbnails(trace: string) {
  const { host, recover } = useActions();
  const [failure, setFailure] = useState<Failure>();
  const queue = useMemo(
    () =>
      new ThumbnailQueue(
        (site) => host.thumbnails({ trace, site, size: thumbnailCells }),
        setFailure,
      ),
    [host, trace],
  );
  useLayoutEffect(() => () => queue.close(), [queue]);
  const retry = (): void => {
    if (failure !== undefined) {
      recover(failure, () => void queue.load());
    }
  };
  return { queue, failure, retry };
}

/**
 * @param open the group that is on screen
 * @returns opens the head of a group that was looked at last, or is worth looking at first
 */
function useTurning(
  groups: readonly SiteGroup[],
  open: SiteGroup | undefined,
  choice: HeadChoice,
  scroller: RefObject<HTMLElement | null>,
  onChoose: (choice: HeadChoice) => void,
): (name: GroupName) => void {
  const latest = useRef<Partial<Record<GroupName, HeadChoice>>>({});
  const isTurning = useRef(false);
  useLayoutEffect(() => {
    if (open !== undefined) {
      latest.current[open.name] = choice;
    }
    if (isTurning.current) {
      isTurning.current = false;
      revealTabStop(scroller.current);
    }
  }, [choice]);
  return (name) => {
    const group = groups.find((candidate) => candidate.name === name);
    if (group !== undefined) {
      scroller.current?.scrollTo(0, 0);
      isTurning.current = true;
      // A new object, for it is a new choice even where the tab was open.
      onChoose({ ...(latest.current[name] ?? defaultHead(group.sites)) });
    }
  };
}

/** Makes the thumbnails as large as fits, within what is still legible and not yet clumsy. */
function cellFor(width: number, columns: number): { side: number; gap: number } {
  const pitch = Math.floor((width - rowLabelWidth) / Math.max(1, columns));
  const gap = pitch < roomyPitch ? 2 : 4;
  return { side: Math.max(smallestCell, Math.min(largestCell, pitch - gap)), gap };
}

function mostColumns(groups: readonly SiteGroup[]): number {
  return Math.max(0, ...groups.map(({ sites }) => columnsOf(sites)));
}

/** Cells asked for on each side of a thumbnail: enough for the largest one on a sharp screen. */
const thumbnailCells = 64;

/** Side of a thumbnail, in CSS pixels. */
const smallestCell = 16;
const largestCell = 56;

/** CSS pixels from one thumbnail to the next from which on the space between them is wider. */
const roomyPitch = 28;

/** Padding and scroll bar beside the thumbnails, in CSS pixels. */
const sidePadding = 36;

/** Width of the layers' labels before the thumbnails, in CSS pixels. */
const rowLabelWidth = 28;
