import { GraphBuilder, type NewGraphParts } from '../graph/graphBuilder';
import type { OnnxModel } from '../graph/model';
import { atLeast, reduced } from './nodes';

/*
 * What a decoder's logits say of the tokens it has read, computed inside the graph: the logits of
 * 2,048 tokens over a vocabulary of 150,000 are 1.2 GB, of which eight numbers for each token are
 * wanted.
 */

/** The output of a decoder that is rated: [1, tokens, vocabulary]. */
const LOGITS = 'logits';

/** How many of the likeliest tokens are named. */
const LIKELIEST = 3;

/** Numbers for each token in `TokenRatings.ratings`. */
export const RATING_NUMBERS = 2 + 2 * LIKELIEST;

/** The version of ONNX's own operators that brought `TopK`, sorted, and `GatherElements`. */
const OLDEST_OPSET = 11;

/** The axes of logits [1, tokens, vocabulary]. */
const TOKENS = 1;
const VOCABULARY = 2;

/** Nearly the largest number in float32. */
const LARGEST = 3e38;

/** What rates tokens in a graph: names of inputs and outputs. */
export interface TokenRatings {
  /**
   * int64 [chunks, tokens], at least one: the tokens of each chunk by their numbers. Beyond the
   * last one, counting begins anew.
   */
  tokens: string;
  /** int64 [chunks, 1, tokens, 1]: which token comes next after each of them. */
  next: string;
  /**
   * float32 [chunks, 1, tokens, RATING_NUMBERS]: the probability of the next token, how many tokens
   * have larger logits, the ids of the likeliest ones, and their probabilities.
   */
  ratings: string;
  /** int64 [3]: the shape of the logits. Some exports return those of the last token alone. */
  shape: string;
  /** Size of the vocabulary, where the file tells it. */
  vocabulary?: number;
}

const NAMES = {
  tokens: 'headlight.logits.tokens',
  next: 'headlight.logits.next',
  ratings: 'headlight.logits.ratings',
  shape: 'headlight.logits.shape',
} as const;

/**
 * Makes nodes that rate the tokens that a decoder has read, chunk by chunk.
 * @returns undefined if the graph has no logits of that form, or operators too old for that.
 */
export function tokenRatings({
  graph,
  opsets,
}: OnnxModel): { names: TokenRatings; parts: NewGraphParts } | undefined {
  const opset = opsets.get('') ?? 0;
  const output = graph.outputs.find(({ name }) => name === LOGITS);
  const shape = output?.type?.kind === 'tensor' ? output.type.shape : undefined;
  const vocabulary = shape?.[VOCABULARY];
  const isOtherForm =
    (shape !== undefined && shape.length !== VOCABULARY + 1) ||
    (typeof vocabulary === 'number' && vocabulary < LIKELIEST);
  if (opset < OLDEST_OPSET || output === undefined || isOtherForm) {
    return undefined;
  }
  return {
    names: { ...NAMES, ...(typeof vocabulary === 'number' ? { vocabulary } : {}) },
    parts: ratingParts(opset),
  };
}

function ratingParts(opset: number): NewGraphParts {
  const to = new GraphBuilder('headlight.logits.node');
  const shape = to.add('Shape', [LOGITS]);
  const rows = to.add('Gather', [shape, to.integers([TOKENS])]);
  const chunks = [NAMES.tokens, NAMES.next];
  const [ratings = ''] = to.addNode(
    {
      opType: 'Scan',
      inputs: chunks,
      attributes: {
        body: { kind: 'graph', value: body(rows, opset) },
        num_scan_inputs: { kind: 'int', value: chunks.length },
      },
    },
    [true],
  );
  const [chunk, token] = ['headlight.logits.chunk.count', 'headlight.logits.token.count'];
  return {
    ...to.parts,
    nodes: [
      ...(to.parts.nodes ?? []),
      { opType: 'Identity', inputs: [ratings], outputs: [NAMES.ratings] },
      { opType: 'Identity', inputs: [shape], outputs: [NAMES.shape] },
    ],
    inputs: [
      { name: NAMES.tokens, dtype: 'int64', shape: [chunk, token] },
      { name: NAMES.next, dtype: 'int64', shape: [chunk, 1, token, 1] },
    ],
    outputs: [NAMES.ratings, NAMES.shape],
  };
}

/** @param rows int64 [1]: for how many tokens there are logits. */
function body(rows: string, opset: number): NewGraphParts {
  const to = new GraphBuilder('headlight.logits.chunk');
  const [tokens, next] = ['headlight.logits.chunk.tokens', 'headlight.logits.chunk.next'];
  const byToken = { axis: { kind: 'int', value: TOKENS } } as const;
  const byWord = { axis: { kind: 'int', value: VOCABULARY } } as const;
  const existing = to.add('Mod', [tokens, rows]);
  const logits = to.cast(to.add('Gather', [LOGITS, existing], byToken), 'float32');
  const probabilities = to.add('Softmax', [logits], byWord);
  const [, ids = ''] = to.addNode(
    { opType: 'TopK', inputs: [logits, to.integers([LIKELIEST])], attributes: byWord },
    [true, true],
  );
  const parts = [
    to.add('GatherElements', [probabilities, next], byWord),
    largerThan(to, logits, to.add('GatherElements', [logits, next], byWord), opset),
    to.cast(ids, 'float32'),
    to.add('GatherElements', [probabilities, ids], byWord),
  ];
  const ratings = to.add('Concat', parts, byWord);
  return {
    ...to.parts,
    inputs: [
      { name: tokens, dtype: 'int64', shape: ['tokens'] },
      { name: next, dtype: 'int64', shape: [1, 'tokens', 1] },
    ],
    outputs: [{ name: ratings, dtype: 'float32', shape: [1, 'tokens', RATING_NUMBERS] }],
  };
}

/**
 * How many logits of each token are larger than a given one. A step from 0 to 1 that is as steep as
 * can be counts them in one go; `Greater` and `Cast` take several times as long.
 */
function largerThan(to: GraphBuilder, logits: string, given: string, opset: number): string {
  // From −∞, nothing can be subtracted.
  const finite = atLeast(to, given, -LARGEST);
  const steps = to.add('HardSigmoid', [to.add('Sub', [logits, finite])], {
    alpha: { kind: 'float', value: LARGEST },
    beta: { kind: 'float', value: 0 },
  });
  return reduced(to, 'ReduceSum', steps, VOCABULARY, opset);
}
