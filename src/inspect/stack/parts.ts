import type { AttentionLayer } from '../../onnx/attention/findAttention';
import type { Weight } from '../../onnx/outline/weightUses';
import type { BlockPart, OtherPart } from '../../shared/modelStack';
import type { Computation, Step } from './computation';
import { feedForwardOf } from './feedForward';
import { headsOf } from './heads';
import type { Norm, Norms } from './norms';
import type { ResidualStream, StreamSum } from './residualStream';

/** A part of a block, and what it is made of. */
export interface FoundPart {
  /** Values that it adds. */
  added: readonly string[];
  sum: StreamSum;
  attention?: AttentionLayer;
  /** Steps that depend on the state that it reads, in order. */
  steps: readonly Step[];
  /** All its steps, those that compute its operands from elsewhere among them. */
  own: ReadonlySet<Step>;
  isParallel: boolean;
  /** The last one of its sum. */
  isLast: boolean;
}

/** What is the same for all parts of a file. */
export interface PartContext {
  computation: Computation;
  norms: Norms;
  attentions: ReadonlyMap<Step, AttentionLayer>;
  /** States of the residual streams, which parts are computed from. */
  states: ReadonlySet<string>;
}

/** The parts of a stream, in the order in which they are added. */
export function partsOfStream({ sums }: ResidualStream, context: PartContext): FoundPart[] {
  let taken = new Set<Step>();
  return sums.flatMap((sum) => {
    // What parts beside each other share, such as a norm, belongs to the first.
    taken = sum.reads === sum.before ? new Set() : taken;
    return partsOfSum(sum, taken, context);
  });
}

/**
 * The parts whose results one sum adds: one, or attention and feed-forward beside each other.
 * @param taken steps that belong to a part before; those of these parts are added.
 */
function partsOfSum(sum: StreamSum, taken: Set<Step>, context: PartContext): FoundPart[] {
  const { computation, attentions, states } = context;
  const groups = groupsOf(sum, context);
  const isBeside = sum.reads !== sum.before;
  const all = computation.before(sum.added, states);
  const parts = groups.map((added, index): FoundPart => {
    const depends = new Set(added.flatMap((value) => computation.between(sum.reads, value)));
    const steps = [...depends].sort((a, b) => a.index - b.index);
    const own = new Set<Step>();
    for (const value of added) {
      for (const step of computation.before(value, states)) {
        if (!taken.has(step)) {
          own.add(step);
        }
      }
    }
    own.forEach((step) => taken.add(step));
    const attention = steps.flatMap((step) => attentions.get(step) ?? [])[0];
    return {
      added,
      sum,
      steps,
      own,
      ...(attention === undefined ? {} : { attention }),
      isParallel: isBeside || index > 0,
      isLast: index === groups.length - 1,
    };
  });
  // A bias behind the sum of parts belongs to none of them; it counts to the first.
  const [first, ...others] = parts;
  const rest = others.length === 0 ? [] : [...all].filter((step) => !taken.has(step));
  return first === undefined
    ? []
    : [{ ...first, own: new Set([...first.own, ...rest]) }, ...others];
}

/** What a sum adds, apart by the parts that it comes from: each attention, and all else together. */
function groupsOf(sum: StreamSum, { computation, norms, attentions }: PartContext): string[][] {
  const addends = addendsOf(sum.added, sum.reads, computation, norms);
  const withAttention = addends.filter((value) =>
    computation.between(sum.reads, value).some((step) => attentions.has(step)),
  );
  const others = addends.filter((value) => !withAttention.includes(value));
  const isOne = withAttention.length === 0 || withAttention.length + others.length === 1;
  return isOne
    ? [[sum.added]]
    : [...withAttention.map((value) => [value]), ...(others.length > 0 ? [others] : [])];
}

/** The values that are added together to one, as far as each depends on the state that is read. */
function addendsOf(added: string, reads: string, computation: Computation, norms: Norms): string[] {
  const found: string[] = [];
  const waiting = [added];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    const operands = norms.of(value) === undefined ? summands(value, computation) : [];
    const areParts =
      operands.length > 0 &&
      operands.every((operand) => computation.between(reads, operand).length > 0);
    if (areParts) {
      waiting.push(...operands);
    } else {
      found.push(value);
    }
  }
  return found;
}

/** The two computed values that a value is the sum of, with a bias or not. */
function summands(value: string, computation: Computation): string[] {
  const step = computation.producer(value);
  const operands = step?.operator === 'Add' ? computation.computed(step) : [];
  const [only] = operands;
  const inner = operands.length === 1 ? computation.producer(only) : undefined;
  const innerOperands = inner?.operator === 'Add' ? computation.computed(inner) : operands;
  return innerOperands.length === 2 ? innerOperands : [];
}

/** Says what a part is. */
export function describePart(
  part: FoundPart,
  context: PartContext,
  parameters: Pick<BlockPart, 'parameters' | 'normParameters'>,
): BlockPart {
  const { computation } = context;
  const { sum, steps, attention, isParallel } = part;
  const placed = normsOf(part, context);
  const [first] = placed;
  const kind =
    attention === undefined
      ? (feedForwardOf(sum.reads, steps, computation) ?? otherOf(steps))
      : ({
          kind: 'attention',
          attention: attention.kind,
          site: attention.id,
          ...headsOf(attention, computation),
        } as const);
  return {
    ...kind,
    norms: placed.map(({ place }) => place),
    ...(first === undefined ? {} : { norm: first.norm.kind }),
    ...parameters,
    isParallel,
  };
}

/** Norms on the way from the stream over the part and back. */
export function normsOf(
  { sum, steps, added, isLast }: Pick<FoundPart, 'sum' | 'steps' | 'added' | 'isLast'>,
  { computation, norms }: Pick<PartContext, 'computation' | 'norms'>,
): { place: BlockPart['norms'][number]; norm: Norm }[] {
  const own = new Set(steps);
  const before = norms.reading(sum.reads).find(({ output }) => {
    const step = computation.producer(output);
    return step !== undefined && own.has(step);
  });
  const beforeSum = added.map((value) => norms.of(value)).find((norm) => norm !== undefined);
  const after = isLast ? sum.normsAfter[0] : undefined;
  return [
    ...(before === undefined ? [] : [{ place: 'before' as const, norm: before }]),
    ...(beforeSum === undefined || beforeSum === before
      ? []
      : [{ place: 'beforeSum' as const, norm: beforeSum }]),
    ...(after === undefined ? [] : [{ place: 'afterSum' as const, norm: after }]),
  ];
}

/** Operators that say nothing of what a part does. */
const PLAIN: ReadonlySet<string> = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Sqrt', 'Reciprocal', 'ReduceMean', 'Neg', 'Where'],
  ...['Reshape', 'Transpose', 'Squeeze', 'Unsqueeze', 'Flatten', 'Expand', 'Slice', 'Split'],
  ...['Concat', 'Gather', 'Shape', 'Pad', 'Clip', 'Max', 'Min'],
  ...['LayerNormalization', 'SimplifiedLayerNormalization', 'RMSNormalization'],
]);

function otherOf(steps: readonly Step[]): OtherPart {
  const operators = new Set(
    steps.map(({ operator }) => operator).filter((name) => !PLAIN.has(name)),
  );
  return { kind: 'other', operators: [...operators] };
}

/** The weights of a part, those of its norms apart. */
export interface PartWeights {
  own: ReadonlySet<Weight>;
  norms: ReadonlySet<Weight>;
}

/** @param shared steps that belong to no part alone. */
export function weightsOfPart(
  part: FoundPart,
  shared: ReadonlySet<Step>,
  context: PartContext,
): PartWeights {
  const { own, sum, isLast } = part;
  const norms = new Set<Step>();
  for (const { place, norm } of normsOf(part, context)) {
    for (const step of context.computation.between(norm.input, norm.output)) {
      if (place === 'afterSum' || own.has(step)) {
        norms.add(step);
      }
    }
  }
  const others = [...own].filter((step) => !shared.has(step) && !norms.has(step));
  // What is added besides, as a fused sum takes the bias of the product before it.
  const all = isLast ? [...others, sum.step] : others;
  return {
    own: new Set(all.flatMap(({ weights }) => weights)),
    norms: new Set([...norms].flatMap(({ weights }) => weights)),
  };
}
