import { Failure, phrase } from '../../shared/failure';
import { intAttribute } from '../graph/attributes';
import type { AttentionMap } from './attention';
import type { Dataflow, Use } from '../graph/dataflow';
import type { GraphBuilder } from '../graph/graphBuilder';
import type { Node } from '../graph/model';
import { inferShape } from './partialInference';

/** Nodes looked at between values and the weights that they are projected with. One or two. */
const PROJECTION_STEPS = 8;

/** Inputs of a projection: what is projected, weight and bias. */
const PROJECTION_INPUTS = 3;

/** Operators between a projection and attention that keep heads together. */
const PROJECTION_OPERATORS: ReadonlySet<string> = new Set(['Add', 'Identity', 'Cast']);

/** Nodes looked at between attention and the layer behind it. Four or five. */
const OUTPUT_STEPS = 16;

/** Operators that put heads together again. */
const OUTPUT_OPERATORS: ReadonlySet<string> = new Set([
  'Transpose',
  'Reshape',
  'Identity',
  'Cast',
  'Squeeze',
]);

/**
 * A map [batch · heads, queries, keys] as one [batch, heads, queries, keys]. PyTorch's `bmm` knows
 * one batch axis alone, so that older code, BART of `transformers` before 4.48 for one, folds
 * heads into it. How many there are tells the shape that scores or results are given elsewhere; or
 * that values come from their projection undivided: then there is one; or else, as in
 * `torch.nn.MultiheadAttention`, how many results of a head go into the layer behind it.
 *
 * @param probabilities the value, of three dimensions.
 * @param fourfold a list of four sizes, those of batch and heads first.
 * @param values what the probabilities are multiplied with, [batch · heads, keys, size].
 * @param product the node that multiplies them.
 * @throws Failure of kind `unsupported` if the graph does not tell.
 */
export function withHeads(
  probabilities: string,
  fourfold: string | undefined,
  values: string,
  product: Node,
  flow: Dataflow,
  where: () => string,
): AttentionMap {
  const isSingle = fourfold === undefined && isUndivided(values, flow);
  const width = fourfold === undefined && !isSingle ? widthBehind(product, flow) : undefined;
  if (fourfold === undefined && !isSingle && width === undefined) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'The attention map has its heads and the batch in one dimension, and the graph does not tell how many heads there are',
      ),
      where: where(),
      remedy: phrase(
        'export the model again with probabilities [batch, heads, queries, keys] (transformers: attn_implementation="eager")',
      ),
    });
  }
  const batchAndHeads = (to: GraphBuilder): string[] => {
    if (fourfold !== undefined) {
      return [to.add('Gather', [fourfold, to.integers([0, 1])])];
    }
    if (width === undefined) {
      // Zero keeps the size that is there.
      return [to.integers([0, 1])];
    }
    const size = to.add('Gather', [to.add('Shape', [values]), to.integers([2])]);
    return [to.integers([-1]), to.add('Div', [to.integers([width]), size])];
  };
  return {
    kind: 'built',
    build: (to) => {
      const tokens = to.add('Gather', [to.add('Shape', [probabilities]), to.integers([1, 2])]);
      const sizes = to.add('Concat', [...batchAndHeads(to), tokens], {
        axis: { kind: 'int', value: 0 },
      });
      return to.add('Reshape', [probabilities, sizes]);
    },
  };
}

/** What all heads have together, as the weight of the layer behind a product tells. */
function widthBehind(product: Node, flow: Dataflow): number | undefined {
  let node: Node | undefined = product;
  for (let step = 0; step < OUTPUT_STEPS; step++) {
    const [use]: readonly Use[] = flow.uses(node.outputs[0] ?? '');
    const weight = use?.input === 0 ? inferShape(use.node.inputs[1] ?? '', flow) : undefined;
    if (use?.node.opType === 'MatMul' || use?.node.opType === 'Gemm') {
      const width = weight?.[intAttribute(use.node, 'transB') ?? 0];
      return weight?.length === 2 && typeof width === 'number' ? width : undefined;
    }
    if (use?.node.domain !== '' || !OUTPUT_OPERATORS.has(use.node.opType)) {
      return undefined;
    }
    node = use.node;
  }
  return undefined;
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
