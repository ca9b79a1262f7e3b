import { intAttribute } from '../../onnx/graph/attributes';
import type { Dimension, Graph, Node, ValueInfo } from '../../onnx/graph/model';
import { Failure, phrase } from '../../shared/failure';
import { fixedDimension, type GraphInputs } from './graphInputs';
import { zeros, type Tensor } from '../runtime/tensor';

/** What a decoder takes from its previous step. */
export interface CacheEntry {
  kind: CacheKind;
  /** What it is called as an input, and as an output of the step before. */
  past: string;
  present: string;
  /** What stands for it in the first step, all of it zeros. */
  empty: { type: 'float32' | 'float16'; dims: number[] };
}

/**
 * - `growing`: a key or value [batch, heads, tokens, head size], which grows with every token.
 * - `window`: one that has room for a window of tokens from the start.
 * - `cross`: a key or value of the encoder's states, the same in every step.
 * - `state`: what a layer without attention hands on (linear attention, a convolution, a state-space
 *   model), of one size for any number of tokens.
 */
export type CacheKind = 'growing' | 'window' | 'cross' | 'state';

/** What Optimum calls a decoder-only model, and the decoder of an encoder–decoder model. */
export type DecoderTask = 'text-generation' | 'text2text-generation';

/**
 * How exporters name keys and values of earlier steps: Optimum and ONNX Runtime's model builder, and
 * the exporter of `transformers`.
 */
const KEYS_AND_VALUES =
  /^past_key_values\.\d+\.(?:(decoder|encoder)\.)?(?:key|value)$|^input\.past_key_values\.layers\.\d+\.(?:keys|values)$/;

/** How ONNX Runtime's model builder and Transformers.js name states of layers without attention. */
const STATE =
  /^past_key_values\.\d+\.(?:conv|recurrent)_state$|^past_(?:conv|ssm|recurrent)\.\d+(?:\.(?:query|key|value))?$/;

/**
 * What a graph takes from the previous step, told by the names of its inputs.
 * @param headSize of the model as config.json has it; ONNX Runtime's model builder leaves it open.
 * @param where names the file in failures.
 * @throws Failure `unsupported` for a type or shape that Headlight cannot give.
 */
export function cacheEntries(
  inputs: GraphInputs,
  { nodes }: Graph,
  task: DecoderTask,
  headSize: number | undefined,
  where: string,
): CacheEntry[] {
  const windows = cacheWindows(nodes);
  return Array.from(inputs.values()).flatMap((input) => {
    const kind = kindOf(input.name, task, windows);
    if (kind === undefined) {
      return [];
    }
    // What cross attention keeps is as long as the source.
    const length =
      kind === 'cross' ? fixedDimension(inputs, input.name, 2) : windows.get(input.name);
    const dims = kind === 'state' ? stateDims(input) : keyValueDims(input, length ?? 0, headSize);
    if (dims === undefined) {
      throw otherShape(input.name, where);
    }
    const empty = { type: floatType(input, where), dims };
    return [{ kind, past: input.name, present: presentName(input.name), empty }];
  });
}

/** A cache that holds no token yet. */
export function emptyCache(cache: readonly CacheEntry[] = []): Map<string, Tensor> {
  return new Map(cache.map(({ past, empty }) => [past, zeros(empty.type, empty.dims)]));
}

function kindOf(
  name: string,
  task: DecoderTask,
  windows: ReadonlyMap<string, number>,
): CacheKind | undefined {
  if (STATE.test(name)) {
    return 'state';
  }
  const match = KEYS_AND_VALUES.exec(name);
  if (match === null || (match[1] !== undefined) !== (task === 'text2text-generation')) {
    return undefined;
  }
  if (match[1] === 'encoder') {
    return 'cross';
  }
  return windows.has(name) ? 'window' : 'growing';
}

/** `present.0.key` follows `past_key_values.0.key`, `output.…` follows `input.…`. */
function presentName(past: string): string {
  return past.startsWith('input.')
    ? past.replace('input.', 'output.')
    : past.replace(/^past_key_values|^past/, 'present');
}

/**
 * Keys and values of earlier steps that ONNX Runtime's `GroupQueryAttention` keeps in a buffer as long as
 * its window, by their names: it wants that buffer from the first step on.
 */
function cacheWindows(nodes: readonly Node[]): Map<string, number> {
  const windows = new Map<string, number>();
  for (const node of nodes) {
    const isKept = intAttribute(node, 'sliding_window_cache') === 1;
    const size = intAttribute(node, 'local_window_size') ?? 0;
    if (node.opType === 'GroupQueryAttention' && isKept && size > 0) {
      node.inputs.slice(3, 5).forEach((past) => windows.set(past, size));
    }
  }
  return windows;
}

/** [batch, heads, tokens, head size], or undefined if that is not what the input is. */
function keyValueDims(
  input: ValueInfo,
  tokens: number,
  headSize: number | undefined,
): number[] | undefined {
  const [, heads, , given] = shapeOf(input);
  const size = typeof given === 'number' ? given : headSize;
  return typeof heads === 'number' && size !== undefined ? [1, heads, tokens, size] : undefined;
}

/** [batch, …], the rest fixed, or undefined if that is not what the input is. */
function stateDims(input: ValueInfo): number[] | undefined {
  const [batch, ...rest] = shapeOf(input);
  const sizes = rest.filter((size) => typeof size === 'number');
  const isOneText = typeof batch !== 'number' || batch === 1;
  return isOneText && rest.length > 0 && sizes.length === rest.length ? [1, ...sizes] : undefined;
}

function shapeOf({ type }: ValueInfo): readonly Dimension[] {
  return type?.kind === 'tensor' ? (type.shape ?? []) : [];
}

function floatType({ name, type }: ValueInfo, where: string): 'float32' | 'float16' {
  const dtype = type?.kind === 'tensor' ? type.dtype : undefined;
  if (dtype === 'float32' || dtype === 'float16') {
    return dtype;
  }
  if (dtype === undefined) {
    throw otherShape(name, where);
  }
  throw new Failure({
    kind: 'unsupported',
    what: phrase('The model takes “{0}” in the type {1}, which Headlight cannot give', name, dtype),
    where,
    remedy: phrase('use a file of the model with keys and values in float32 or float16'),
  });
}

function otherShape(name: string, where: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase('The key–value cache input “{0}” has a shape that Headlight does not know', name),
    where,
    remedy: phrase('export the model again with a fixed number of heads and a fixed head size'),
  });
}
