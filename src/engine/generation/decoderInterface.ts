import type { Graph, Node, ValueInfo } from '../../onnx/model';
import { Failure, phrase } from '../../shared/failure';

/** How a decoder takes its keys and values from the previous step. */
export interface CacheGeometry {
  names: CacheName[];
  type: 'float32' | 'float16';
  /** Heads of key and value, which grouped-query attention has fewer of. */
  heads: number;
  headSize: number;
}

/** A key or value: what it is called as an input, and as an output of the step before. */
export interface CacheName {
  past: string;
  present: string;
  /** Made of the encoder's states, and the same in every step. */
  cross: boolean;
  /** Tokens that it has room for from the start, where it keeps no more than a window of them. */
  window?: number;
}

/** What a decoder wants to be fed, read off its graph. */
export interface DecoderInterface {
  attentionMask: boolean;
  positionIds: boolean;
  /** Exports for Transformers.js 3.1 and later take how many rows of logits to return. */
  logitsToKeep?: string;
  /** What the encoder made of the source, and which of it is no padding. */
  encoderStates: boolean;
  encoderMask: boolean;
  /** A merged decoder is told whether it goes on from a cache. */
  cacheBranch: boolean;
  /** Absent in graphs that compute every step from all tokens, or that run the first step only. */
  cache?: CacheGeometry;
}

/** What Optimum calls a decoder-only model, and the decoder of an encoder–decoder model. */
export type DecoderTask = 'text-generation' | 'text2text-generation';

/** Keys and values of earlier steps, as Optimum names them, and as the exporter of `transformers` does. */
const PAST =
  /^past_key_values\.(\d+)\.(?:(decoder|encoder)\.)?(key|value)$|^input\.past_key_values\.layers\.\d+\.(keys|values)$/;

/** The inputs that Headlight knows, the cache apart. */
const INPUTS: Record<DecoderTask, readonly string[]> = {
  'text-generation': [
    'input_ids',
    'attention_mask',
    'position_ids',
    'num_logits_to_keep',
    'logits_to_keep',
    'use_cache_branch',
  ],
  'text2text-generation': [
    'input_ids',
    'encoder_hidden_states',
    'encoder_attention_mask',
    'use_cache_branch',
  ],
};

/**
 * Reads a decoder's interface off its inputs and outputs, which are named as Hugging Face Optimum
 * names them.
 * @param where names the file in failures.
 * @param headSize of the model as config.json has it; ONNX Runtime's model builder leaves it open.
 * @throws Failure `unsupported` when the model wants or lacks something that Headlight cannot provide.
 */
export function decoderInterface(
  { nodes, inputs, outputs, initializers }: Graph,
  task: DecoderTask,
  where: string,
  headSize?: number,
): DecoderInterface {
  // Old exporters list initializers among the inputs, as defaults that may be overridden.
  const defaults = new Set(initializers.map(({ name }) => name));
  const wanted = new Map(
    inputs.filter(({ name }) => !defaults.has(name)).map((input) => [input.name, input]),
  );
  const given = new Set(outputs.map(({ name }) => name));
  const windows = cacheWindows(nodes);
  const names: CacheName[] = [];
  for (const input of wanted.keys()) {
    const name = cacheName(input, task);
    if (name !== undefined) {
      // The keys and values of cross attention need not come out again.
      if (!name.cross && !given.has(name.present)) {
        throw lacks(name.present, task, where);
      }
      const window = windows.get(name.past);
      names.push(window === undefined ? name : { ...name, window });
    } else if (!INPUTS[task].includes(input)) {
      throw new Failure({
        kind: 'unsupported',
        what: phrase('The model needs an input that Headlight does not know: “{0}”', input),
        where,
        todo: toExport(task),
      });
    }
  }
  if (!wanted.has('input_ids')) {
    throw lacks('input_ids', task, where);
  }
  if (!given.has('logits')) {
    throw lacks('logits', task, where);
  }
  const logitsToKeep = ['num_logits_to_keep', 'logits_to_keep'].find((name) => wanted.has(name));
  const [firstPast] = names;
  return {
    attentionMask: wanted.has('attention_mask'),
    positionIds: wanted.has('position_ids'),
    ...(logitsToKeep === undefined ? {} : { logitsToKeep }),
    encoderStates: wanted.has('encoder_hidden_states'),
    encoderMask: wanted.has('encoder_attention_mask'),
    cacheBranch: wanted.has('use_cache_branch'),
    ...(firstPast === undefined
      ? {}
      : { cache: cacheGeometry(wanted.get(firstPast.past) as ValueInfo, names, headSize, where) }),
  };
}

/**
 * Reads the name of a past key or value: `past_key_values.0.key`, `past_key_values.0.encoder.key`,
 * `input.past_key_values.layers.0.keys`.
 */
function cacheName(input: string, task: DecoderTask): CacheName | undefined {
  const match = PAST.exec(input);
  if (match === null || (match[2] !== undefined) !== (task === 'text2text-generation')) {
    return undefined;
  }
  return {
    past: input,
    present: input.startsWith('input.')
      ? input.replace('input.', 'output.')
      : input.replace('past_key_values', 'present'),
    cross: match[2] === 'encoder',
  };
}

/**
 * Keys and values of earlier steps that ONNX Runtime's `GroupQueryAttention` keeps in a buffer as long as
 * its window, by their names: it wants that buffer from the first step on.
 */
function cacheWindows(nodes: readonly Node[]): Map<string, number> {
  const windows = new Map<string, number>();
  for (const { opType, inputs, attributes } of nodes) {
    const [isKept, size] = ['sliding_window_cache', 'local_window_size'].map((name) => {
      const attribute = attributes.get(name);
      return attribute?.kind === 'int' ? attribute.value : undefined;
    });
    if (opType === 'GroupQueryAttention' && isKept === 1 && size !== undefined && size > 0) {
      inputs.slice(3, 5).forEach((past) => windows.set(past, size));
    }
  }
  return windows;
}

/** Shape of a past key or value: [batch, heads, past length, head size]. */
function cacheGeometry(
  { name, type }: ValueInfo,
  names: CacheName[],
  size: number | undefined,
  where: string,
): CacheGeometry {
  if (type?.kind === 'tensor') {
    const [, heads, , given] = type.shape ?? [];
    const headSize = typeof given === 'number' ? given : size;
    const float = type.dtype === 'float32' || type.dtype === 'float16';
    if (float && typeof heads === 'number' && headSize !== undefined) {
      return { names, type: type.dtype as CacheGeometry['type'], heads, headSize };
    }
  }
  throw new Failure({
    kind: 'unsupported',
    what: phrase('The key–value cache input “{0}” has a shape that Headlight does not know', name),
    where,
    todo: phrase('export the model again with a fixed number of heads and a fixed head size'),
  });
}

function lacks(name: string, task: DecoderTask, where: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase('The model has no “{0}”, which a text-generation model must have', name),
    where,
    todo: toExport(task),
  });
}

function toExport(task: DecoderTask): Failure['todo'] {
  return task === 'text-generation'
    ? phrase('export it as a text-generation model with Optimum or for Transformers.js')
    : phrase('export encoder and decoder with Optimum or for Transformers.js');
}
