import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { HeadChoice } from '../../src/shared/attention';
import type { ExplainedSentence } from '../../src/shared/attentionPanel';
import { Explanation, useExplanationId } from '../ui/explanation';
import { ProgressRing } from '../ui/toolkit';
import { explain } from '../ui/translate';
import { useRequest, type RequestResult } from '../ui/useRequest';
import { useActions, type TraceState } from './context';
import { ExplainedSentences } from './explainedSentences';

export interface HeadScoresProps {
  trace: string;
  /** The head on screen. */
  choice: HeadChoice;
  /** How the measurement stands. */
  scores: TraceState['scores'];
}

/**
 * What the head on screen does on random tokens. A button asks for the first one and stops the
 * measurement; the others then say so by themselves, for all heads of a model are measured at once.
 */
export function HeadScores({ trace, choice, scores }: HeadScoresProps): VNode {
  const { host, act } = useActions();
  const id = useExplanationId();
  const button = useRef<HTMLButtonElement>(null);
  const isDone = scores?.kind === 'done';
  const isRunning = scores?.kind === 'running';
  const ask = async (): Promise<ExplainedSentence[]> => {
    const { site, head } = choice;
    return head === 'mean' ? [] : [await host.headScores({ trace, site, head })];
  };
  const answer = useRequest(isDone ? ask : undefined, [isDone, choice]);
  const stop = (): void => act(host.stopChecking());
  const hint = l10n.t(
    'Run random tokens that come twice through the model: an induction head looks at what followed last time. This tells about the model, whatever the text is.',
  );
  // One button for all states, so that the keyboard's focus stays on it.
  return (
    <div class="scores" onKeyDown={({ key }) => key === 'Escape' && isRunning && stop()}>
      <button
        ref={button}
        type="button"
        class="check-button"
        hidden={isDone}
        aria-describedby={id}
        onClick={() => (isRunning ? stop() : act(host.measureScores()))}
      >
        {isRunning ? l10n.t('Stop') : l10n.t('Try random tokens')}
      </button>
      <Explanation id={id} anchor={button} text={isRunning ? '' : hint} />
      <p class="scores-answer" role="status">
        {isDone ? <Answer {...answer} /> : <Measurement scores={scores} />}
      </p>
    </div>
  );
}

function Answer({ isBusy, value = [], failure }: RequestResult<ExplainedSentence[]>): VNode {
  if (isBusy) {
    return <ProgressRing />;
  }
  return failure === undefined ? <ExplainedSentences sentences={value} /> : <>{explain(failure)}</>;
}

function Measurement({
  scores,
}: {
  scores: Exclude<TraceState['scores'], { kind: 'done' }>;
}): VNode | null {
  switch (scores?.kind) {
    case undefined:
      return null;
    case 'running':
      return (
        <>
          <ProgressRing /> {scores.label}
        </>
      );
    case 'failed':
      return <>{scores.message}</>;
  }
}
