import type { GenerationOptions, StopReason } from '../../shared/generation';
import { logSumExp } from '../../trace/logits';
import { searchBeams } from './beamSearch';
import type { Decoder } from './decoder';
import { createProcessors } from './logitsProcessors';
import { nonFiniteLogits } from './nonFiniteLogits';
import { argMax, createSampler } from './sampling';
import { yieldToEventLoop, noTokenAllowed } from './step';
import type { GeneratedStep, GenerationLimits } from './step';

/**
 * Prefill, then the decode loop: yields one token at a time and returns why it stopped. The token
 * that ends a text is not yielded. Between two tokens the process handles its messages, so that a
 * cancellation that has arrived takes effect before the next run. With several beams
 * {@link searchBeams} does all of it.
 * @param prompt at least one token, and no more than the context window has.
 * @throws Failure `runtime` when a run fails or its logits are no numbers, `model` when the rules
 *   leave no token that a text may begin with.
 */
export async function* generate(
  decoder: Decoder,
  prompt: readonly number[],
  options: GenerationOptions,
  limits: GenerationLimits,
  signal: AbortSignal,
): AsyncGenerator<GeneratedStep, StopReason> {
  const { maxNewTokens, repetitionPenalty, beams = 1, temperature = 0 } = options;
  const { endIds, context, rules = {}, stops, source = prompt } = limits;
  const processors = createProcessors(rules, {
    ...(repetitionPenalty === undefined ? {} : { repetitionPenalty }),
    endIds,
    source,
    promptLength: prompt.length,
    maxLength: prompt.length + maxNewTokens,
  });
  const sampling = { ...rules, ...options, temperature };
  if (beams > 1) {
    const search = { beams, maxNewTokens, sampling };
    return yield* searchBeams(decoder, prompt, search, limits, processors, signal);
  }
  const sample = createSampler(sampling);
  let fresh = prompt;
  for (let count = 1; count <= maxNewTokens; count++) {
    await yieldToEventLoop();
    if (signal.aborted) {
      return 'cancelled';
    }
    const logits = await decoder.append(fresh);
    const total = logSumExp(logits);
    if (!Number.isFinite(total) && rules.removeInvalid !== true) {
      throw nonFiniteLogits(decoder.fullPrecision);
    }
    const scores = processors.length === 0 ? logits : logits.slice();
    for (const process of processors) {
      process(scores, decoder.sequence);
    }
    if (scores[argMax(scores)] === -Infinity) {
      if (count === 1) {
        throw noTokenAllowed();
      }
      // The rules leave no token that may come now, such as none that has not come before.
      return 'end';
    }
    const id = sample(scores);
    if (endIds.has(id)) {
      // An end that was forced on the text is the limit's doing.
      return count === maxNewTokens && rules.forcedEndTokens?.includes(id) === true
        ? 'length'
        : 'end';
    }
    yield { id, logprob: (logits[id] as number) - total };
    if (stops?.([...decoder.sequence, id]) === true) {
      return 'end';
    }
    if (decoder.sequence.length === context) {
      return 'context';
    }
    fresh = [id];
  }
  return 'length';
}
