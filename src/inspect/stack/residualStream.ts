import type { Computation, Step } from './computation';
import type { Norm, Norms } from './norms';
import { isProduct } from './products';

/** A sum that adds what a part of a model computes to the residual stream (He et al. 2016). */
export interface ResidualSum {
  step: Step;
  /** The stream before it. */
  before: string;
  /** The state that the part reads: the stream before, or before the sum that it is parallel to. */
  reads: string;
  /** What is added. */
  added: string;
  result: string;
}

/** The residual stream of one stack, from the embedding on. */
export interface ResidualStream {
  /** What the first part reads. */
  start: string;
  sums: readonly StreamSum[];
  /** The state behind the last part, which the last norm reads. */
  end: string;
}

export interface StreamSum extends ResidualSum {
  /** The norms that the stream goes through behind the sum. */
  normsAfter: readonly Norm[];
}

/** Operators that the stream may go through between two sums, besides norms. */
const CARRIERS: ReadonlySet<string> = new Set([
  ...['Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Clip', 'Min', 'Max'],
  ...['Mul', 'Div', 'Where'],
]);

/** Values looked at between two sums. One or two are usual. */
const STREAM_STEPS = 8;

/** Sums of one stream. The largest models have 126 layers, with at most three of them each. */
const MOST_SUMS = 2048;

/** Steps looked at from an attention to the sum that adds its result. Quantised graphs have some 30. */
const STEPS_TO_SUM = 2048;

/** Finds residual streams: chains of sums x + f(x), with norms between them or not. */
export class ResidualStreams {
  private readonly known = new Map<Step, ResidualSum | undefined>();

  constructor(
    private readonly computation: Computation,
    private readonly norms: Norms,
    private readonly attentions: ReadonlySet<Step>,
  ) {}

  /** The stream that an attention adds its result to; undefined if it is added to none. */
  through(attention: Step): ResidualStream | undefined {
    const first = this.sumAfter(attention);
    if (first === undefined) {
      return undefined;
    }
    const sums = [first];
    let start = first.before;
    for (let sum = this.sumBehind(start); sum !== undefined; sum = this.sumBehind(start)) {
      sums.unshift(sum);
      start = sum.before;
      if (sums.length > MOST_SUMS) {
        return undefined;
      }
    }
    const all = this.onwards(sums);
    const last = all.at(-1) ?? first;
    const end = all.at(-1)?.normsAfter.at(-1)?.output ?? last.result;
    return { start, sums: all, end: this.atNorm(end) };
  }

  /** The sums that are known, and all behind them, with the norms between them. */
  private onwards(known: readonly ResidualSum[]): StreamSum[] {
    const sums: StreamSum[] = [];
    let [at] = known;
    while (at !== undefined && sums.length < MOST_SUMS) {
      const next = this.sumFrom(at.result);
      sums.push({ ...at, normsAfter: next?.norms ?? [] });
      at = next?.sum;
    }
    const last = sums.at(-1);
    return last === undefined
      ? sums
      : [...sums.slice(0, -1), { ...last, normsAfter: this.normsAfterLast(sums, last) }];
  }

  /** The norm behind the last sum, unless it is that of the whole stack. */
  private normsAfterLast(sums: readonly StreamSum[], { result }: StreamSum): readonly Norm[] {
    const [norm] = this.norms.reading(this.atNorm(result));
    const others = sums.slice(0, -1);
    const isUsual = others.length > 0 && others.every((sum) => sum.normsAfter.length > 0);
    const isFollowed = norm !== undefined && this.norms.reading(norm.output).length > 0;
    return norm !== undefined && (isUsual || isFollowed) ? [norm] : [];
  }

  /** What a norm reads of a value in another form; if none does, the value. */
  private atNorm(value: string): string {
    let at = value;
    for (let steps = 0; steps < STREAM_STEPS; steps++) {
      if (this.norms.reading(at).length > 0) {
        return at;
      }
      const carrier = this.computation.uses(at).find(({ step }) => this.carried(step) === at);
      at = carrier?.step.outputs[0] ?? '';
    }
    return value;
  }

  /** The first sum behind an attention that adds what comes of it to what it was computed from. */
  private sumAfter(attention: Step): ResidualSum | undefined {
    const { computation } = this;
    const [result = ''] = attention.outputs;
    const depends = new Set(attention.outputs);
    for (const step of computation.steps.slice(
      attention.index + 1,
      attention.index + STEPS_TO_SUM,
    )) {
      const inputs = step.inputs.filter((value) => depends.has(value));
      if (inputs.length === 0) {
        continue;
      }
      step.outputs.forEach((output) => depends.add(output));
      const others = computation.computed(step).filter((value) => !depends.has(value));
      const [other] = others;
      const [added] = inputs;
      const isSum = step.operator === 'Add' && inputs.length === 1 && others.length === 1;
      if (isSum && other !== undefined && added !== undefined) {
        if (computation.between(other, result).length > 0) {
          const [sum = ''] = step.outputs;
          return { step, before: other, reads: other, added, result: sum };
        }
        const parallel = this.parallelSum(step);
        if (parallel !== undefined) {
          return parallel;
        }
      }
    }
    return undefined;
  }

  /** The sum that a value is the result of, but for norms and what carries the stream. */
  private sumBehind(value: string): ResidualSum | undefined {
    let at = value;
    for (let steps = 0; steps < STREAM_STEPS; steps++) {
      const norm = this.norms.of(at);
      const step = this.computation.producer(at);
      if (norm !== undefined) {
        at = norm.input;
        continue;
      }
      const sum = step === undefined ? undefined : this.sumOf(step);
      const carried = step === undefined ? undefined : this.carried(step);
      if (sum !== undefined || carried === undefined) {
        return sum;
      }
      at = carried;
    }
    return undefined;
  }

  /** The next sum that adds to a value, or to what becomes of it by norms and what carries it. */
  private sumFrom(value: string): { sum: ResidualSum; norms: readonly Norm[] } | undefined {
    const ways: { at: string; norms: readonly Norm[] }[] = [{ at: value, norms: [] }];
    for (const { at, norms } of ways) {
      const uses = this.computation.uses(at);
      for (const { step } of uses) {
        const sum = this.sumOf(step);
        if (sum?.before === at) {
          return { sum, norms };
        }
      }
      for (const norm of this.norms.reading(at)) {
        ways.push({ at: norm.output, norms: [...norms, norm] });
      }
      for (const { step } of uses) {
        const [output] = step.outputs;
        if (
          output !== undefined &&
          this.carried(step) === at &&
          this.norms.of(output) === undefined
        ) {
          ways.push({ at: output, norms });
        }
      }
      if (ways.length > STREAM_STEPS) {
        return undefined;
      }
    }
    return undefined;
  }

  /** A step as a sum x + f(x) with a weight in f, or as x + g(x) + f(x). */
  private sumOf(step: Step): ResidualSum | undefined {
    if (!this.known.has(step)) {
      this.known.set(step, this.plainSum(step) ?? this.parallelSum(step));
    }
    return this.known.get(step);
  }

  private plainSum(step: Step): ResidualSum | undefined {
    const [before, added] = this.operandsInOrder(step);
    const [result] = step.outputs;
    return before !== undefined &&
      added !== undefined &&
      result !== undefined &&
      this.isPart(before, added)
      ? { step, before, reads: before, added, result }
      : undefined;
  }

  /** x + g(x), to which something is added that was computed of x as well. */
  private parallelSum(step: Step): ResidualSum | undefined {
    const [one, other] = this.operandsInOrder(step);
    const [result] = step.outputs;
    if (one === undefined || other === undefined || result === undefined) {
      return undefined;
    }
    for (const [before, added] of [
      [one, other],
      [other, one],
    ] as const) {
      const earlier = this.computation.producer(before);
      const sum = earlier === undefined ? undefined : this.plainSum(earlier);
      if (sum !== undefined && this.isPart(sum.reads, added)) {
        return { step, before, reads: sum.reads, added, result };
      }
    }
    return undefined;
  }

  /** The two computed operands of an `Add`, the earlier one first. */
  private operandsInOrder(step: Step): string[] {
    const operands = step.operator === 'Add' ? this.computation.computed(step) : [];
    const place = (value: string): number => this.computation.producer(value)?.index ?? -1;
    return operands.length === 2 ? operands.sort((a, b) => place(a) - place(b)) : [];
  }

  private isPart(from: string, to: string): boolean {
    return this.computation
      .between(from, to)
      .some((step) => isProduct(step, this.computation) || this.attentions.has(step));
  }

  /** The one value that a step only carries on. */
  private carried(step: Step): string | undefined {
    const [value, ...others] = this.computation.computed(step);
    return !CARRIERS.has(step.operator) || step.inputs[0] === undefined
      ? undefined
      : ['Mul', 'Div', 'Where', 'Min', 'Max'].includes(step.operator)
        ? others.length === 0
          ? value
          : undefined
        : step.inputs[0];
  }
}
