import type { GeneratedToken, GenerationOptions, StopReason } from '../../shared/engineApi';
import { Failure, phrase } from '../../shared/failure';
import { logSumExp } from '../../trace/prediction';
import type { Decoder } from './decoder';
import { createProcessors, type GenerationRules } from './logitsProcessors';
import { argMax, createSampler } from './sampling';

/** What a generation needs to know of its model. */
export interface GenerationLimits {
  /** Tokens that end a text. */
  endIds: ReadonlySet<number>;
  /** Tokens that the model can see at once. */
  context: number;
  /** What generation_config.json demands of every output. */
  rules?: GenerationRules;
}

/** One step of a generation. */
export interface GeneratedStep {
  id: number;
  logprob: GeneratedToken['logprob'];
}

/**
 * Prefill, then the decode loop: yields one token at a time and returns why it stopped. The token
 * that ends a text is not yielded. Between two tokens the process handles its messages, so that a
 * cancellation that has arrived takes effect before the next run.
 * @param prompt at least one token, and no more than the context window has.
 * @throws Failure `runtime` when a run fails or its logits are no numbers, `model` when the rules
 *   leave no token that a text may begin with.
 */
export async function* generate(
  decoder: Decoder,
  prompt: readonly number[],
  options: GenerationOptions,
  { endIds, context, rules = {} }: GenerationLimits,
  signal: AbortSignal,
): AsyncGenerator<GeneratedStep, StopReason> {
  const { maxNewTokens, repetitionPenalty } = options;
  const processors = createProcessors(rules, {
    ...(repetitionPenalty === undefined ? {} : { repetitionPenalty }),
    endIds,
    promptLength: prompt.length,
    maxLength: prompt.length + maxNewTokens,
  });
  const sample = createSampler(options);
  let fresh = prompt;
  for (let count = 1; count <= maxNewTokens; count++) {
    await messagesHandled();
    if (signal.aborted) {
      return 'cancelled';
    }
    const logits = await decoder.append(fresh);
    const total = logSumExp(logits);
    if (!Number.isFinite(total)) {
      throw notNumbers();
    }
    const scores = processors.length === 0 ? logits : logits.slice();
    for (const process of processors) {
      process(scores, decoder.sequence);
    }
    if (scores[argMax(scores)] === -Infinity) {
      if (count === 1) {
        throw nothingAllowed();
      }
      // The rules leave no token that may come now, such as none that has not come before.
      return 'end';
    }
    const id = sample(scores);
    if (endIds.has(id)) {
      // An end that was forced on the text is the limit's doing.
      return count === maxNewTokens && id === rules.forcedEndToken ? 'length' : 'end';
    }
    yield { id, logprob: (logits[id] as number) - total };
    if (decoder.sequence.length === context) {
      return 'context';
    }
    fresh = [id];
  }
  return 'length';
}

/** Half precision overflows in some models; any token chosen from what it leaves would be made up. */
function notNumbers(): Failure {
  return new Failure({
    kind: 'runtime',
    what: phrase('The model’s numbers overflowed, so no next token can be chosen'),
    where: 'logits',
    todo: phrase('use the model’s file with float32 weights'),
  });
}

function nothingAllowed(): Failure {
  return new Failure({
    kind: 'model',
    what: phrase('The model’s generation settings leave no token to choose'),
    where: 'generation_config.json',
    todo: phrase('correct it, or download the file again from the model’s publisher'),
  });
}

/** Lets the event loop turn once: messages that wait in the process channel are delivered. */
function messagesHandled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
