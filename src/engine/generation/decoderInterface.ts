import type { Graph, Node, ValueInfo } from '../../onnx/model';
import { Failure, phrase } from '../../shared/failure';
import {
  fixedDimension,
  fixedSizes,
  graphInputs,
  type FixedSizes,
  type GraphInputs,
} from './graphInputs';
import { notText } from './notText';
import { encoderWithDecoder } from './together';

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
  /** Tokens that it has room for from the start: a window of them, or a source of fixed length. */
  window?: number;
}

/** What a decoder wants to be fed, read off its graph. */
export interface DecoderInterface extends FixedSizes {
  attentionMask: boolean;
  positionIds: boolean;
  /** Exports for Transformers.js 3.1 and later take how many rows of logits to return. */
  logitsToKeep?: string;
  /** What the encoder made of the source, and which of it is no padding. */
  encoderStates: boolean;
  encoderMask: boolean;
  /** How many tokens the source must have, padding included; absent where it may have any number. */
  encoderLength?: number;
  /**
   * What an embedding model returns in place of logits, `last_hidden_state` [1, tokens, width]: it can
   * be looked into, but writes nothing.
   */
  instead?: string;
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
  graph: Graph,
  task: DecoderTask,
  where: string,
  headSize?: number,
): DecoderInterface {
  const wanted = graphInputs(graph);
  const other = notText(wanted, where) ?? encoderWithDecoder(wanted, where);
  if (other !== undefined) {
    throw other;
  }
  const given = new Set(graph.outputs.map(({ name }) => name));
  const windows = cacheWindows(graph.nodes);
  const names: CacheName[] = [];
  for (const input of wanted.keys()) {
    const name = cacheName(input, task);
    if (name !== undefined) {
      // The keys and values of cross attention need not come out again.
      if (!name.cross && !given.has(name.present)) {
        throw lacks(name.present, task, where);
      }
      // What cross attention keeps is as long as the source.
      const source = name.cross ? fixedDimension(wanted, input, 2) : undefined;
      const window = windows.get(name.past) ?? source;
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
  const instead = given.has('logits') ? undefined : embeddingOutput(graph.outputs, task);
  if (!given.has('logits') && instead === undefined) {
    throw lacks('logits', task, where);
  }
  const sizes =
    names.length === 0 ? fixedSizes(wanted, BY_TOKEN, where) : cachedSizes(wanted, names, where);
  const encoderLength = ENCODER_INPUTS.map((name) => fixedDimension(wanted, name, 1)).find(
    (length) => length !== undefined,
  );
  const logitsToKeep = ['num_logits_to_keep', 'logits_to_keep'].find((name) => wanted.has(name));
  const [firstPast] = names;
  return {
    attentionMask: wanted.has('attention_mask'),
    positionIds: wanted.has('position_ids'),
    ...(logitsToKeep === undefined ? {} : { logitsToKeep }),
    encoderStates: wanted.has('encoder_hidden_states'),
    encoderMask: wanted.has('encoder_attention_mask'),
    cacheBranch: wanted.has('use_cache_branch'),
    ...(instead === undefined ? {} : { instead }),
    ...sizes,
    ...(encoderLength === undefined ? {} : { encoderLength }),
    ...(firstPast === undefined
      ? {}
      : { cache: cacheGeometry(wanted.get(firstPast.past) as ValueInfo, names, headSize, where) }),
  };
}

/** The inputs with one element for each token that a run reads; with a cache, the mask has more. */
const BY_TOKEN = ['input_ids', 'position_ids', 'attention_mask'];

/** The inputs with one element, or one vector, for each token of the source. */
const ENCODER_INPUTS = ['encoder_hidden_states', 'encoder_attention_mask'];

/** What a decoder without a head is read for: its states, or else the first that it returns. */
function embeddingOutput(outputs: Graph['outputs'], task: DecoderTask): string | undefined {
  if (task !== 'text-generation') {
    return undefined;
  }
  const names = outputs.map(({ name }) => name).filter((name) => !name.startsWith('present'));
  return names.find((name) => name === 'last_hidden_state') ?? names[0];
}

/**
 * The fixed sizes of a decoder with a cache. Padding must not come into it, and it must grow by what
 * each run brings: only one token at a time can be fixed.
 * @throws Failure `unsupported` that holds any other number.
 */
function cachedSizes(inputs: GraphInputs, names: readonly CacheName[], where: string): FixedSizes {
  const [past] = names.flatMap(({ past, cross, window }) => {
    const length = cross || window !== undefined ? undefined : fixedDimension(inputs, past, 2);
    return length === undefined ? [] : [length];
  });
  if (past !== undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The model goes on from a cache of exactly {0} tokens', past),
      where,
      todo: phrase('export the model with a cache of any length, or without one'),
    });
  }
  const sizes = fixedSizes(inputs, ['input_ids', 'position_ids'], where);
  const { length: whole } = fixedSizes(inputs, ['attention_mask'], where);
  const fixed = whole ?? sizes.length;
  if (fixed !== undefined && !(whole === undefined && fixed === 1)) {
    throw spoiledCache(fixed, where);
  }
  return sizes;
}

/** The failure for a graph whose cache would hold padding, which later steps would attend to. */
export function spoiledCache(length: number, where: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase(
      'The model reads exactly {0} tokens at once and keeps a cache, which padding would spoil',
      length,
    ),
    where,
    todo: phrase('export the model for texts of any length, or without a cache'),
  });
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
    if (!float && type.dtype !== undefined) {
      throw new Failure({
        kind: 'unsupported',
        what: phrase(
          'The model takes “{0}” in the type {1}, which Headlight cannot give',
          name,
          type.dtype,
        ),
        where,
        todo: phrase('use a file of the model with keys and values in float32 or float16'),
      });
    }
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
