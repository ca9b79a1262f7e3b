import { Failure, phrase } from '../shared/failure';
import type { AttentionMap } from './attention';
import type { Dataflow } from './dataflow';

/** Nodes looked at between values and the weights that they are projected with. One or two. */
const PROJECTION_STEPS = 8;

/** Inputs of a projection: what is projected, weight and bias. */
const PROJECTION_INPUTS = 3;

/** Operators between a projection and attention that keep heads together. */
const PROJECTION_OPERATORS: ReadonlySet<string> = new Set(['Add', 'Identity', 'Cast']);

/**
 * A map [batch · heads, queries, keys] as one [batch, heads, queries, keys]. PyTorch's `bmm` knows
 * one batch axis alone, so that older code, BART of `transformers` before 4.48 for one, folds
 * heads into it. How many there are tells the shape that scores or results are given elsewhere, or
 * else that values come from their projection undivided: then there is one.
 *
 * @param probabilities the value, of three dimensions.
 * @param fourfold a list of four sizes, those of batch and heads first.
 * @param values what the probabilities are multiplied with.
 * @throws Failure of kind `unsupported` if the graph does not tell.
 */
export function withHeads(
  probabilities: string,
  fourfold: string | undefined,
  values: string,
  flow: Dataflow,
  where: () => string,
): AttentionMap {
  if (fourfold === undefined && !isUndivided(values, flow)) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'The attention map has its heads and the batch in one dimension, and the graph does not tell how many heads there are',
      ),
      where: where(),
      todo: phrase('export the model again with attn_implementation="eager"'),
    });
  }
  return {
    kind: 'built',
    build: (to) => {
      const batchAndHeads =
        fourfold === undefined
          ? // Zero keeps the size that is there.
            to.integers([0, 1])
          : to.add('Gather', [fourfold, to.integers([0, 1])]);
      const tokens = to.add('Gather', [to.add('Shape', [probabilities]), to.integers([1, 2])]);
      const sizes = to.add('Concat', [batchAndHeads, tokens], { axis: { kind: 'int', value: 0 } });
      return to.add('Reshape', [probabilities, sizes]);
    },
  };
}

/** Whether values come straight from a product with a weight. */
function isUndivided(values: string, flow: Dataflow): boolean {
  let value = values;
  for (let step = 0; step < PROJECTION_STEPS; step++) {
    const node = flow.producer(value);
    const operands = node?.inputs.slice(0, PROJECTION_INPUTS) ?? [];
    const computed = operands.filter((input) => !flow.isFixed(input));
    const [next] = computed;
    if (node?.domain !== '' || next === undefined || computed.length > 1) {
      return false;
    }
    if (node.opType === 'MatMul' || node.opType === 'Gemm') {
      return true;
    }
    if (!PROJECTION_OPERATORS.has(node.opType)) {
      return false;
    }
    value = next;
  }
  return false;
}
