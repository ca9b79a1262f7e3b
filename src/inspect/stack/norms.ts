import type { NormKind } from '../../shared/modelStack';
import type { Computation, Step } from './computation';

/** A norm over the features of each state. */
export interface Norm {
  kind: NormKind;
  input: string;
  output: string;
}

const OPERATORS: ReadonlyMap<string, NormKind> = new Map([
  ['LayerNormalization', 'layerNorm'],
  ['SimplifiedLayerNormalization', 'rmsNorm'],
  ['RMSNormalization', 'rmsNorm'],
]);

/** Operators between the mean of squares and what a state is divided by, or multiplied with. */
const TO_DEVIATION: ReadonlySet<string> = new Set([
  ...['Add', 'Sqrt', 'Reciprocal', 'Div', 'Pow', 'Max', 'Clip', 'Mul', 'Sub'],
]);

/** Steps between the two; four or five are usual. */
const DEVIATION_STEPS = 8;

/**
 * The norms of a graph: operators, and what exporters write out of them,
 * LayerNorm(x) = γ (x − mean(x)) / √(mean((x − mean(x))²) + ε) + β (Ba et al. 2016) and
 * RMSNorm(x) = γ x / √(mean(x²) + ε) (Zhang & Sennrich 2019).
 */
export class Norms {
  private readonly byOutput = new Map<string, Norm>();
  private readonly byInput = new Map<string, Norm[]>();

  constructor(private readonly computation: Computation) {
    for (const step of computation.steps) {
      const found = this.fused(step) ?? this.writtenOut(step);
      if (found !== undefined) {
        const { norm, outputs } = found;
        outputs.forEach((output) => this.byOutput.set(output, norm));
        this.byInput.set(norm.input, [...(this.byInput.get(norm.input) ?? []), norm]);
      }
    }
  }

  /** The norm that a value is the result of. */
  of(value: string): Norm | undefined {
    return this.byOutput.get(value);
  }

  /** The norms of a value. */
  reading(value: string): readonly Norm[] {
    return this.byInput.get(value) ?? [];
  }

  private fused({ operator, inputs, outputs }: Step): Found | undefined {
    const kind = OPERATORS.get(operator);
    const [input = ''] = inputs;
    const [output = ''] = outputs;
    return kind === undefined || input === '' || this.computation.isFixed(input)
      ? undefined
      : { norm: { kind, input, output }, outputs: [output] };
  }

  private writtenOut(step: Step): Found | undefined {
    const [left = '', right = ''] = step.inputs;
    const ways: [string, string][] =
      step.operator === 'Div'
        ? [[left, right]]
        : step.operator === 'Mul'
          ? [
              [left, right],
              [right, left],
            ]
          : [];
    for (const [state, deviation] of ways) {
      const centred = this.centred(state);
      if (this.isDeviation(deviation, centred)) {
        const { value, isCentred } = centred;
        return this.withScale(step, value, isCentred ? 'layerNorm' : 'rmsNorm');
      }
    }
    return undefined;
  }

  /** A value less its mean, or as it is. */
  private centred(value: string): Centred {
    const step = this.computation.producer(value);
    const [from = '', mean = ''] = step?.operator === 'Sub' ? step.inputs : [];
    const averaged = this.computation.producer(mean);
    return averaged?.operator === 'ReduceMean' && averaged.inputs[0] === from
      ? { value: from, isCentred: true }
      : { value, isCentred: false };
  }

  /** Whether a value is made of the mean of the squares of another. */
  private isDeviation(value: string, of: Centred): boolean {
    let at = value;
    for (let steps = 0; steps < DEVIATION_STEPS; steps++) {
      const step = this.computation.producer(at);
      if (step === undefined || this.computation.isFixed(at)) {
        return false;
      }
      if (step.operator === 'ReduceMean') {
        return this.isSquare(step.inputs[0] ?? '', of);
      }
      const [next, ...others] = this.computation.computed(step);
      if (!TO_DEVIATION.has(step.operator) || next === undefined || others.length > 0) {
        return false;
      }
      at = next;
    }
    return false;
  }

  private isSquare(value: string, of: Centred): boolean {
    const step = this.computation.producer(value);
    if (step?.operator !== 'Pow' && step?.operator !== 'Mul') {
      return false;
    }
    const [base, ...others] = this.computation.computed(step);
    if (base === undefined || others.length > 0) {
      return false;
    }
    const centred = this.centred(base);
    return centred.value === of.value && centred.isCentred === of.isCentred;
  }

  /** Goes on from the divided state over γ and β, which may be left out. */
  private withScale(core: Step, input: string, kind: NormKind): Found {
    const outputs = core.outputs.slice(0, 1);
    for (const operator of kind === 'layerNorm' ? ['Mul', 'Add'] : ['Mul']) {
      const next = this.computation
        .uses(outputs.at(-1) ?? '')
        .find(
          ({ step, input }) =>
            step.operator === operator &&
            step.inputs.length === 2 &&
            this.computation.isFixed(step.inputs[1 - input] ?? ''),
        );
      const [output] = next?.step.outputs ?? [];
      if (output !== undefined) {
        outputs.push(output);
      }
    }
    return { norm: { kind, input, output: outputs.at(-1) ?? '' }, outputs };
  }
}

interface Found {
  norm: Norm;
  /** Values on the way to its result, and that. */
  outputs: readonly string[];
}

interface Centred {
  value: string;
  isCentred: boolean;
}
