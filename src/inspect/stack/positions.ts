import type { AttentionLayer } from '../../onnx/attention/findAttention';
import { intAttribute } from '../../onnx/graph/attributes';
import { elementCount } from '../../onnx/graph/elementCount';
import type { Weight } from '../../onnx/outline/weightUses';
import type { PositionScheme } from '../../shared/modelStack';
import type { Computation, Step } from './computation';
import type { EmbeddingSum } from './embedding';
import { areSinusoids } from './sinusoids';
import type { WeightValues } from './weightValues';

/** What tells where tokens stand by being added to the embedding. */
export async function positionsInEmbedding(
  { positions, hasComputedSinusoids }: EmbeddingSum,
  width: number | undefined,
  values: WeightValues,
): Promise<PositionScheme[]> {
  const found: PositionScheme[] = [];
  for (const table of positions) {
    const matrix = values.matrix(table.tensor);
    const are = matrix === undefined ? undefined : await areSinusoids(matrix);
    found.push({
      kind: are === undefined ? 'table' : are ? 'sinusoidal' : 'learned',
      positions: table.rows,
      width: table.width,
    });
  }
  return hasComputedSinusoids && width !== undefined
    ? [...found, { kind: 'sinusoidal', width }]
    : found;
}

/** What tells an attention where tokens stand, and the weights that this takes. */
export interface AttentionPositions {
  schemes: readonly PositionScheme[];
  tables: readonly Weight[];
}

/** Where an attention stands. */
export interface AttentionPlace {
  /** The state that it reads. */
  reads: string;
  /** Those of the residual streams. */
  states: ReadonlySet<string>;
  computation: Computation;
  values: WeightValues;
}

/** Tells by what an attention does with positions. @param heads how many it has, if that is known. */
export async function positionsInAttention(
  { attention }: AttentionLayer,
  heads: number | undefined,
  place: AttentionPlace,
): Promise<AttentionPositions> {
  const { states, computation, values } = place;
  const angles = rotationsOf(attention, place);
  const isRotated = angles !== undefined || intAttribute(attention.node, 'do_rotary') === 1;
  const schemes: PositionScheme[] = isRotated ? [{ kind: 'rotary' }] : [];
  const tables: Weight[] = (angles ?? []).flatMap((value) => weightsBehind(value, place));
  if (comparesWithDistances(attention, states, computation)) {
    schemes.push({ kind: 'relativeVectors' });
  }
  for (const value of addedToScores(attention, computation)) {
    const sources = [...computation.before(value, states)];
    if (computation.take(sources, states)) {
      schemes.push({ kind: 'relativeVectors' });
      continue;
    }
    tables.push(...weightsBehind(value, place));
    const buckets = bucketsOf(sources, heads, computation);
    if (buckets !== undefined) {
      schemes.push({ kind: 'relativeBias', buckets });
    } else if (
      sources.some((step) => hasSlopes(step, heads, computation)) ||
      (await areSlopesStored(value, heads, computation, values))
    ) {
      schemes.push({ kind: 'linearBias' });
    }
  }
  return { schemes, tables };
}

function weightsBehind(value: string, { states, computation }: AttentionPlace): Weight[] {
  const own = computation.weight(value);
  const others = [...computation.before(value, states)].flatMap(({ weights }) => weights);
  return own === undefined ? others : [own, ...others];
}

/**
 * What queries and keys are multiplied with to be rotated, on their way from the stream; empty for what is
 * inside an operator, undefined if they are not.
 */
function rotationsOf(
  { queries, keys }: AttentionLayer['attention'],
  { reads, states, computation }: AttentionPlace,
): readonly string[] | undefined {
  let angles: string[] | undefined;
  for (const value of [...queries, ...keys]) {
    const steps = computation.between(reads, computation.settled(value));
    const depending = new Set([reads, ...steps.flatMap(({ outputs }) => outputs)]);
    for (const step of steps) {
      const others = step.inputs.filter((input) => !depending.has(input));
      const [other] = others;
      if (step.operator === 'RotaryEmbedding') {
        angles = [...(angles ?? []), ...others];
      } else if (
        step.operator === 'Mul' &&
        others.length === 1 &&
        other !== undefined &&
        (isOfAngles(other, states, computation) || isHalfOfRotation(step, depending, computation))
      ) {
        angles = [...(angles ?? []), other];
      }
    }
  }
  return angles;
}

function isOfAngles(value: string, states: ReadonlySet<string>, computation: Computation): boolean {
  return [...computation.before(value, states)].some(
    ({ operator }) => operator === 'Cos' || operator === 'Sin',
  );
}

/**
 * Whether a product is one of the two in x·cos + rotated(x)·sin, where cosines and sines are kept in tables:
 * of both the second factor is no part of what is rotated, and not one number for all.
 */
function isHalfOfRotation(
  step: Step,
  depending: ReadonlySet<string>,
  computation: Computation,
): boolean {
  const isTabled = ({ operator, inputs }: Step): boolean => {
    const factors = inputs.filter((value) => !depending.has(value));
    return (
      operator === 'Mul' &&
      factors.length === 1 &&
      // A weight, as that of a norm, is the same for all tokens.
      factors.every((value) => (computation.shape(value)?.length ?? 0) > 1)
    );
  };
  return (
    isTabled(step) &&
    computation.uses(step.outputs[0] ?? '').some(
      ({ step: sum }) =>
        (sum.operator === 'Add' || sum.operator === 'Sub') &&
        sum.inputs.every((value) => {
          const product = computation.producer(value);
          return product !== undefined && isTabled(product);
        }) &&
        new Set(sum.inputs).size === 2,
    )
  );
}

/** Whether one of several products is with keys that are not made of states: of distances. */
function comparesWithDistances(
  { keys, products }: AttentionLayer['attention'],
  states: ReadonlySet<string>,
  computation: Computation,
): boolean {
  const ofStates = keys.map((key) =>
    computation.take(computation.before(computation.settled(key), states), states),
  );
  return products.length > 1 && ofStates.includes(true) && ofStates.includes(false);
}

/** What scores may go through. */
const SCORE_OPERATORS: ReadonlySet<string> = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Where', 'Tanh', 'Clip', 'Max', 'Concat', 'Reshape', 'Flatten'],
  ...['Slice', 'Softmax', 'BiasSoftmax'],
]);

/** Levels between a Softmax and Q·Kᵀ; six are usual. */
const SCORE_DEPTH = 16;

/** What is added to the scores of an attention, or chosen over them, masks among them. */
function addedToScores(
  { scores, products, node }: AttentionLayer['attention'],
  computation: Computation,
): readonly string[] {
  const own = scores.map((value) => computation.settled(value));
  if (products.length === 0) {
    // Of a fused operator, these are its masks and biases.
    return own;
  }
  const results = new Set(products.map((value) => computation.settled(value)));
  const added: string[] = [];
  const isTable = (value: string): boolean =>
    computation.isFixed(value) && (computation.shape(value)?.length ?? 0) > 1;
  /** Whether a value comes from a product; of one that does, notes what is added to it. */
  const seen = new Map<string, boolean>();
  const visit = (value: string, depth: number): boolean => {
    if (results.has(value)) {
      return true;
    }
    const known = seen.get(value);
    if (known !== undefined) {
      return known;
    }
    const comes = comesFromProduct(value, depth);
    seen.set(value, comes);
    return comes;
  };
  const comesFromProduct = (value: string, depth: number): boolean => {
    const step = computation.producer(value);
    if (step === undefined || depth > SCORE_DEPTH || !SCORE_OPERATORS.has(step.operator)) {
      return false;
    }
    const stored = step.operator === 'Add' ? step.inputs.filter((input) => isTable(input)) : [];
    const operands = [...computation.computed(step), ...stored];
    const others = operands.filter((operand) => !visit(operand, depth + 1));
    if (others.length < operands.length) {
      added.push(...others);
    }
    return others.length < operands.length;
  };
  const others = own.filter((value) => !visit(value, 0));
  return [...added, ...(node.opType === 'BiasSoftmax' ? others : [])];
}

const LOOK_UPS: ReadonlySet<string> = new Set(['Gather', 'GatherBlockQuantized']);

/** Rows of a learned table with a number for each distance and head; undefined if there is none. */
function bucketsOf(
  sources: readonly Step[],
  heads: number | undefined,
  computation: Computation,
): number | undefined {
  for (const { operator, inputs, weights } of sources) {
    const [weight] = LOOK_UPS.has(operator) && computation.isFixed(inputs[0] ?? '') ? weights : [];
    const [rows, columns, ...more] = weight?.tensor.dims ?? [];
    const isReal = weight !== undefined && !/int64|bool/.test(weight.tensor.dtype);
    if (isReal && rows !== undefined && columns !== undefined && more.length === 0) {
      if (columns === heads || rows === heads) {
        return columns === heads ? rows : columns;
      }
    }
  }
  return undefined;
}

/** Whether a step multiplies positions with a number for each head. */
function hasSlopes(step: Step, heads: number | undefined, computation: Computation): boolean {
  const slopes = step.inputs.find((value) => computation.isFixed(value));
  const shape = slopes === undefined ? undefined : computation.shape(slopes);
  const sizes = shape?.filter((size) => typeof size === 'number');
  return (
    step.operator === 'Mul' &&
    heads !== undefined &&
    heads > 1 &&
    sizes !== undefined &&
    sizes.length === shape?.length &&
    elementCount(sizes) === heads
  );
}

/** Distances of a stored bias that are looked at. */
const DISTANCES = 4;

/** Elements of a stored bias that is looked at. */
const MOST_BIASES = 2 ** 20;

/** Whether a value is cut out of a stored bias, [… heads, …, keys], that changes by equal steps. */
async function areSlopesStored(
  value: string,
  heads: number | undefined,
  computation: Computation,
  values: WeightValues,
): Promise<boolean> {
  let at = value;
  for (
    let step = computation.producer(at);
    step !== undefined && CUTS.has(step.operator);
    step = computation.producer(at)
  ) {
    at = step.inputs[0] ?? '';
  }
  const tensor = computation.tensor(at);
  const sizes = tensor?.dims.filter((size) => size !== 1) ?? [];
  const [own, keys] = sizes;
  if (
    tensor === undefined ||
    own !== heads ||
    keys === undefined ||
    keys <= DISTANCES ||
    sizes.length !== 2 ||
    elementCount(sizes) > MOST_BIASES
  ) {
    return false;
  }
  const elements = await values.elements(tensor);
  const steps = Array.from(
    { length: DISTANCES },
    (_, i) => (elements?.[i + 1] ?? NaN) - (elements?.[i] ?? NaN),
  );
  const [first = NaN] = steps;
  return first !== 0 && steps.every((step) => Math.abs(step - first) <= 1e-3 * Math.abs(first));
}

const CUTS: ReadonlySet<string> = new Set(['Slice', 'Unsqueeze', 'Squeeze', 'Reshape', 'Expand']);
