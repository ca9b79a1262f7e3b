import { l10n } from 'vscode';
import type { HeadChoice, HeadEffect, TraceCheck, Underway } from '../../shared/attentionPanel';
import type { TracedToken, TraceSummary } from '../../shared/attention';
import { asFailure } from '../../shared/failure';
import type { Effect } from '../../shared/referenceRun';
import type { Verification } from '../../shared/verification';
import { verificationWords } from '../../shared/verificationWords';
import { tokenLabels } from '../../shared/tokenLabel';
import type { EngineClient } from '../engine/engineClient';
import { explain, translate } from '../messages';
import { Questions, type Asked } from './questions';

/** What the panel hears while the reference Transformer works, and at the end. */
type Tell<T> = (state: T | undefined) => void;

/**
 * Asks the reference Transformer about the trace on screen: whether the runtime's numbers are right,
 * and what a head does. One question at a time.
 */
export class ReferenceChecks {
  private readonly questions = new Questions();

  constructor(private readonly engine: EngineClient) {}

  /** Ends what is being asked, if anything is. */
  stop(): void {
    this.questions.stop();
  }

  /** Holds the trace's numbers against the reference's. Never fails: that is a state, too. */
  async verify({ trace }: TraceSummary, tell: Tell<TraceCheck>): Promise<void> {
    await this.questions.ask(
      (asking) => this.engine.call('verify', { trace }, asking),
      (how) => tell(how?.kind === 'done' ? checkOf(how.answer) : how && underway(how)),
    );
  }

  /** Finds out what the trace's text loses without a head. */
  async ablate(summary: TraceSummary, choice: HeadChoice, tell: Tell<HeadEffect>): Promise<void> {
    const { trace, sequences } = summary;
    const { site, head } = choice;
    const tokens = sequences.decoder ?? sequences.encoder ?? [];
    await this.questions.ask(
      (asking) => this.engine.call('ablate', { trace, site, head }, asking),
      (how) =>
        tell(
          how?.kind === 'done'
            ? { ...choice, kind: 'done', sentences: sentencesOf(how.answer, tokens) }
            : how && { ...choice, ...underway(how) },
        ),
    );
  }
}

function underway(how: Exclude<NonNullable<Asked<unknown>>, { kind: 'done' }>): Underway {
  if (how.kind === 'failed') {
    return { kind: 'failed', message: explain(asFailure(how.error)) };
  }
  const label =
    how.progress === undefined
      ? l10n.t('Running the reference Transformer…')
      : l10n.t(
          'Running the reference Transformer: {0} of {1} layers',
          how.progress.done,
          how.progress.total,
        );
  return { kind: 'running', label };
}

/** What was compared, in the user's language. */
function checkOf(found: Verification): TraceCheck {
  const { verdict, badge, sentences, rows } = verificationWords(found);
  return {
    kind: 'done',
    agrees: verdict === 'matches',
    badge: translate(badge),
    explanation: sentences.map((each) => ('kind' in each ? explain(each) : translate(each))),
    title: l10n.t('Largest difference between runtime and reference'),
    rows: rows.map(({ name, value }) => ({
      name: typeof name === 'string' ? name : translate(name),
      value,
    })),
  };
}

/** What is said of an effect on a text's tokens. */
function sentencesOf(
  { tokens, meanLogChange, divergence }: Effect,
  text: readonly TracedToken[],
): string[] {
  const factor = Math.exp(meanLogChange);
  const change =
    factor < 1
      ? l10n.t(
          'Without this head the model finds the text’s tokens {0}% less likely on average.',
          percent(1 - factor),
        )
      : l10n.t(
          'Without this head the model finds the text’s tokens {0}% more likely on average.',
          percent(factor - 1),
        );
  // One that changed as the mean did: any other would seem to contradict it.
  const sign = factor < 1 ? -1 : 1;
  const [most] = tokens
    .filter(({ before, after }) => Math.sign(after - before) === sign)
    .sort((one, other) => Math.abs(other.after - other.before) - Math.abs(one.after - one.before));
  const divergenceIs = l10n.t(
    'What it expects at each place changes by {0} nats (mean divergence).',
    divergence.toFixed(3),
  );
  if (most === undefined) {
    return tokens.length === 0 ? [divergenceIs] : [change, divergenceIs];
  }
  const { token, before, after } = most;
  return [
    change,
    l10n.t(
      'Most of all “{0}”: {1}% becomes {2}%.',
      tokenLabels(text)[token] ?? '',
      percent(before),
      percent(after),
    ),
    divergenceIs,
  ];
}

function percent(share: number): string {
  return (share * 100).toFixed(share < 0.1 ? 1 : 0);
}
