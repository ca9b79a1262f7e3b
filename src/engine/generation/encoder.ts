import type { Session } from '../runtime/session';
import { int64Row, type Tensor } from '../runtime/tensor';
import type { EncoderInterface } from './encoderInterface';
import { unmaskablePadding, padRow, PADDING_ID, trimPadding } from './padding';

/** What an encoder made of a text: what every step of a decoder attends to. */
export interface EncodedText {
  /** [1, tokens, width] */
  states: Tensor;
  /** Number of tokens. */
  length: number;
}

/**
 * The inputs of one run over the tokens of one text.
 * @throws Failure `unsupported` when the graph reads another number of tokens, and no padding will do.
 */
export function encoderFeeds(model: EncoderInterface, ids: readonly number[]): Map<string, Tensor> {
  const { length } = model;
  if (length !== undefined && length > ids.length && !model.attentionMask) {
    throw unmaskablePadding('attention_mask', length, ids.length);
  }
  const read = padRow(ids, length, PADDING_ID);
  const feeds = new Map([['input_ids', int64Row(read)]]);
  if (model.attentionMask) {
    const mask = ids.map(() => 1);
    feeds.set('attention_mask', int64Row(padRow(mask, length, 0)));
  }
  if (model.tokenTypeIds) {
    feeds.set('token_type_ids', int64Row(read.map(() => 0)));
  }
  if (model.positionIds) {
    feeds.set('position_ids', int64Row(read.map((_, position) => position)));
  }
  return feeds;
}

/**
 * Runs an encoder, or an encoder-only model, over the tokens of a text.
 * @param ids at least one, and no more than the model can see at once.
 * @returns its output, [1, tokens, width or vocabulary].
 * @throws Failure `runtime`
 */
export async function runEncoder(
  session: Session,
  model: EncoderInterface,
  ids: readonly number[],
): Promise<Tensor> {
  const outputs = await session.run(encoderFeeds(model, ids), [model.output]);
  return trimPadding(outputs.get(model.output) as Tensor, model.length, ids.length);
}
