import type { Token } from '../../shared/text';
import { generate } from '../generation/generate';
import { addedToken } from '../languages/languageTokens';
import type { EncoderDecoderModel } from '../openModel';
import { outputLimit } from '../textToText/runPlan';
import { beginOutput, startToken } from '../sequences';

/** What a decoder reads, and the text that it stands for. */
export interface TracedTarget {
  /** The token that begins every output comes first. */
  tokens: Token[];
  text: string;
}

/** Tokens of a target that is given, as in training: the text's, then the one that ends it. */
export function givenTarget(model: EncoderDecoderModel, text: string): TracedTarget {
  const { tokenizer } = model;
  return {
    tokens: [addedToken(tokenizer, startToken(model)), ...model.readTarget(text)],
    text,
  };
}

/**
 * What the model makes of a source by itself, greedily. The token that ends it is there if the
 * model came to an end.
 * @param source no more tokens than the model can see at once.
 * @throws Failure `runtime` when a run fails; the signal's reason when it is aborted.
 */
export async function generatedTarget(
  model: EncoderDecoderModel,
  source: readonly number[],
  signal: AbortSignal,
): Promise<TracedTarget> {
  const { tokenizer, limits, recommended } = model;
  const { decoder, start } = await beginOutput(model, source);
  const steps = generate(
    decoder,
    start,
    { ...recommended, temperature: 0, maxNewTokens: outputLimit(model) },
    { ...limits, source },
    signal,
  );
  const tokens = [addedToken(tokenizer, start[0])];
  const stream = tokenizer.streamDecoder(start);
  let text = '';
  let step = await steps.next();
  for (; !step.done; step = await steps.next()) {
    const { id } = step.value;
    const piece = stream.push(id);
    const range = { start: text.length, end: 0 };
    text += text === '' ? piece.trimStart() : piece;
    tokens.push({ ...addedToken(tokenizer, id), ...range, end: text.length, special: false });
  }
  signal.throwIfAborted();
  const [end] = limits.endIds;
  if (step.value === 'end' && end !== undefined) {
    tokens.push(addedToken(tokenizer, end));
  }
  return { tokens, text };
}

/** The most tokens that {@link generatedTarget} gives. */
export function maxGeneratedTokens(model: EncoderDecoderModel): number {
  // What begins and what ends an output comes on top.
  return outputLimit(model) + 2;
}
