import type { Graph } from '../../onnx/graph/model';
import { Failure, phrase } from '../../shared/failure';
import { cacheEntries, type CacheEntry, type DecoderTask } from './decoderCache';
import {
  fixedDimension,
  fixedSizes,
  graphInputs,
  type FixedSizes,
  type GraphInputs,
} from './graphInputs';
import { nonTextInput } from './nonTextInput';
import { singleGraphEncoderDecoder } from './singleGraph';

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
  cache?: readonly CacheEntry[];
}

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
  const other = nonTextInput(wanted, where) ?? singleGraphEncoderDecoder(wanted, where);
  if (other !== undefined) {
    throw other;
  }
  const given = new Set(graph.outputs.map(({ name }) => name));
  const cache = cacheEntries(wanted, graph, task, headSize, where);
  const isCache = new Set(cache.map(({ past }) => past));
  for (const input of wanted.keys()) {
    if (!isCache.has(input) && !INPUTS[task].includes(input)) {
      throw new Failure({
        kind: 'unsupported',
        what: phrase('The model needs an input that Headlight does not know: “{0}”', input),
        where,
        remedy: toExport(task),
      });
    }
  }
  // The keys and values of cross attention need not come out again.
  const lost = cache.find(({ kind, present }) => kind !== 'cross' && !given.has(present));
  if (lost !== undefined) {
    throw lacks(lost.present, task, where);
  }
  if (!wanted.has('input_ids')) {
    throw lacks('input_ids', task, where);
  }
  const instead = given.has('logits') ? undefined : embeddingOutput(graph.outputs, task);
  if (!given.has('logits') && instead === undefined) {
    throw lacks('logits', task, where);
  }
  const sizes =
    cache.length === 0 ? fixedSizes(wanted, BY_TOKEN, where) : cachedSizes(wanted, cache, where);
  const encoderLength = ENCODER_INPUTS.map((name) => fixedDimension(wanted, name, 1)).find(
    (length) => length !== undefined,
  );
  const logitsToKeep = ['num_logits_to_keep', 'logits_to_keep'].find((name) => wanted.has(name));
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
    ...(cache.length === 0 ? {} : { cache }),
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
function cachedSizes(inputs: GraphInputs, cache: readonly CacheEntry[], where: string): FixedSizes {
  const [past] = cache.flatMap(({ past, kind }) => {
    const length = kind === 'growing' ? fixedDimension(inputs, past, 2) : undefined;
    return length === undefined ? [] : [length];
  });
  if (past !== undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The model goes on from a cache of exactly {0} tokens', past),
      where,
      remedy: phrase('export the model with a cache of any length, or without one'),
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
    remedy: phrase('export the model for texts of any length, or without a cache'),
  });
}

function lacks(name: string, task: DecoderTask, where: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase('The model has no “{0}”, which a text-generation model must have', name),
    where,
    remedy: toExport(task),
  });
}

function toExport(task: DecoderTask): Failure['remedy'] {
  return task === 'text-generation'
    ? phrase('export it as a text-generation model with Optimum or for Transformers.js')
    : phrase('export encoder and decoder with Optimum or for Transformers.js');
}
