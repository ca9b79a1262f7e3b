import type { TraceSummary } from '../../shared/attention';
import { toHalfPrecision } from '../../reference/halfPrecision';
import { fakeQuantize, type Rounding } from '../../reference/fakeQuantize';
import type { Tensor } from '../../reference/tensor';
import type { RunOptions } from '../../reference/transformer';
import type { Reference } from './referenceOf';
import { runOptionsOf, referenceInputOf, type RunControl } from './tracedRun';

/** The parts of a trace that the reference needs. */
export type TracedInput = Pick<TraceSummary, 'sequences' | 'sites'>;

/** What a run of the reference on a trace's tokens computed. */
export interface ComputedRun {
  /** Attention probabilities [head][query][key] by layer. */
  patterns: ReadonlyMap<string, Float32Array>;
  /** [tokens, vocabulary] */
  logits: Float32Array;
}

/** A run with other rounding. The runtime may differ by `margin` times as much as this run does. */
export interface RoundedRun extends ComputedRun {
  margin: number;
}

/*
 * Margins of the rounded runs, measured over fixtures and the bundled models:
 * docs/decisions/0044-verify-follows-the-graphs-rounding.md.
 */
const HALF_MARGIN = 8;
const TIES_MARGIN = 4;
const UNFOLLOWED_MARGIN = 1;

/** A hook point that is computed only when it is recorded. */
const UNUSED_POINT = /hook_result$/;

/** The points with operands of attention's own products. */
const OPERANDS = /\.hook_(rot_)?[qk]$|\.hook_(v|pattern)$/;

/**
 * Runs of the reference on a trace's tokens, each made when it is first asked for: one to compare the
 * runtime with, and others that show how much rounding can change.
 */
export class ReferenceRuns {
  private readonly made = new Map<string, Promise<ComputedRun>>();
  /** How many values of activations were rounded in all runs together. */
  roundedValues = 0;
  private done = 0;
  private total: number;

  constructor(
    private readonly reference: Reference,
    private readonly summary: TracedInput,
    private readonly control: RunControl,
  ) {
    // Where activations are rounded, a step from a cache takes a run of its own.
    const runs = reference.followed && summary.sequences.decoder !== undefined ? 2 : 1;
    this.total = runs * this.layers + summary.sites.length;
  }

  /**
   * The run that the runtime is compared with.
   * @param steps how many tokens of the decoder each step computes, where they go on from a cache.
   */
  compared(steps?: readonly number[]): Promise<ComputedRun> {
    return this.run('compared', { ...this.rounding('even', steps) });
  }

  /** Runs that show how much rounding can change; none where the graph computes in float32. */
  async rounded(steps?: readonly number[]): Promise<RoundedRun[]> {
    const { half, followed: isFollowed, unfollowed } = this.reference;
    const runs: RoundedRun[] = [];
    if (half) {
      const replace = this.replacing((point) => !UNUSED_POINT.test(point), toHalfPrecision);
      const run = await this.run('half', { ...this.rounding('even', steps), replace });
      const logits = toHalfPrecision({ dims: [run.logits.length], data: run.logits }).data;
      runs.push({ ...run, logits, margin: HALF_MARGIN });
    }
    if (isFollowed) {
      const run = await this.run('ties', this.rounding('other', steps));
      runs.push({ ...run, margin: TIES_MARGIN });
    }
    if (unfollowed.length > 0) {
      const rounding: Rounding = { ties: 'even', all: true, ...(steps && { steps }) };
      const rounded = (value: Tensor): Tensor => fakeQuantize(value, { ties: 'even' });
      const replace = unfollowed.includes('fixedScales')
        ? this.replacing((point) => OPERANDS.test(point), rounded)
        : new Map<string, never>();
      const run = await this.run('all', { rounding, replace });
      runs.push({ ...run, margin: UNFOLLOWED_MARGIN });
    }
    return runs;
  }

  /** Says that another layer was compared. */
  siteDone(): void {
    this.done += 1;
    this.control.report({ done: this.done, total: this.total });
  }

  /** How linear layers round their inputs where the reference follows the graph. */
  private rounding(
    ties: Rounding['ties'],
    steps?: readonly number[],
  ): Pick<RunOptions, 'rounding'> {
    const onRounded = (values: number): void => {
      this.roundedValues += values;
    };
    return this.reference.followed
      ? { rounding: { ties, onRounded, ...(steps && { steps }) } }
      : {};
  }

  private replacing(
    isReplaced: (point: string) => boolean,
    change: (value: Tensor) => Tensor,
  ): NonNullable<RunOptions['replace']> {
    const points = [...this.reference.model.hookPoints.keys()].filter(isReplaced);
    return new Map(points.map((point) => [point, change]));
  }

  private run(
    name: string,
    options: Pick<RunOptions, 'rounding' | 'replace'>,
  ): Promise<ComputedRun> {
    const key = `${name} ${options.rounding?.steps?.join(' ') ?? ''}`;
    const running = this.made.get(key) ?? this.start(options);
    this.made.set(key, running);
    return running;
  }

  private async start(options: Pick<RunOptions, 'rounding' | 'replace'>): Promise<ComputedRun> {
    const { signal, report } = this.control;
    const before = this.done;
    this.total = Math.max(this.total, before + this.layers);
    const patterns = new Map(this.summary.sites.map(({ id }) => [`${id}.hook_pattern`, id]));
    const { points, logits } = await this.reference.model.run(referenceInputOf(this.summary), {
      ...runOptionsOf({
        signal,
        report: ({ done }) => report({ done: before + done, total: this.total }),
      }),
      ...options,
      record: (point) => patterns.has(point),
    });
    this.done = before + this.layers;
    return {
      patterns: new Map(
        Array.from(points, ([point, { data }]) => [patterns.get(point) ?? point, data]),
      ),
      logits: logits.data,
    };
  }

  private get layers(): number {
    const { encoder, decoder } = this.reference.model.shape;
    return (encoder?.layers ?? 0) + (decoder?.layers ?? 0);
  }
}
