import { Failure, phrase } from '../../shared/failure';
import { boolVector, int64Row, type Tensor } from '../runtime/tensor';
import { emptyCache } from './decoderCache';
import type { DecoderInterface } from './decoderInterface';
import type { EncodedText } from './encoder';
import { unmaskablePadding, padRow, PADDING_ID, padStates, trimPadding } from './padding';
import { int64Rows } from './rows';

/**
 * The inputs of one run, the cache apart.
 * @param sequences all tokens of each sequence, as many for each.
 * @param fresh how many tokens at their ends are new to the model.
 * @param rows rows of logits that are wanted, where the model can be told.
 * @param encoded what an encoder–decoder model attends to, its states for each sequence.
 * @throws Failure `unsupported` when the graph reads another number of tokens, and no padding will do.
 */
export function decoderFeeds(
  model: DecoderInterface,
  sequences: readonly (readonly number[])[],
  fresh: number,
  rows = 1,
  encoded?: EncodedText,
): Map<string, Tensor> {
  const { length, encoderLength } = model;
  const past = (sequences[0]?.length ?? 0) - fresh;
  const read = sequences.map((ids) => padRow(ids.slice(past), length, PADDING_ID));
  const feeds = new Map([['input_ids', int64Rows(read)]]);
  if (model.attentionMask) {
    // With a cache, which the mask covers too, there is no padding.
    const covered = model.cache === undefined ? length : undefined;
    const mask = padRow(new Array<number>(past + fresh).fill(1), covered, 0);
    feeds.set('attention_mask', int64Rows(sequences.map(() => mask)));
  }
  if (model.positionIds) {
    const positions = (read[0] ?? []).map((_, index) => past + index);
    feeds.set('position_ids', int64Rows(sequences.map(() => positions)));
  }
  if (model.logitsToKeep !== undefined) {
    const padding = (length ?? fresh) - fresh;
    feeds.set(model.logitsToKeep, { ...int64Row([rows + padding]), dims: [] });
  }
  if (model.cacheBranch) {
    feeds.set('use_cache_branch', boolVector(past > 0));
  }
  if (encoded === undefined) {
    return feeds;
  }
  if (encoderLength !== undefined && encoderLength > encoded.length && !model.encoderMask) {
    throw unmaskablePadding('encoder_attention_mask', encoderLength, encoded.length);
  }
  if (model.encoderStates) {
    feeds.set('encoder_hidden_states', padStates(encoded.states, encoderLength));
  }
  if (model.encoderMask) {
    const mask = padRow(new Array<number>(encoded.length).fill(1), encoderLength, 0);
    feeds.set('encoder_attention_mask', int64Rows(sequences.map(() => mask)));
  }
  return feeds;
}

/**
 * The logits of a text's own tokens, or of the last few of them where the model returns no more.
 * @param logits [sequences, rows, vocabulary] of a run over them.
 * @param tokens that the run computed.
 * @throws Failure `unsupported` when the graph returned those of padding alone.
 */
export function textLogits(model: DecoderInterface, logits: Tensor, tokens: number): Tensor {
  const { length = tokens } = model;
  const [, rows = 0] = logits.dims;
  if (length === tokens || rows === length) {
    return trimPadding(logits, model.length, tokens);
  }
  const padding = length - tokens;
  if (model.logitsToKeep === undefined || rows <= padding) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase(
        'The model reads exactly {0} tokens at once and returns the logits of the last one alone',
        length,
      ),
      where: 'logits',
      remedy: phrase('export the model for texts of any length'),
    });
  }
  return trimPadding(logits, rows, rows - padding);
}

/** The inputs of one run over all tokens of a text, whose logits are wanted at every position. */
export function wholeTextFeeds(
  model: DecoderInterface,
  ids: readonly number[],
  encoded?: EncodedText,
): Map<string, Tensor> {
  const feeds = decoderFeeds(model, [ids], ids.length, ids.length, encoded);
  for (const [name, tensor] of emptyCache(model.cache)) {
    feeds.set(name, tensor);
  }
  return feeds;
}
