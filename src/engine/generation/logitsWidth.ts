import { Failure, phrase } from '../../shared/failure';

/**
 * Checks that logits are of the tokens that the tokenizer knows: a graph of another model would rate
 * other ones.
 * @param width of the logits.
 * @param vocabulary tokens that the model rates, as its config.json says; any number if absent.
 * @throws Failure `model`
 */
export function checkLogitsWidth(width: number, vocabulary: number | undefined): void {
  if (vocabulary !== undefined && width !== vocabulary) {
    throw new Failure({
      kind: 'model',
      what: phrase(
        'The model’s graph rates {0} tokens, but its config.json says that there are {1}',
        width,
        vocabulary,
      ),
      where: 'logits',
      remedy: phrase('take graph, config.json and tokenizer.json of one and the same model'),
    });
  }
}
