import * as l10n from '@vscode/l10n';
import type { RefObject, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import {
  isEncoderDecoder,
  type AttentionSite,
  type Component,
  type HeadChoice,
  type TraceSummary,
} from '../../src/shared/attention';
import type { ShownHead } from '../../src/shared/attentionPanel';
import type { GridPosition } from '../ui/gridMovement';
import { Boundary } from '../ui/boundary';
import { FailureMessage } from '../ui/failureMessage';
import { useRequest } from '../ui/useRequest';
import { useActions, type TraceState } from './context';
import { ExplainedSentences } from './explainedSentences';
import { FigureList } from './figureList';
import { figuresOf } from './figures';
import { HeadEffect } from './headEffect';
import { HeadMap } from './headMap';
import { HeadScores } from './headScores';
import { headName } from './mapWords';

export interface HeadDetailProps {
  trace: TraceSummary;
  /** The sequences whose tokens can be shown in the editor. */
  inEditor: readonly Component[];
  /** The head to show. A new object for each choice. */
  choice: HeadChoice;
  /** Where the keyboard's cell is in its map at first. */
  cursor: RefObject<GridPosition | undefined>;
  /** What the reference Transformer said last of a head. */
  effect: TraceState['effect'];
  /** Whether the heads were measured on random tokens. */
  scores: TraceState['scores'];
  /** The element that all of this is in. */
  box: RefObject<HTMLElement | null>;
  onCursor: (cursor: GridPosition | undefined) => void;
  /** The first head stands, or has failed to. */
  onSettled: () => void;
}

/** A head whose map has come. */
interface Loaded {
  choice: HeadChoice;
  site: AttentionSite;
  map: ShownHead;
}

/** One head: its name, its figures, its map. The one before it stays, dimmed, until its map is there. */
export function HeadDetail(props: HeadDetailProps): VNode {
  const { trace, inEditor, choice, cursor, effect, scores, box, onCursor, onSettled } = props;
  const { recover } = useActions();
  const site = trace.sites.find(({ id }) => id === choice.site);
  const { isBusy, value, failure, again } = useHeadMap(trace, site, choice);
  const settle = useOnce(onSettled);
  useLayoutEffect(() => {
    if (failure !== undefined) {
      settle();
    }
  }, [failure]);

  return (
    <section ref={box} class="detail">
      <header class="detail-header">
        {site && (
          <>
            <h2>{headName(site, choice.head, trace)}</h2>
            <code class="quiet">{`${site.id}.hook_pattern`}</code>
          </>
        )}
      </header>
      <p class="reading">{value && <ExplainedSentences sentences={value.map.reading} />}</p>
      {/* Not where there are two texts: what is copied from one to the other is another matter. */}
      {!isEncoderDecoder(trace) && (
        <HeadScores trace={trace.trace} choice={choice} scores={scores} />
      )}
      <HeadEffect choice={choice} latest={effect} />
      <FigureList figures={site === undefined ? [] : figuresFor(site, choice, value)} />
      <div class="detail-body" aria-busy={isBusy || undefined}>
        {failure ? (
          <FailureMessage error={failure} onRetry={() => recover(failure, again)} />
        ) : value ? (
          <Boundary about={value} onRetry={again}>
            <HeadMap
              trace={trace}
              inEditor={inEditor}
              site={value.site}
              head={value.choice.head}
              map={value.map}
              cursor={value.choice === choice ? cursor.current : undefined}
              box={box}
              onCursor={onCursor}
              onDrawn={settle}
            />
          </Boundary>
        ) : (
          isBusy && <p class="quiet">{l10n.t('Loading…')}</p>
        )}
      </div>
    </section>
  );
}

function useHeadMap(trace: TraceSummary, site: AttentionSite | undefined, choice: HeadChoice) {
  const { host } = useActions();
  const load = async (site: AttentionSite): Promise<Loaded> => {
    const map = await host.headMap({ trace: trace.trace, ...choice });
    return { choice, site, map };
  };
  return useRequest(site && (() => load(site)), [choice]);
}

/** @returns calls `action` the first time and does nothing from then on */
function useOnce(action: () => void): () => void {
  const isDone = useRef(false);
  return () => {
    if (!isDone.current) {
      isDone.current = true;
      action();
    }
  };
}

/** The figures of a head come with the trace, those of a mean with its map. */
function figuresFor(site: AttentionSite, choice: HeadChoice, value: Loaded | undefined) {
  const statistics =
    choice.head !== 'mean'
      ? site.statistics[choice.head]
      : value?.choice === choice
        ? value.map.statistics
        : undefined;
  return statistics === undefined ? [] : figuresOf(statistics, site);
}
