import { l10n } from 'vscode';
import type {
  HeadEffect,
  HeadEffectFound,
  TraceCheck,
  RunningRequest,
} from '../../shared/attentionPanel';
import type { HeadId, TraceSummary } from '../../shared/attention';
import { asFailure, type Phrase } from '../../shared/failure';
import type { Verification } from '../../shared/verification';
import { effectSentences } from '../../wording/effect/effectSentences';
import { elsewhereHint, elsewhereSentences } from '../../wording/effect/elsewhereSentences';
import { verificationWords } from '../../wording/verification/verificationWords';
import type { EngineClient } from '../engine/engineClient';
import { explain, translate, translateSentence } from '../messages';
import { LatestRequest, type RequestProgress, type RequestState } from './latestRequest';

/** What the panel hears while the reference Transformer works, and at the end. */
type Tell<T> = (state: T | undefined) => void;

/**
 * The long requests about the trace on screen, one at a time: comparing the runtime with the reference
 * Transformer, the effect of a head, and the scores of all heads on random tokens.
 */
export class ReferenceChecks {
  private readonly requests = new LatestRequest();

  constructor(private readonly engine: EngineClient) {}

  /** Ends what is being asked, if anything is. */
  stop(): void {
    this.requests.stop();
  }

  /** Compares the trace with the reference. Never throws: a failure is a state. */
  async verify({ trace }: TraceSummary, tell: Tell<TraceCheck>): Promise<void> {
    await this.requests.run(
      (asking) => this.engine.call('verify', { trace }, asking),
      (how) => tell(how?.kind === 'done' ? checkOf(how.answer) : how && underway(how)),
    );
  }

  /** Finds out what the trace's text loses without a head. */
  async ablate(summary: TraceSummary, choice: HeadId, tell: Tell<HeadEffect>): Promise<void> {
    const { trace, sequences } = summary;
    const { site, head } = choice;
    await this.requests.run(
      (asking) => this.engine.call('ablate', { trace, site, head }, asking),
      (how) =>
        tell(
          how?.kind === 'done'
            ? {
                ...choice,
                kind: 'done',
                sentences: effectSentences(how.answer, sequences).map(translateSentence),
                elsewhereHint: translate(elsewhereHint(how.answer)),
              }
            : how && { ...choice, ...underway(how) },
        ),
    );
  }

  /** Has the heads measured on random tokens; the engine keeps what it found. */
  async measureScores(
    { trace }: TraceSummary,
    tell: Tell<RunningRequest | { kind: 'done' }>,
  ): Promise<void> {
    await this.requests.run(
      (asking) => this.engine.call('headScores', { trace }, asking),
      (how) =>
        tell(how?.kind === 'done' ? { kind: 'done' } : how && underway(how, () => scoresLabel())),
    );
  }

  /**
   * Finds out what further text loses without a head.
   * @param found what the trace's text loses, which stays on screen.
   * @param texts those that pieces are cut of; undefined where the document is closed.
   */
  async ablateElsewhere(
    { trace }: TraceSummary,
    { site, head }: HeadId,
    found: HeadEffectFound,
    texts: string[] | undefined,
    tell: (state: HeadEffect) => void,
  ): Promise<void> {
    const { elsewhere: _, ...first } = found;
    const show = (elsewhere: HeadEffectFound['elsewhere']): void =>
      tell({ site, head, ...first, ...(elsewhere && { elsewhere }) });
    if (texts === undefined) {
      this.stop();
      show({
        kind: 'failed',
        message: l10n.t('The document was closed: open it and trace again.'),
      });
      return;
    }
    await this.requests.run(
      (asking) => this.engine.call('ablateElsewhere', { trace, site, head, texts }, asking),
      (how) =>
        show(
          how?.kind === 'done'
            ? { kind: 'done', sentences: elsewhereSentences(how.answer).map(translateSentence) }
            : how && underway(how, piecesLabel),
        ),
    );
  }
}

function underway(
  how: Exclude<NonNullable<RequestState<unknown>>, { kind: 'done' }>,
  labelOf: (progress: RequestProgress | undefined) => string = layersLabel,
): RunningRequest {
  return how.kind === 'failed'
    ? { kind: 'failed', message: explain(asFailure(how.error)) }
    : { kind: 'running', label: labelOf(how.progress) };
}

function layersLabel(progress: RequestProgress | undefined): string {
  return progress === undefined
    ? l10n.t('Running the reference Transformer…')
    : l10n.t('Running the reference Transformer: {0} of {1} layers', progress.done, progress.total);
}

function scoresLabel(): string {
  return l10n.t('Measuring all heads on random tokens…');
}

function piecesLabel(progress: RequestProgress | undefined): string {
  return progress === undefined
    ? l10n.t('Measuring further pieces of the document…')
    : l10n.t(
        'Measuring further pieces of the document: {0} of {1} done',
        progress.done,
        progress.total,
      );
}

/** What was compared, in the user's language. */
function checkOf(found: Verification): TraceCheck {
  const { verdict, badge, sentences, rows } = verificationWords(found);
  const words = (text: Phrase | string): string =>
    typeof text === 'string' ? text : translate(text);
  return {
    kind: 'done',
    verdict,
    badge: translate(badge),
    explanation: sentences.map(({ text, meaning }) => ({
      text: 'kind' in text ? explain(text) : translate(text),
      ...(meaning && { meaning: translate(meaning) }),
    })),
    title: l10n.t('Largest difference between runtime and reference'),
    columns: {
      part: l10n.t('Part'),
      value: l10n.t('Difference'),
      limit: l10n.t('Limit'),
    },
    rows: rows.map(({ name, value, limit, meaning }) => ({
      name: words(name),
      value: words(value),
      limit,
      meaning: translate(meaning),
    })),
  };
}
