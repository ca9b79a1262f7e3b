import { elementCount } from '../../onnx/graph/elementCount';
import type { TensorRef } from '../../onnx/graph/model';
import type { Weight } from '../../onnx/outline/weightUses';
import type { NormKind } from '../../shared/modelStack';
import type { Computation, Step } from './computation';
import type { Norms } from './norms';
import { isConvolution, isProduct } from './products';
import type { WeightValues } from './weightValues';

/** What the states of a stack are made of before its first part. */
export interface EmbeddingSum {
  /** The table that tokens are looked up in. */
  words?: TableRows;
  /** What the rows of it are multiplied with. */
  scale?: number;
  /** Tables by the places of tokens. */
  positions: readonly TableRows[];
  /** Whether sines and cosines of positions are computed and added. */
  hasComputedSinusoids: boolean;
  norm?: NormKind;
}

/** Rows of a stored table. */
export interface TableRows {
  tensor: TensorRef;
  /** Absent where it is no initializer but what a `Constant` holds. */
  weight?: Weight;
  rows: number;
  width: number;
}

/** A value among those that are added together. */
interface Addend {
  /** Numbers that it is multiplied with on the way. */
  factors: readonly Factor[];
  /** Absent for what is no table. */
  table?: TableRows;
  /** Which rows, where they are looked up. */
  index?: string;
  value: string;
}

interface Factor {
  value: string;
  isDivisor: boolean;
}

/** Operators that hand states on. */
const CARRIERS: ReadonlySet<string> = new Set([
  ...['Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Slice', 'Expand', 'Clip', 'Tile'],
]);

/** Operators that hand indices on, each as it is. */
const INDEX_CARRIERS: ReadonlySet<string> = new Set([
  ...['Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Slice', 'Expand', 'Transpose'],
  ...['Gather', 'GatherElements'],
]);

/** Operators that number tokens. */
const NUMBERING: ReadonlySet<string> = new Set(['Range', 'CumSum', 'NonZero']);

/** Inputs that hold places, or kinds, of tokens, as exporters of `transformers` call them. */
const PLACES = /position/;
const KINDS = /token_type|segment/;

/** Steps looked at before the first part. Ten are usual. */
const STEPS = 64;

/** Integers read of a list of positions. */
const MOST_POSITIONS = 2 ** 16;

/** Takes apart what the first part of a stack reads. */
export async function embeddingOf(
  start: string,
  computation: Computation,
  norms: Norms,
  values: WeightValues,
): Promise<EmbeddingSum> {
  const { addends, norm } = addendsOf(start, computation, norms);
  const words: Addend[] = [];
  const tables: TableRows[] = [];
  for (const addend of addends) {
    const { table } = addend;
    if (table === undefined) {
      continue;
    }
    const kind = await kindOf(addend, computation, values);
    if (kind === 'words') {
      words.push(addend);
    } else if (kind === 'positions') {
      tables.push(table);
    }
  }
  const rowsOf = ({ table }: Addend): number => table?.rows ?? 0;
  const [word] = words.sort((a, b) => rowsOf(b) - rowsOf(a));
  // What is as wide as neither is no table of vectors, such as the bias of a norm over other axes.
  const widths = [word?.table?.width, computation.width(start)];
  const positions = tables.filter((table) => widths.includes(table.width));
  const scale = word === undefined ? undefined : await scaleOf(word.factors, computation, values);
  return {
    ...(word?.table === undefined ? {} : { words: word.table }),
    ...(scale === undefined || scale === 1 ? {} : { scale }),
    positions,
    hasComputedSinusoids: addends.some(
      ({ table, value }) => table === undefined && areAngles(value, computation),
    ),
    ...(norm === undefined ? {} : { norm }),
  };
}

function addendsOf(
  start: string,
  computation: Computation,
  norms: Norms,
): { addends: Addend[]; norm?: NormKind } {
  const addends: Addend[] = [];
  let normed: NormKind | undefined;
  const waiting: { value: string; factors: readonly Factor[] }[] = [{ value: start, factors: [] }];
  for (let steps = 0; steps < STEPS; steps++) {
    const at = waiting.pop();
    if (at === undefined) {
      break;
    }
    const { value, factors } = at;
    const norm = norms.of(value);
    const step = computation.producer(value);
    const table = tableOf(value, computation);
    if (norm !== undefined) {
      normed ??= norm.kind;
      waiting.push({ value: norm.input, factors: [] });
    } else if (table !== undefined) {
      addends.push({ value, factors, ...table });
    } else if (step?.operator === 'Add') {
      waiting.push(...step.inputs.map((input) => ({ value: input, factors })));
    } else if (step?.operator === 'Mul' || step?.operator === 'Div') {
      waiting.push(...scaled(step, factors, computation));
    } else if (step !== undefined && isProduct(step, computation) && !isConvolution(step)) {
      const [input = ''] = computation.computed(step);
      waiting.push({ value: input, factors: [] });
    } else if (step?.operator === 'Where') {
      waiting.push(...step.inputs.slice(1).map((input) => ({ value: input, factors })));
    } else if (step !== undefined && CARRIERS.has(step.operator)) {
      waiting.push({ value: step.inputs[0] ?? '', factors });
    } else {
      addends.push({ value, factors });
    }
  }
  return { addends, ...(normed === undefined ? {} : { norm: normed }) };
}

/** What a product with a number goes on with, and the numbers. */
function scaled(
  { operator, inputs }: Step,
  factors: readonly Factor[],
  computation: Computation,
): { value: string; factors: readonly Factor[] }[] {
  const isDivisor = operator === 'Div';
  const [left = '', right = ''] = inputs;
  const [value, factor] = !isDivisor && computation.isFixed(left) ? [right, left] : [left, right];
  return [
    {
      value,
      factors: computation.isFixed(factor) ? [...factors, { value: factor, isDivisor }] : factors,
    },
  ];
}

/** A value as rows of a stored table: looked up, cut out, or added as they are. */
function tableOf(
  value: string,
  computation: Computation,
): Pick<Addend, 'table' | 'index'> | undefined {
  const step = computation.producer(value);
  const isLookUp = step?.operator === 'Gather' || step?.operator === 'GatherBlockQuantized';
  if (isLookUp) {
    const [first = '', index = ''] = step.inputs;
    const [weight] = step.weights;
    const table = computation.isFixed(first)
      ? (tableRows(weight?.tensor, weight, computation.shape(first)) ??
        tableBehind(first, computation))
      : undefined;
    return table === undefined ? undefined : { table, index };
  }
  const isCut = step?.operator === 'Slice' && computation.isFixed(step.inputs[0] ?? '');
  if (!isCut && !computation.isFixed(value)) {
    return undefined;
  }
  const table = tableBehind(value, computation);
  return table === undefined ? undefined : { table };
}

/** The table that a fixed value is cut out of. */
function tableBehind(value: string, computation: Computation): TableRows | undefined {
  let at = value;
  for (let steps = 0; steps < STEPS; steps++) {
    const stored = computation.tensor(at);
    if (stored !== undefined) {
      return tableRows(stored, computation.weight(at));
    }
    const step = computation.producer(at);
    const isForm = step?.operator === 'Gather' || CARRIERS.has(step?.operator ?? '');
    if (step === undefined || !isForm) {
      return undefined;
    }
    at = step.inputs[0] ?? '';
  }
  return undefined;
}

/** @param shape of the table as it is used, which may be turned. */
function tableRows(
  tensor: TensorRef | undefined,
  weight: Weight | undefined,
  shape: readonly unknown[] | undefined = tensor?.dims,
): TableRows | undefined {
  const [first, second] = shape?.filter((size) => size !== 1) ?? [];
  if (tensor === undefined || typeof first !== 'number' || typeof second !== 'number') {
    return undefined;
  }
  // Packed elements are several in a byte, or in blocks: [rows, blocks, bytes].
  const width = (weight?.parameters ?? elementCount(tensor.dims)) / first;
  return Number.isInteger(width)
    ? { tensor, ...(weight === undefined ? {} : { weight }), rows: first, width }
    : undefined;
}

/** Whether rows are looked up by tokens or by their places, or by something else. */
async function kindOf(
  { index }: Addend,
  computation: Computation,
  values: WeightValues,
): Promise<'words' | 'positions' | undefined> {
  if (index === undefined || index === '') {
    // What is added without being asked for goes by its place.
    return 'positions';
  }
  const at = originOf(index, computation);
  if (computation.isInput(at)) {
    return PLACES.test(at) ? 'positions' : KINDS.test(at) ? undefined : 'words';
  }
  const stored = computation.tensor(at);
  if (stored !== undefined) {
    return (await counts(stored, values)) ? 'positions' : undefined;
  }
  const sources = [...computation.before(index, new Set())];
  const isNumbered = sources.some(
    ({ operator, inputs }) =>
      NUMBERING.has(operator) ||
      inputs.some((input) => computation.isInput(input) && PLACES.test(input)),
  );
  if (isNumbered) {
    return 'positions';
  }
  for (const value of new Set(sources.flatMap(({ inputs }) => inputs))) {
    const tensor = computation.tensor(value);
    if (tensor !== undefined && (await counts(tensor, values))) {
      return 'positions';
    }
  }
  return undefined;
}

/** What indices are before their form is changed, or some of them are chosen. */
function originOf(index: string, computation: Computation): string {
  let at = index;
  for (let steps = 0; steps < STEPS; steps++) {
    const step = computation.producer(at);
    if (step === undefined || !INDEX_CARRIERS.has(step.operator)) {
      break;
    }
    at = step.inputs[0] ?? '';
  }
  return at;
}

/** Whether a tensor holds numbers that go up one by one, over more than a few tokens. */
async function counts(tensor: TensorRef, values: WeightValues): Promise<boolean> {
  const length = tensor.dims.at(-1) ?? 0;
  if (length < 3 || length > MOST_POSITIONS || /float|bool|string/.test(tensor.dtype)) {
    return false;
  }
  const elements = await values.elements(tensor);
  return (
    elements !== undefined &&
    Array.from(elements).every((element, i) => i === 0 || element === (elements[i - 1] ?? NaN) + 1)
  );
}

/** The product of numbers that are stored; undefined if one of them is not read. */
async function scaleOf(
  factors: readonly Factor[],
  computation: Computation,
  values: WeightValues,
): Promise<number | undefined> {
  let scale = 1;
  for (const { value, isDivisor } of factors) {
    const tensor = computation.tensor(value);
    const isNumber = tensor?.dims.every((size) => size === 1) === true;
    const number = isNumber ? (await values.elements(tensor))?.[0] : undefined;
    if (number === undefined) {
      return undefined;
    }
    scale = isDivisor ? scale / number : scale * number;
  }
  return scale;
}

/** Whether a value is sines and cosines. */
function areAngles(value: string, computation: Computation): boolean {
  const sources = [...computation.before(value, new Set())];
  return ['Sin', 'Cos'].every((wanted) => sources.some(({ operator }) => operator === wanted));
}
