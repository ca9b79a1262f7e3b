import { phrase, type Phrase } from '../shared/failure';
import type {
  ByteProducts,
  CompatibilityProblem,
  QuantizationOutline,
  QuantizationPart,
} from '../shared/modelOutline';

/**
 * How a model is quantised: one line for each scheme, or one that says there is none; and what this
 * machine makes of 8-bit products, where the model has such.
 */
export function quantizationWords({ parts, weights, products }: QuantizationOutline): Phrase[] {
  return parts.length === 0
    ? [phrase('not quantized')]
    : [
        ...parts.map((part) => partWords(part, weights)),
        ...(products === undefined ? [] : [PRODUCT_WORDS[products]]),
      ];
}

const PRODUCT_WORDS: Record<ByteProducts, Phrase> = {
  exact: phrase('8-bit products are exact on this processor'),
  saturating: phrase(
    '8-bit products are not exact on this processor, whose 16-bit sums overflow (x86 without VNNI): the model may give other results here than elsewhere',
  ),
};

function partWords({ scheme, bits, blockSize, weights }: QuantizationPart, all: number): Phrase {
  switch (scheme) {
    case 'float16':
    case 'bfloat16':
      return phrase('{0} of {1} weights in half precision ({2})', weights, all, scheme);
    case 'dynamic':
      return phrase(
        '{0} of {1} weights in {2} bits, multiplied as integers (dynamic quantization)',
        weights,
        all,
        bits,
      );
    case 'staticQdq':
      return phrase(
        '{0} of {1} weights in {2} bits, multiplied as integers with fixed scales (static quantization, QDQ)',
        weights,
        all,
        bits,
      );
    case 'staticOperators':
      return phrase(
        '{0} of {1} weights in {2} bits, multiplied as integers with fixed scales (static quantization, quantized operators)',
        weights,
        all,
        bits,
      );
    case 'weightOnly':
      return blockSize === undefined
        ? phrase(
            '{0} of {1} weights in {2} bits, converted back for each calculation (weight-only quantization)',
            weights,
            all,
            bits,
          )
        : phrase(
            '{0} of {1} weights in {2} bits, in blocks of {3}, converted back for each calculation (weight-only quantization)',
            weights,
            all,
            bits,
            blockSize,
          );
  }
}

/** Why the bundled runtime cannot run a model. */
export function problemWords(problem: CompatibilityProblem): Phrase {
  switch (problem.kind) {
    case 'irVersion':
      return phrase(
        'the file has IR version {0}, and the runtime reads versions up to {1}',
        problem.version,
        problem.newest,
      );
    case 'opset':
      return phrase(
        'the file uses operator set {0} of ONNX, and the runtime knows sets up to {1}',
        problem.version,
        problem.newest,
      );
    case 'operator':
      return phrase(
        'the runtime cannot compute the operator {0} (nodes: {1})',
        problem.operator,
        problem.nodes,
      );
    case 'input':
      return phrase(
        'the runtime cannot compute the operator {0} with the input {1} (nodes: {2})',
        problem.operator,
        problem.input,
        problem.nodes,
      );
    case 'types':
      return phrase(
        'the runtime cannot compute the operator {0} with elements of type {1} (nodes: {2})',
        problem.operator,
        problem.dtypes.join(', '),
        problem.nodes,
      );
    case 'weights':
      return problem.lack.what;
    case 'missing':
      return problem.node === undefined
        ? phrase(
            'nothing in the file makes the output “{0}” (values like it: {1})',
            problem.value,
            problem.values,
          )
        : phrase(
            'nothing in the file makes the value “{0}”, which the node “{1}” needs (values like it: {2})',
            problem.value,
            problem.node,
            problem.values,
          );
    case 'ambiguous':
      return phrase(
        'the value “{0}” is made more than once (values like it: {1})',
        problem.value,
        problem.values,
      );
    case 'circular':
      return phrase(
        'the node “{0}” needs what it makes itself: the graph is circular',
        problem.node,
      );
    case 'recursive':
      return phrase('the function “{0}” of the file calls itself', problem.function);
  }
}
