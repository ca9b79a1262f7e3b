import type { GeneratedToken } from '../../shared/generation';
import { Failure, phrase } from '../../shared/failure';
import type { GenerationRules } from './logitsProcessors';

/** What a generation needs to know of its model. */
export interface GenerationLimits {
  /** Tokens that end a text. */
  endIds: ReadonlySet<number>;
  /** Tokens that the model can see at once. */
  context: number;
  /** What generation_config.json demands of every output. */
  rules?: GenerationRules;
  /** Whether a text ends here by what it reads, given all ids so far. */
  stops?: (ids: readonly number[]) => boolean;
  /** What the encoder has read; without one, the prompt. */
  source?: readonly number[];
}

/** One step of a generation. */
export interface GeneratedStep {
  id: number;
  logprob: GeneratedToken['logprob'];
}

export function noTokenAllowed(): Failure {
  return new Failure({
    kind: 'model',
    what: phrase('The model’s generation settings leave no token to choose'),
    where: 'generation_config.json',
    remedy: phrase('correct it, or download the file again from the model’s publisher'),
  });
}

/** Lets the event loop turn once: messages that wait in the process channel are delivered. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
