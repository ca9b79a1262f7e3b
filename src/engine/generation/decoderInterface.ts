import type { Graph, ValueInfo } from '../../onnx/model';
import { Failure, phrase } from '../../shared/failure';

/** How a decoder-only model takes its keys and values from the previous step. */
export interface CacheGeometry {
  /** Input and output names, two for each layer, in the same order. */
  names: { past: string; present: string }[];
  type: 'float32' | 'float16';
  /** Heads of key and value, which grouped-query attention has fewer of. */
  heads: number;
  headSize: number;
}

/** What a decoder-only model wants to be fed, read off its graph. */
export interface DecoderInterface {
  attentionMask: boolean;
  positionIds: boolean;
  /** Exports for Transformers.js 3.1 and later take how many rows of logits to return. */
  logitsToKeep?: string;
  /** Absent in models that compute every step from all tokens. */
  cache?: CacheGeometry;
}

const PAST = /^past_key_values\.(\d+)\.(key|value)$/;

/**
 * Reads a decoder-only model's interface off its inputs and outputs, which are named as Hugging Face
 * Optimum names them.
 * @param where names the file in failures.
 * @throws Failure `unsupported` when the model wants or lacks something that Headlight cannot provide.
 */
export function decoderInterface(
  { inputs, outputs, initializers }: Graph,
  where: string,
): DecoderInterface {
  // Old exporters list initializers among the inputs, as defaults that may be overridden.
  const defaults = new Set(initializers.map(({ name }) => name));
  const given = new Set(outputs.map(({ name }) => name));
  const cacheNames: CacheGeometry['names'] = [];
  let cacheInput: ValueInfo | undefined;
  let inputIds = false;
  let attentionMask = false;
  let positionIds = false;
  let logitsToKeep: string | undefined;

  for (const input of inputs.filter(({ name }) => !defaults.has(name))) {
    const past = PAST.exec(input.name);
    if (input.name === 'input_ids') {
      inputIds = true;
    } else if (input.name === 'attention_mask') {
      attentionMask = true;
    } else if (input.name === 'position_ids') {
      positionIds = true;
    } else if (input.name === 'num_logits_to_keep' || input.name === 'logits_to_keep') {
      logitsToKeep = input.name;
    } else if (past) {
      const present = `present.${past[1]}.${past[2]}`;
      if (!given.has(present)) {
        throw lacks(present, where);
      }
      cacheNames.push({ past: input.name, present });
      cacheInput ??= input;
    } else {
      throw new Failure({
        kind: 'unsupported',
        what: phrase('The model needs an input that Headlight does not know: “{0}”', input.name),
        where,
        todo: phrase('export it as a text-generation model with Optimum or for Transformers.js'),
      });
    }
  }
  if (!inputIds) {
    throw lacks('input_ids', where);
  }
  if (!given.has('logits')) {
    throw lacks('logits', where);
  }
  return {
    attentionMask,
    positionIds,
    ...(logitsToKeep === undefined ? {} : { logitsToKeep }),
    ...(cacheInput === undefined ? {} : { cache: cacheGeometry(cacheInput, cacheNames, where) }),
  };
}

/** Shape of a past key or value: [batch, heads, past length, head size]. */
function cacheGeometry(
  { name, type }: ValueInfo,
  names: CacheGeometry['names'],
  where: string,
): CacheGeometry {
  if (type?.kind === 'tensor') {
    const [, heads, , headSize] = type.shape ?? [];
    const float = type.dtype === 'float32' || type.dtype === 'float16';
    if (float && typeof heads === 'number' && typeof headSize === 'number') {
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

function lacks(name: string, where: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase('The model has no “{0}”, which a text-generation model must have', name),
    where,
    todo: phrase('export it as a text-generation model with Optimum or for Transformers.js'),
  });
}
