import type { GenerationOptions, StopReason } from '../../shared/engineApi';
import { logSumExp, mostLikely } from '../../trace/logits';
import type { Decoder } from './decoder';
import type { GenerationRules, LogitsProcessor } from './logitsProcessors';
import { messagesHandled, notNumbers, nothingAllowed } from './step';
import type { GeneratedStep, GenerationLimits } from './step';

/** A text in the making: what was written behind the prompt. */
interface Hypothesis {
  steps: readonly GeneratedStep[];
  /** Natural logarithm of its probability, after the rules. */
  score: number;
}

/** A hypothesis and one more token. */
interface Continuation extends Hypothesis {
  /** Index of the hypothesis that it goes on from. */
  parent: number;
  id: number;
}

/** A hypothesis that has come to its end. */
interface Finished extends Hypothesis {
  /** The score by the length, that texts of other lengths can be compared with it. */
  rating: number;
  stop: StopReason;
}

/**
 * Beam search: follows the most likely texts side by side and returns the best one that ends
 * (Graves 2012, "Sequence Transduction with Recurrent Neural Networks", section 3; lengths are
 * made up for as in Wu et al. 2016, "Google's Neural Machine Translation System", section 7, in the
 * simpler form of Hugging Face's `generate`: score / lengthᵖᵉⁿᵃˡᵗʸ). Steps, ties apart, are those of
 * `generate` with `num_beams`, `length_penalty` and `early_stopping`.
 *
 * A token is yielded as soon as all texts that may still win have it in common.
 * @param options `beams` is at least 2.
 * @param processors change scores as the model's rules demand.
 * @throws as `generate` does.
 */
export async function* searchBeams(
  decoder: Decoder,
  prompt: readonly number[],
  { beams, maxNewTokens }: Pick<GenerationOptions, 'maxNewTokens'> & { beams: number },
  { endIds, context, rules = {} }: GenerationLimits,
  processors: readonly LogitsProcessor[],
  signal: AbortSignal,
): AsyncGenerator<GeneratedStep, StopReason> {
  // The last token need not be read any more.
  const longest = Math.min(maxNewTokens, context - prompt.length + 1);
  const pool = new FinishedPool(beams, longest, rules);
  const width = Math.max(2, 1 + endIds.size) * beams;
  let running: Hypothesis[] = [{ steps: [], score: 0 }];
  let told = 0;
  for (let length = 1; ; length++) {
    await messagesHandled();
    if (signal.aborted) {
      return 'cancelled';
    }
    const logits = await decoder.appendEach(
      length === 1 ? [prompt] : running.map(({ steps }) => steps.slice(-1).map(({ id }) => id)),
    );
    const best = running
      .flatMap((hypothesis, parent) =>
        continuations(hypothesis, parent, logits, decoder.sequences, processors, width),
      )
      .sort((a, b) => b.score - a.score)
      .slice(0, width);
    if (best.length === 0) {
      if (length === 1) {
        throw nothingAllowed();
      }
      // The rules leave no token that may come now, such as none that has not come before.
      pool.add(running[0] as Hypothesis, length - 1, 'end');
      break;
    }
    const limit = longest < maxNewTokens ? 'context' : 'length';
    const open: Continuation[] = [];
    for (const [place, one] of best.entries()) {
      const ends = endIds.has(one.id);
      if (!ends && length < longest) {
        open.push(one);
      } else if (place < beams) {
        const forced = length === longest && one.id === rules.forcedEndToken;
        const steps = ends ? one.steps.slice(0, -1) : one.steps;
        pool.add({ steps, score: one.score }, length, ends && !forced ? 'end' : limit);
      }
    }
    const next = open.slice(0, beams);
    if (next.length === 0 || pool.isSettled(next[0]?.score ?? -Infinity, length)) {
      break;
    }
    running = next;
    decoder.select(next.map(({ parent }) => parent));
    const agreed = commonLength([...running, ...pool.first]);
    yield* (running[0] as Hypothesis).steps.slice(told, agreed);
    told = Math.max(told, agreed);
  }
  const [winner] = pool.first;
  yield* winner?.steps.slice(told) ?? [];
  return winner?.stop ?? 'end';
}

/** The best texts that have come to their end. */
class FinishedPool {
  private readonly texts: Finished[] = [];
  private readonly penalty: number;

  constructor(
    private readonly size: number,
    private readonly longest: number,
    private readonly rules: GenerationRules,
  ) {
    this.penalty = rules.lengthPenalty ?? 1;
  }

  /** The best of them, in a list that is empty while there is none. */
  get first(): readonly Finished[] {
    return this.texts.slice(0, 1);
  }

  /** @param length tokens, with the one that ends the text. */
  add(text: Hypothesis, length: number, stop: StopReason): void {
    const rating = text.score / length ** this.penalty;
    const place = this.texts.findIndex((other) => other.rating < rating);
    this.texts.splice(place < 0 ? this.texts.length : place, 0, { ...text, rating, stop });
    this.texts.splice(this.size);
  }

  /**
   * Whether no running text is expected to become better than the worst one here.
   * @param score of the best running text, `length` tokens long.
   */
  isSettled(score: number, length: number): boolean {
    const worst = this.texts[this.size - 1];
    if (worst === undefined) {
      return false;
    }
    const { earlyStopping = false } = this.rules;
    if (earlyStopping === true) {
      return true;
    }
    const reach = earlyStopping === 'never' && this.penalty > 0 ? this.longest : length;
    return score / reach ** this.penalty <= worst.rating;
  }
}

/** The most likely ways to go on from one hypothesis. */
function continuations(
  { steps, score }: Hypothesis,
  parent: number,
  logits: readonly Float32Array[],
  sequences: readonly (readonly number[])[],
  processors: readonly LogitsProcessor[],
  count: number,
): Continuation[] {
  const own = logits[parent] as Float32Array;
  const total = logSumExp(own);
  if (!Number.isFinite(total)) {
    throw notNumbers();
  }
  const scores = own.map((logit) => logit - total);
  for (const process of processors) {
    process(scores, sequences[parent] ?? []);
  }
  return mostLikely(scores, count)
    .filter((id) => scores[id] !== -Infinity)
    .map((id) => ({
      steps: [...steps, { id, logprob: (own[id] as number) - total }],
      score: score + (scores[id] as number),
      parent,
      id,
    }));
}

/** How many tokens all hypotheses have in common at their begin. */
function commonLength(hypotheses: readonly Hypothesis[]): number {
  const [first, ...others] = hypotheses;
  const steps = first?.steps ?? [];
  const differs = steps.findIndex(({ id }, place) =>
    others.some((other) => other.steps[place]?.id !== id),
  );
  return differs < 0 ? steps.length : differs;
}
