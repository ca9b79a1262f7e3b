import type { GenerationOptions, StopReason } from '../../shared/generation';
import { logSumExp, topK } from '../../trace/logits';
import type { Decoder } from './decoder';
import type { GenerationRules, LogitsProcessor } from './logitsProcessors';
import { nonFiniteLogits } from './nonFiniteLogits';
import { seededRandom } from './random';
import { warp, type SamplingOptions, type Scored } from './sampling';
import { yieldToEventLoop, noTokenAllowed } from './step';
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

/** How beam search goes. */
export interface BeamOptions extends Pick<GenerationOptions, 'maxNewTokens'> {
  /** At least 2. */
  beams: number;
  /** With a temperature above 0 the ways to go on are drawn at random; without one they are the best. */
  sampling: SamplingOptions;
}

/**
 * Beam search: follows the most likely texts side by side and returns the best one that ends
 * (Graves 2012, "Sequence Transduction with Recurrent Neural Networks", section 3; lengths are
 * made up for as in Wu et al. 2016, "Google's Neural Machine Translation System", section 7, in the
 * simpler form of Hugging Face's `generate`: score / lengthᵖᵉⁿᵃˡᵗʸ). Steps, ties apart, are those of
 * `generate` with `num_beams`, `length_penalty` and `early_stopping`; with `do_sample` the ways to go
 * on are drawn from all of them together, none of them twice.
 *
 * A token is yielded as soon as all texts that may still win have it in common.
 * @param processors change scores as the model's rules demand.
 * @throws as `generate` does.
 */
export async function* searchBeams(
  decoder: Decoder,
  prompt: readonly number[],
  { beams, maxNewTokens, sampling }: BeamOptions,
  { endIds, context, rules = {}, stops }: GenerationLimits,
  processors: readonly LogitsProcessor[],
  signal: AbortSignal,
): AsyncGenerator<GeneratedStep, StopReason> {
  // The last token need not be read any more.
  const longest = Math.min(maxNewTokens, context - prompt.length + 1);
  const pool = new FinishedPool(beams, longest, rules);
  const ways = Math.max(2, 1 + endIds.size);
  const width = ways * beams;
  const choose = chooser(sampling, width);
  let running: Hypothesis[] = [{ steps: [], score: 0 }];
  let told = 0;
  for (let length = 1; ; length++) {
    await yieldToEventLoop();
    if (signal.aborted) {
      return 'cancelled';
    }
    const logits = await decoder.appendEach(
      length === 1 ? [prompt] : running.map(({ steps }) => steps.slice(-1).map(({ id }) => id)),
    );
    const all = running.flatMap((hypothesis, parent) =>
      continuations(hypothesis, parent, logits[parent] as Float32Array, (scores, total) => {
        if (!Number.isFinite(total) && rules.removeInvalid !== true) {
          throw nonFiniteLogits(decoder.fullPrecision);
        }
        for (const process of processors) {
          process(scores, decoder.sequences[parent] ?? []);
        }
        return likeliest(scores, sampling, { ways, width }, rules.renormalize === true);
      }),
    );
    const best = choose(all);
    if (best.length === 0) {
      if (length === 1) {
        throw noTokenAllowed();
      }
      // The rules leave no token that may come now, such as none that has not come before.
      pool.add(running[0] as Hypothesis, length - 1, 'end');
      break;
    }
    const limit = longest < maxNewTokens ? 'context' : 'length';
    const open: Continuation[] = [];
    for (const [place, one] of best.entries()) {
      const ends = endIds.has(one.id);
      const stopped = stops?.([...(decoder.sequences[one.parent] ?? []), one.id]) === true;
      if (!ends && !stopped && length < longest) {
        open.push(one);
      } else if (place < beams) {
        const forced = length === longest && rules.forcedEndTokens?.includes(one.id) === true;
        const steps = ends ? one.steps.slice(0, -1) : one.steps;
        pool.add({ steps, score: one.score }, length, (ends && !forced) || stopped ? 'end' : limit);
      }
    }
    const next = open.sort(byScore).slice(0, beams);
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

/**
 * The ways to go on from one hypothesis that are worth to be looked at.
 * @param logits [vocabulary]
 * @param choose takes log-probabilities, which it may change, and what was taken off the logits.
 */
function continuations(
  { steps, score }: Hypothesis,
  parent: number,
  logits: Float32Array,
  choose: (scores: Float32Array, total: number) => readonly Scored[],
): Continuation[] {
  const total = logSumExp(logits);
  const chosen = choose(
    logits.map((logit) => logit - total),
    total,
  );
  return chosen.map(({ id, score: own }) => ({
    steps: [...steps, { id, logprob: (logits[id] as number) - total }],
    score: score + own,
    parent,
    id,
  }));
}

/**
 * The tokens that may come next: as many as can be among the best of all texts; all that may be drawn
 * where that is up to chance.
 * @param scores [vocabulary], after the rules.
 */
function likeliest(
  scores: Float32Array,
  sampling: SamplingOptions,
  { ways, width }: { ways: number; width: number },
  renormalize: boolean,
): Scored[] {
  if ((sampling.temperature ?? 0) > 0) {
    const kept = scores.some((score) => score > -Infinity) ? warp(scores, sampling, ways) : [];
    const total = renormalize ? logSumExp(Float32Array.from(kept, ({ score }) => score)) : 0;
    return kept.map(({ id, score }) => ({ id, score: score - total }));
  }
  const total = renormalize ? logSumExp(scores) : 0;
  return topK(scores, width)
    .filter((id) => scores[id] !== -Infinity)
    .map((id) => ({ id, score: (scores[id] as number) - total }));
}

/**
 * Picks the ways to go on from those of all texts: the best ones, best first; or such as are drawn
 * without putting any back, first drawn first. These are the largest of the scores with a Gumbel
 * variable added to each (Kool et al. 2019, "Stochastic Beams and Where to Find Them", section 2.3).
 */
function chooser(
  { temperature = 0, seed }: SamplingOptions,
  width: number,
): (all: readonly Continuation[]) => Continuation[] {
  if (temperature === 0) {
    return (all) => [...all].sort(byScore).slice(0, width);
  }
  const random = seededRandom(seed ?? Math.floor(Math.random() * 2 ** 32));
  return (all) =>
    all
      .map((one) => ({ one, key: one.score - Math.log(-Math.log(1 - random())) }))
      .sort((a, b) => b.key - a.key)
      .slice(0, width)
      .map(({ one }) => one);
}

function byScore(a: Continuation, b: Continuation): number {
  return b.score - a.score;
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
