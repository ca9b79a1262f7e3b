import { intAttribute, intsAttribute } from '../graph/attributes';
import { dtypeAt, shapeAt, type Call, type Rules } from './call';
import { fact, type InferredValue, type Shape } from './inferredValue';
import { add, divideProducts, multiply, type Size } from './size';

function same(call: Call): InferredValue {
  return fact(dtypeAt(call, 0), shapeAt(call, 0));
}

/** The result, two figures that only training needs, and the sum that was normalised. */
function skipNormalization(call: Call): InferredValue[] {
  return [same(call), {}, {}, same(call)];
}

/** [batch, tokens, hidden] from ids and the table of words. */
function embedding(call: Call): InferredValue[] {
  const [ids, table] = [shapeAt(call, 0), shapeAt(call, 2)];
  const shape = ids && table && [...ids, table.at(-1) ?? null];
  return [fact(dtypeAt(call, 2), shape), fact('int32', ids && [ids[0] ?? null])];
}

/** `com.microsoft.Attention`: one weight [hidden, q + k + v] for all three. */
function packedAttention(call: Call): InferredValue[] {
  const [input, weight] = [shapeAt(call, 0), shapeAt(call, 1)];
  const sizes = intsAttribute(call.node, 'qkv_hidden_sizes');
  const width = sizes?.[2] ?? divideProducts([weight?.[1] ?? null], [3]);
  return [fact(dtypeAt(call, 0), input && [...input.slice(0, 2), width])];
}

/** The same with integers in and, by their scale, real numbers out. */
function quantizedAttention(call: Call): InferredValue[] {
  const [{ shape } = {}] = packedAttention(call);
  return [fact(dtypeAt(call, 3), shape)];
}

/** [batch, queries, heads × size of a head of the values]. */
function multiHeadAttention(call: Call): InferredValue[] {
  const [query, value] = [shapeAt(call, 0), shapeAt(call, 2)];
  const width =
    value?.length === 3
      ? value[2]
      : value?.length === 4
        ? multiply(value[1] ?? null, value[3] ?? null)
        : null;
  return [
    fact(dtypeAt(call, 0), query?.length === 3 ? [...query.slice(0, 2), width ?? null] : undefined),
  ];
}

/**
 * The query may have keys and values beside it, in which case its heads are not all. The cache comes
 * out as long as the buffer that it came in, or as the text, whichever is longer.
 */
function groupQueryAttention(call: Call): InferredValue[] {
  const query = shapeAt(call, 0);
  const isPacked = call.inputs[1] === undefined;
  const [heads = null, groups = null] = [
    intAttribute(call.node, 'num_heads'),
    intAttribute(call.node, 'kv_num_heads'),
  ];
  const all = isPacked ? add(heads, multiply(groups, 2)) : heads;
  const size = divideProducts([query?.[2] ?? null], [all]);
  const isUsual = query?.length === 3;
  const cache: Shape | undefined = isUsual ? [query[0] ?? null, groups, null, size] : undefined;
  return [
    fact(dtypeAt(call, 0), isUsual ? [...query.slice(0, 2), multiply(heads, size)] : undefined),
    fact(dtypeAt(call, 3) ?? dtypeAt(call, 0), cache),
    fact(dtypeAt(call, 4) ?? dtypeAt(call, 0), cache),
  ];
}

/** ai.onnx: [batch, heads, queries, size of a head], or [batch, queries, heads × size]. */
function attention(call: Call): InferredValue[] {
  const [query, key, value] = [shapeAt(call, 0), shapeAt(call, 1), shapeAt(call, 2)];
  const past = shapeAt(call, 4);
  const heads = query?.length === 4 ? query[1] : intAttribute(call.node, 'q_num_heads');
  const groups = key?.length === 4 ? key[1] : intAttribute(call.node, 'kv_num_heads');
  const size =
    value?.length === 4
      ? (value[3] ?? null)
      : divideProducts([value?.[2] ?? null], [groups ?? null]);
  const queries = query?.at(-2) ?? null;
  const given = key?.at(-2) ?? null;
  const keys = call.inputs[4] === undefined ? given : add(past?.[2] ?? null, given);
  const batch = query?.[0] ?? null;
  const result: Shape | undefined =
    query?.length === 4
      ? [batch, heads ?? null, queries, size]
      : query?.length === 3
        ? [batch, queries, multiply(heads ?? null, size)]
        : undefined;
  const keySize =
    key?.length === 4 ? (key[3] ?? null) : divideProducts([key?.[2] ?? null], [groups ?? null]);
  const cache = (width: Size | null): Shape => [batch, groups ?? null, keys, width];
  return [
    fact(dtypeAt(call, 0), result),
    fact(dtypeAt(call, 1), cache(keySize)),
    fact(dtypeAt(call, 2), cache(size)),
    fact(dtypeAt(call, 0), [batch, heads ?? null, queries, keys]),
  ];
}

/** Attention in one operator of ONNX itself (operator set 23), and what goes with it. */
export const FUSED: Rules = { Attention: attention, RotaryEmbedding: same };

/** What ONNX Runtime's optimiser makes of Transformers. */
export const FUSED_OF_MICROSOFT: Rules = {
  Attention: packedAttention,
  QAttention: quantizedAttention,
  MultiHeadAttention: multiHeadAttention,
  GroupQueryAttention: groupQueryAttention,
  RotaryEmbedding: same,
  EmbedLayerNormalization: embedding,
  SkipLayerNormalization: skipNormalization,
  SkipSimplifiedLayerNormalization: skipNormalization,
  BiasGelu: same,
  FastGelu: same,
  Gelu: same,
  QuickGelu: same,
  BiasAdd: same,
  BiasSoftmax: same,
};
