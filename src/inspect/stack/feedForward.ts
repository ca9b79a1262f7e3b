import { intAttribute } from '../../onnx/graph/attributes';
import type { FeedForwardPart } from '../../shared/modelStack';
import { activationIn } from './activation';
import type { Computation, Step } from './computation';
import { isConvolution, isProduct, widthAfter, widthBefore } from './products';

/** Operators by which states of several tokens come together, attention apart. */
const MIXING = /Attention|Scan|Loop|LSTM|GRU|RNN|CumSum|DFT|StateSpace|^Causal|State$/;

/** Operators that choose the experts of a token. */
const CHOICE = 'TopK';

/**
 * Operators that have all experts in them (ONNX Runtime, "Contrib Operators"), with the inputs that the
 * matrices are: into the experts, out of them, [experts, width, inner], and the gate of each.
 */
const EXPERTS: ReadonlyMap<string, { up: number; down: number; gate: number }> = new Map([
  ['MoE', { up: 2, down: 4, gate: 6 }],
  ['QMoE', { up: 2, down: 5, gate: 8 }],
]);

/**
 * A part of a block as a feed-forward part: products with an activation between, for each token by itself
 * (Vaswani et al. 2017, section 3.3; gated: Shazeer 2020). Undefined if it is something else.
 * @param reads the state that it reads. @param steps those that depend on it, in order.
 */
export function feedForwardOf(
  reads: string,
  steps: readonly Step[],
  computation: Computation,
): FeedForwardPart | undefined {
  const products = steps.filter((step) => isProduct(step, computation));
  const fused = products.find(({ operator }) => EXPERTS.has(operator));
  const [first] = products;
  const last = products.at(-1);
  const activation = activationIn(steps, computation);
  if (
    first === undefined ||
    last === undefined ||
    steps.some((step) => MIXING.test(step.operator) || isWide(step)) ||
    (fused === undefined && (products.length < 2 || activation === undefined))
  ) {
    return undefined;
  }
  if (fused !== undefined) {
    return expertsInOne(fused, activation, computation);
  }
  const experts = expertsOf(steps, computation);
  return {
    kind: 'feedForward',
    widths: widthsOf(reads, steps, computation),
    ...(activation === undefined ? {} : { activation }),
    isGated: isGated(reads, steps, computation),
    ...(experts === undefined ? {} : { experts }),
  };
}

function expertsInOne(
  { operator, node }: Step,
  activation: string | undefined,
  computation: Computation,
): FeedForwardPart {
  const { up, down, gate } = EXPERTS.get(operator) ?? { up: -1, down: -1, gate: -1 };
  const sizesOf = (input: number) =>
    computation
      .shape(computation.settled(node.inputs[input] ?? ''))
      ?.filter((size) => typeof size === 'number') ?? [];
  const [experts] = sizesOf(up);
  const [, width, inner] = sizesOf(down);
  // Of packed numbers there are several in an element.
  const areWhole = operator === 'MoE' && width !== undefined && inner !== undefined;
  return {
    kind: 'feedForward',
    widths: areWhole ? [width, inner, width] : [],
    ...(activation === undefined ? {} : { activation }),
    isGated: (node.inputs[gate] ?? '') !== '' || (intAttribute(node, 'swiglu_fusion') ?? 0) > 0,
    ...(experts === undefined ? {} : { experts }),
  };
}

/** Whether a convolution takes in more than one place. */
function isWide(step: Step): boolean {
  const kernel = step.weights.find(({ tensor }) => tensor.dims.length > 2)?.tensor.dims.slice(2);
  return isConvolution(step) && kernel?.some((size) => size > 1) === true;
}

/** Sizes from what is read over what the last product takes to what it gives. */
function widthsOf(reads: string, steps: readonly Step[], computation: Computation): number[] {
  const down = lastProduct(steps, computation);
  const widths = [
    computation.width(reads),
    down === undefined ? undefined : widthBefore(down, computation),
    down === undefined ? undefined : widthAfter(down, computation),
  ];
  const known = widths.filter((width) => width !== undefined);
  return known.length === widths.length ? known : [];
}

/** The product that nothing but sums follows; with experts one of theirs, which are the most. */
function lastProduct(steps: readonly Step[], computation: Computation): Step | undefined {
  const products = steps.filter((step) => isProduct(step, computation));
  const own = new Set(steps);
  const isLast = (step: Step): boolean => {
    const seen = new Set([step]);
    for (const each of seen) {
      for (const use of each.outputs.flatMap((output) => computation.uses(output))) {
        if (own.has(use.step)) {
          seen.add(use.step);
        }
      }
    }
    return products.every((product) => product === step || !seen.has(product));
  };
  // What is chosen from several is an expert's; the last product of a router or of a gate is none.
  const ofExperts = products.filter(({ inputs }) =>
    inputs.some((value) => computation.isChosenWeight(value)),
  );
  const ends = (ofExperts.length > 0 ? ofExperts : products).filter(isLast);
  const byWidth = new Map<number | undefined, Step[]>();
  for (const end of ends) {
    const width = widthBefore(end, computation);
    byWidth.set(width, [...(byWidth.get(width) ?? []), end]);
  }
  return [...byWidth.values()].sort((a, b) => b.length - a.length)[0]?.[0];
}

/** How many experts there are, where tokens are shared out: what the most fitting are chosen among. */
function expertsOf(steps: readonly Step[], computation: Computation): number | undefined {
  const widths = steps
    .filter(({ operator }) => operator === CHOICE)
    .map(({ inputs }) => computation.width(inputs[0] ?? ''))
    .filter((width) => width !== undefined);
  return widths.length === 0 ? undefined : Math.max(...widths);
}

/** Whether two products of what is read meet in a multiplication. */
function isGated(reads: string, steps: readonly Step[], computation: Computation): boolean {
  const made = new Set([reads, ...steps.flatMap(({ outputs }) => outputs)]);
  return steps.some((step) => {
    const [left, right] = step.operator === 'Mul' ? step.inputs : [];
    if (left === undefined || right === undefined || left === right) {
      return false;
    }
    if (!made.has(left) || !made.has(right)) {
      return false;
    }
    const [ofLeft, ofRight] = [left, right].map((value) => sourceOf(value, computation));
    return ofLeft !== undefined && ofRight !== undefined && ofLeft !== ofRight;
  });
}

/** Steps looked at from a factor back to the product that it comes from. An activation has ten. */
const FACTOR_STEPS = 32;

/** The product that a value comes from, and of one that is split the half. */
function sourceOf(value: string, computation: Computation): string | undefined {
  const waiting = [value];
  for (let steps = 0; steps < FACTOR_STEPS; steps++) {
    const at = waiting.shift();
    const step = computation.producer(at);
    if (at === undefined || step === undefined) {
      return undefined;
    }
    if (isProduct(step, computation) || step.operator === 'Split' || step.operator === 'Slice') {
      return at;
    }
    waiting.push(...computation.computed(step));
  }
  return undefined;
}
