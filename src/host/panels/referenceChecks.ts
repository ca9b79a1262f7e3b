import { l10n } from 'vscode';
import type { HeadEffect, TraceCheck, Underway } from '../../shared/attentionPanel';
import type { HeadPlace, TracedToken, TraceSummary } from '../../shared/attention';
import { asFailure } from '../../shared/failure';
import {
  agrees,
  largestDifference,
  type Effect,
  type Verification,
} from '../../shared/referenceRun';
import { tokenLabels } from '../../shared/tokenLabel';
import type { EngineClient } from '../engine/engineClient';
import { explain } from '../messages';
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
  async ablate(summary: TraceSummary, choice: HeadPlace, tell: Tell<HeadEffect>): Promise<void> {
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

function checkOf(found: Verification): TraceCheck {
  const { sites, logits, quantized, saturating } = found;
  const isRounding = agrees(found);
  const largest = largestDifference(found);
  return {
    kind: 'done',
    agrees: isRounding,
    badge: isRounding
      ? l10n.t('Verified: |Δ| ≤ {0}', roundedUp(largest))
      : l10n.t('Differs: |Δ| up to {0}', roundedUp(largest)),
    explanation: isRounding
      ? l10n.t(
          'A second implementation, written in plain TypeScript, computed the same numbers up to rounding.',
        )
      : saturating
        ? l10n.t(
            'This processor cuts off sums of the model’s 8-bit products (x86 without VNNI): the numbers are further off here than on other machines. Weights of another type are exact.',
          )
        : quantized
          ? l10n.t(
              'The model’s weights are integers. ONNX Runtime rounds what it multiplies with them, too, which the reference does not: such differences are no error.',
            )
          : l10n.t(
              'The reference Transformer computed other numbers. Either of the two may be wrong: compare layer by layer.',
            ),
    title: l10n.t('Largest difference between runtime and reference'),
    rows: [
      ...sites.map(({ id, maxAbsDiff }) => ({ name: id, value: roundedUp(maxAbsDiff) })),
      ...(logits === undefined
        ? []
        : [
            {
              name: l10n.t('logits (the largest is {0})', logits.scale.toFixed(1)),
              value: roundedUp(logits.maxAbsDiff),
            },
          ]),
    ],
  };
}

/** To two digits, so that what is said holds, and the figure on the badge is one of the table. */
function roundedUp(value: number): string {
  const step = 10 ** (Math.floor(Math.log10(value || Number.MIN_VALUE)) - 1);
  return value === 0 ? '0' : (Math.ceil(value / step) * step).toExponential(1);
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
