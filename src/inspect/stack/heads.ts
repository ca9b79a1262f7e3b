import { intAttribute, intsAttribute } from '../../onnx/graph/attributes';
import type { Node } from '../../onnx/graph/model';
import type { AttentionLayer } from '../../onnx/attention/findAttention';
import type { AttentionPart } from '../../shared/modelStack';
import type { Computation } from './computation';
import { isProduct, widthBefore } from './products';

type Heads = Pick<AttentionPart, 'heads' | 'keyValueHeads' | 'headSize'>;

/** How many heads an attention has, and how large they are, as far as the graph tells. */
export function headsOf({ attention }: AttentionLayer, computation: Computation): Heads {
  const isWrittenOut = attention.products.length > 0;
  const { heads, keyValueHeads, headSize } = isWrittenOut
    ? headsWrittenOut(attention, computation)
    : headsFused(attention.node, computation);
  return {
    ...(heads === undefined ? {} : { heads }),
    ...(keyValueHeads === undefined ? {} : { keyValueHeads }),
    ...(headSize === undefined ? {} : { headSize }),
  };
}

/** Those of an operator that has all of attention in it. */
function headsFused(node: Node, computation: Computation): Heads {
  const [query = '', key = ''] = node.inputs.map((value) => computation.settled(value));
  const given = intAttribute(node, 'num_heads') ?? intAttribute(node, 'q_num_heads');
  // ONNX's own operator also takes [batch, heads, tokens, size].
  const isSplit = given === undefined && computation.shape(query)?.length === 4;
  const heads = given ?? (isSplit ? sizeAt(query, 1, computation) : undefined);
  const shared =
    intAttribute(node, 'kv_num_heads') ??
    (isSplit && heads !== undefined
      ? // Where keys were not repeated before, the operator repeats them.
        (sharedHeads(key, heads, computation) ?? sizeAt(key, 1, computation))
      : heads);
  const width = isSplit ? undefined : queryWidth(node, query, key, heads, shared, computation);
  const size = isSplit
    ? computation.width(query)
    : width === undefined || heads === undefined
      ? undefined
      : width / heads;
  return {
    ...(heads === undefined ? {} : { heads }),
    ...(shared === undefined ? {} : { keyValueHeads: shared }),
    ...(size === undefined || !Number.isInteger(size) ? {} : { headSize: size }),
  };
}

/** What the queries of all heads have together. */
function queryWidth(
  node: Node,
  query: string,
  key: string,
  heads: number | undefined,
  shared: number | undefined,
  computation: Computation,
): number | undefined {
  const [weight = ''] = node.inputs.slice(1);
  switch (node.opType) {
    case 'Attention':
    case 'QAttention':
      if (node.domain !== '') {
        // Weights of queries, keys and values side by side.
        const all = computation.width(computation.settled(weight));
        return intsAttribute(node, 'qkv_hidden_sizes')?.[0] ?? (all === undefined ? all : all / 3);
      }
      return computation.width(query);
    case 'GroupQueryAttention': {
      const width = computation.width(query);
      const isPacked = key === '' && heads !== undefined && shared !== undefined;
      return width !== undefined && isPacked ? (width * heads) / (heads + 2 * shared) : width;
    }
    default:
      return computation.shape(query)?.length === 3 ? computation.width(query) : undefined;
  }
}

function headsWrittenOut(
  { node, map, queries, keys }: AttentionLayer['attention'],
  computation: Computation,
): Heads {
  const [query = '', key = ''] = [queries[0] ?? '', keys[0] ?? ''].map((value) =>
    computation.settled(value),
  );
  const headSize = computation.width(query);
  const ofMap =
    map.kind === 'value' ? sizeAt(computation.settled(map.value), 1, computation, 4) : 0;
  const ofScores = sizeAt(computation.settled(node.inputs[0] ?? ''), 1, computation, 4);
  const width = widthBehind(node, computation);
  const fromWidth =
    width === undefined || headSize === undefined ? undefined : wholeOrNone(width / headSize);
  const heads = (ofMap === 0 ? undefined : ofMap) ?? ofScores ?? fromWidth;
  const shared = heads === undefined ? undefined : sharedHeads(key, heads, computation);
  return {
    ...(heads === undefined ? {} : { heads }),
    ...(shared === undefined ? {} : { keyValueHeads: shared }),
    ...(headSize === undefined ? {} : { headSize }),
  };
}

function wholeOrNone(size: number): number | undefined {
  return Number.isInteger(size) ? size : undefined;
}

/** A size of a value, where it is a number. @param rank that the value must have, if given. */
function sizeAt(
  value: string,
  axis: number,
  computation: Computation,
  rank?: number,
): number | undefined {
  const shape = computation.shape(value);
  const size = rank === undefined || shape?.length === rank ? shape?.[axis] : undefined;
  return typeof size === 'number' ? size : undefined;
}

/** Steps from a Softmax to the projection behind it; ten are usual. */
const STEPS_BEHIND = 32;

/** What the projection behind an attention takes of each token: the results of all heads. */
function widthBehind(node: Node, computation: Computation): number | undefined {
  const waiting = [...(computation.stepOf(node)?.outputs ?? [])];
  for (let steps = 0; steps < STEPS_BEHIND; steps++) {
    const value = waiting.shift();
    if (value === undefined) {
      return undefined;
    }
    for (const { step } of computation.uses(value)) {
      if (isProduct(step, computation)) {
        return widthBefore(step, computation);
      }
      waiting.push(...step.outputs.slice(0, 1));
    }
  }
  return undefined;
}

/** Steps from keys back to where they are repeated for the heads that share them; six are usual. */
const STEPS_TO_REPEAT = 24;

/** Heads of keys: as many as of queries, unless one is multiplied with several, or repeated for them. */
function sharedHeads(keys: string, heads: number, computation: Computation): number | undefined {
  const shape = computation.shape(keys);
  const own = shape?.length === 4 ? shape[1] : undefined;
  if (own === 1) {
    return 1;
  }
  let at = keys;
  for (let steps = 0; steps < STEPS_TO_REPEAT; steps++) {
    const step = computation.producer(at);
    if (step === undefined || isProduct(step, computation)) {
      break;
    }
    const [from = ''] = step.inputs;
    if (step.operator === 'Expand' || step.operator === 'Tile') {
      const [before, after] = [computation.shape(from), computation.shape(at)];
      const shared = before?.[1];
      if (before?.length === 5 && before[2] === 1 && typeof shared === 'number') {
        return after?.[2] === 1 ? heads : shared;
      }
    }
    const [next] = computation.computed(step).filter((value) => !computation.isInput(value));
    if (next === undefined) {
      break;
    }
    at = next;
  }
  // Of three dimensions, heads and batch share one; of four, heads may come after the tokens.
  return shape?.length === 3 || shape?.includes(heads) === true ? heads : undefined;
}
