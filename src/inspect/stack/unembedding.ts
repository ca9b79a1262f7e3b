import type { Weight } from '../../onnx/outline/weightUses';
import type { UnembeddingPart } from '../../shared/modelStack';
import type { Computation, Step } from './computation';
import { isProduct, widthAfter, widthBefore } from './products';

/** What makes scores of the last states, and its matrix. */
export interface FoundUnembedding {
  part: Omit<UnembeddingPart, 'isTied' | 'parameters'>;
  weights: readonly Weight[];
}

/** Steps from the last states to the model's results; a head with a layer more has 30. */
const STEPS_TO_OUTPUT = 256;

/** Dimensions of scores for each token: texts, tokens, scores. */
const SCORES_RANK = 3;

/**
 * The last product between the end of a stack and a result of the model, if its scores are for each token:
 * as many as there are tokens in the vocabulary, or with a dimension for tokens left.
 * @param stop steps of the parts of blocks, which are no way to a result.
 */
export function unembeddingOf(
  end: string,
  vocabulary: number | undefined,
  stop: ReadonlySet<Step>,
  computation: Computation,
): FoundUnembedding | undefined {
  const results = new Set(computation.outputs().map(({ value }) => value));
  const seen = new Set<Step>();
  const waiting: { value: string; product?: Step }[] = [{ value: end }];
  for (const { value, product } of waiting) {
    if (product !== undefined && results.has(value)) {
      const found = asUnembedding(product, vocabulary, computation);
      if (found !== undefined) {
        return found;
      }
    }
    for (const { step } of computation.uses(value)) {
      if (seen.has(step) || stop.has(step) || seen.size > STEPS_TO_OUTPUT) {
        continue;
      }
      seen.add(step);
      const last = isProduct(step, computation) ? step : product;
      for (const output of step.outputs) {
        waiting.push({ value: output, ...(last === undefined ? {} : { product: last }) });
      }
    }
  }
  return undefined;
}

function asUnembedding(
  product: Step,
  vocabulary: number | undefined,
  computation: Computation,
): FoundUnembedding | undefined {
  const outputs = widthAfter(product, computation);
  const width = widthBefore(product, computation);
  const rank = computation.shape(product.outputs[0] ?? '')?.length;
  return outputs === undefined ||
    width === undefined ||
    (outputs !== vocabulary && rank !== SCORES_RANK)
    ? undefined
    : { part: { outputs, width }, weights: product.weights };
}
