import { intAttribute, intsAttribute } from '../../onnx/graph/attributes';
import type { CostPolynomial } from '../../shared/modelCost';
import type { Call, Rule, Rules, Sizes, Work } from './call';
import { tensorCost } from './caches';
import { constant, product, productIfKnown, quotient, sizeNamed, sum } from './polynomial';

const MULTIPLY_ADD = constant(2);

/** The sizes that an attention's products depend on. */
interface AttentionSizes {
  batch: CostPolynomial | undefined;
  /** Heads of queries. */
  heads: CostPolynomial | undefined;
  queries: CostPolynomial | undefined;
  keys: CostPolynomial | undefined;
  /** Width of all heads of queries together, and of all that is mixed for them. */
  width: CostPolynomial | undefined;
  valueWidth: CostPolynomial | undefined;
}

/**
 * Q·Kᵀ and P·V over all heads: 2 · batch · queries · keys · (width + width of the values). What is masked
 * is counted, as in attention that is not fused; a window or order that the operator keeps to is not
 * taken off.
 * @param projections operations of projections that the operator does as well.
 */
function attentionWork(
  { batch, heads, queries, keys, width, valueWidth }: AttentionSizes,
  { dtype }: Call,
  projections: CostPolynomial | undefined,
): Work | undefined {
  const pairs = productIfKnown([batch, queries, keys]);
  const map = tensorCost(productIfKnown([pairs, heads]), dtype ?? 'float32');
  if (
    pairs === undefined ||
    map === undefined ||
    width === undefined ||
    valueWidth === undefined ||
    projections === undefined
  ) {
    return undefined;
  }
  const attention = product(MULTIPLY_ADD, pairs, sum(width, valueWidth));
  return { operations: sum(projections, attention), attention, map };
}

/**
 * `com.microsoft.Attention`: input [batch, tokens, any] by a weight [any, 2 · width + that of values].
 * @param past number of the input with keys and values, [2, batch, heads, tokens, size].
 */
function projected(past: number): Rule {
  return (call) => {
    const { node, input, dtype } = call;
    const [batch, queries, inner] = input(0) ?? [];
    const stacked = input(1)?.[1];
    const sizes = intsAttribute(node, 'qkv_hidden_sizes')?.map(constant);
    const third = stacked && quotient(stacked, 3);
    return attentionWork(
      {
        batch,
        heads: attributeSize(call, 'num_heads'),
        queries,
        keys: withPast(call, queries, past, 3),
        width: sizes?.[0] ?? third,
        valueWidth: sizes?.[2] ?? third,
      },
      // Of integers the map is in floating point still.
      { ...call, dtype: /int/.test(dtype ?? '') ? 'float32' : dtype },
      productIfKnown([MULTIPLY_ADD, batch, queries, inner, stacked]),
    );
  };
}

/**
 * Query [batch, tokens, width] or packed [batch, tokens, heads, 3, size]; keys and values likewise,
 * packed with each other, or [batch, heads, tokens, size] of an earlier run.
 * @param past number of the input with keys of earlier runs, [batch, heads, tokens, size].
 * @param isBuffer whether that is a buffer for all runs, whatever of it is in use.
 */
function multiHead(past: number, isBuffer = false): Rule {
  return (call) => {
    const { node, input } = call;
    const hasPast = (node.inputs[past] ?? '') !== '';
    const heads = attributeSize(call, 'num_heads');
    const query = input(0);
    const key = input(1) ?? query;
    const width = widthOf(query, heads);
    const own = key?.length === 4 ? key[2] : key?.[1];
    return attentionWork(
      {
        batch: query?.[0],
        heads,
        queries: query?.[1],
        keys:
          isBuffer && hasPast ? own && sum(sizeNamed('past'), own) : withPast(call, own, past, 2),
        width,
        valueWidth: input(2) === undefined ? width : widthOf(input(2), heads),
      },
      call,
      [],
    );
  };
}

/** Width of all heads: of [batch, tokens, width], [batch, heads, tokens, size], or packed with others. */
function widthOf(
  sizes: Sizes | undefined,
  heads: CostPolynomial | undefined,
): CostPolynomial | undefined {
  return sizes?.length === 3 ? sizes[2] : productIfKnown([heads, sizes?.at(-1)]);
}

/** Several heads of queries to one of keys; the query may have keys and values beside it. */
const groupQuery: Rule = (call) => {
  const { node, input } = call;
  const [batch, queries, width] = input(0) ?? [];
  const [heads = 0, groups = 0] = ['num_heads', 'kv_num_heads'].map((name) =>
    intAttribute(node, name),
  );
  const stacked = input(1) === undefined ? heads + 2 * groups : heads;
  const size = width && quotient(width, stacked);
  const own = productIfKnown([size, constant(heads)]);
  return attentionWork(
    {
      batch,
      heads: constant(heads),
      queries,
      keys: withPast(call, queries, 3, 2),
      width: own,
      valueWidth: own,
    },
    call,
    [],
  );
};

/** ai.onnx: [batch, heads, tokens, size], or [batch, tokens, heads × size]. */
const standard: Rule = (call) => {
  const { input } = call;
  const [query, key, value] = [input(0), input(1), input(2)];
  const isSplit = query?.length === 4;
  const heads = isSplit ? query[1] : attributeSize(call, 'q_num_heads');
  const groups = intAttribute(call.node, 'kv_num_heads');
  const size = isSplit
    ? value?.at(-1)
    : value?.[2] && groups !== undefined && quotient(value[2], groups);
  return attentionWork(
    {
      batch: query?.[0],
      heads,
      queries: query?.at(-2),
      keys: withPast(call, key?.at(-2), 4, 2),
      width: isSplit ? productIfKnown([heads, query[3]]) : query?.[2],
      valueWidth: productIfKnown([heads, size || undefined]),
    },
    call,
    [],
  );
};

/** Keys of a run and those before it. @param axis that of the tokens in the input with those. */
function withPast(
  { node, input }: Call,
  own: CostPolynomial | undefined,
  index: number,
  axis: number,
): CostPolynomial | undefined {
  if ((node.inputs[index] ?? '') === '') {
    return own;
  }
  const past = input(index)?.[axis];
  return past && own && sum(past, own);
}

function attributeSize({ node }: Call, name: string): CostPolynomial | undefined {
  const size = intAttribute(node, name);
  return size === undefined ? undefined : constant(size);
}

/** Operators that attention is fused into. */
export const FUSED_ATTENTION: Rules = new Map<string, Rule>([
  ['Attention', standard],
  ['com.microsoft.Attention', projected(4)],
  ['com.microsoft.QAttention', projected(8)],
  ['com.microsoft.MultiHeadAttention', multiHead(6)],
  ['com.microsoft.DecoderMaskedMultiHeadAttention', multiHead(5, true)],
  ['com.microsoft.GroupQueryAttention', groupQuery],
]);
