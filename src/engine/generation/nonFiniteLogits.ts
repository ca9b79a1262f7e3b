import { Failure, phrase, type Phrase } from '../../shared/failure';

/**
 * Logits that are no finite numbers: any token chosen from them would be made up. Half precision
 * overflows in some models; in others the weights themselves are spoiled.
 * @param fullPrecision whether no weight is rounded, so that no other file computes better.
 */
export function nonFiniteLogits(fullPrecision: boolean): Failure {
  return fullPrecision
    ? spoiled(phrase('The model computes no finite numbers, so no next token can be chosen'))
    : overflowed(phrase('The model’s numbers overflowed, so no next token can be chosen'));
}

/** The same where a blank was to be filled. */
export function nonFiniteMaskLogits(fullPrecision: boolean): Failure {
  return fullPrecision
    ? spoiled(phrase('The model computes no finite numbers, so the blank cannot be filled'))
    : overflowed(phrase('The model’s numbers overflowed, so the blank cannot be filled'));
}

function spoiled(what: Phrase): Failure {
  const remedy = phrase('check the model’s weights, or download its file again');
  return new Failure({ kind: 'runtime', what, where: 'logits', remedy });
}

function overflowed(what: Phrase): Failure {
  const remedy = phrase('use the model’s file with float32 weights');
  return new Failure({ kind: 'runtime', what, where: 'logits', remedy });
}
