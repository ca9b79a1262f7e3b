import * as l10n from '@vscode/l10n';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { HeadChoice, HeadId } from '../../src/shared/attention';
import type {
  ExplainedSentence,
  HeadEffect as Effect,
  RunningRequest,
} from '../../src/shared/attentionPanel';
import { Explanation, useExplanationId } from '../ui/explanation';
import { ProgressRing } from '../ui/toolkit';
import { useActions } from './context';
import { ExplainedSentences } from './explainedSentences';

export interface HeadEffectProps {
  /** The head on screen. */
  choice: HeadChoice;
  /** What the reference Transformer said last; it may be another head's. */
  latest: Effect | undefined;
}

/**
 * What a head is good for: the answers of the reference Transformer, on the traced text and on more of
 * the document, and the button that asks for them.
 */
export function HeadEffect({ choice: { site, head }, latest }: HeadEffectProps): VNode {
  const { host, act } = useActions();
  const id = useExplanationId();
  const button = useRef<HTMLButtonElement>(null);
  const effect = latest?.site === site && latest.head === head ? latest : undefined;
  const elsewhere = effect?.kind === 'done' ? effect.elsewhere : undefined;
  const isRunning = (effect?.kind === 'done' ? elsewhere : effect)?.kind === 'running';
  const stop = (): void => act(host.stopChecking());
  const ask = (call: (head: HeadId) => Promise<void>): void => {
    // A mean is no head that could be taken away.
    if (head !== 'mean') {
      act(call({ site, head }));
    }
  };
  const press = (): void => {
    if (isRunning) {
      stop();
    } else {
      ask(effect?.kind === 'done' ? host.ablateElsewhere : host.ablate);
    }
  };
  // One button for all states, so that the keyboard's focus stays on it.
  return (
    <div
      class="effect"
      hidden={head === 'mean'}
      onKeyDown={({ key }) => key === 'Escape' && isRunning && stop()}
    >
      <div class="effect-answer" role="status">
        <Answer of={effect} />
      </div>
      <div class="effect-answer" role="status">
        <Answer of={elsewhere} />
      </div>
      <button
        ref={button}
        type="button"
        class="check-button"
        hidden={elsewhere?.kind === 'done'}
        aria-describedby={id}
        onClick={press}
      >
        {isRunning
          ? l10n.t('Stop')
          : effect?.kind === 'done'
            ? l10n.t('Measure over more of the document')
            : l10n.t('What is this head good for?')}
      </button>
      <Explanation id={id} anchor={button} text={isRunning ? '' : hintOf(effect)} />
    </div>
  );
}

/** What the button does next. */
function hintOf(effect: Effect | undefined): string {
  return effect?.kind === 'done'
    ? effect.elsewhereHint
    : l10n.t(
        'Measure how well the model guesses the tokens of the text with this head and without it',
      );
}

function Answer({
  of,
}: {
  of: RunningRequest | { kind: 'done'; sentences: readonly ExplainedSentence[] } | undefined;
}): VNode | null {
  switch (of?.kind) {
    case undefined:
      return null;
    case 'running':
      return (
        <p class="check-status quiet">
          <ProgressRing />
          {of.label}
        </p>
      );
    case 'failed':
      return <p>{of.message}</p>;
    case 'done':
      return (
        <p>
          <ExplainedSentences sentences={of.sentences} />
        </p>
      );
  }
}
