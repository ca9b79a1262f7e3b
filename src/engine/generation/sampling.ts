import type { GenerationConfig } from '../../library/generationConfig';
import type { GenerationOptions } from '../../shared/generation';
import { seededRandom } from './random';

/** Chooses the next token: from scores [vocabulary] to an id. */
export type Sampler = (scores: Float32Array) => number;

/** What a model's authors demand of drawing, and nobody else can ask for. */
export type SamplingRule = 'minP' | 'topH' | 'typicalP' | 'epsilonCutoff' | 'etaCutoff';

/** What decides which token comes next; what is absent changes nothing. */
export type SamplingOptions = Pick<GenerationOptions, 'temperature' | 'topK' | 'topP' | 'seed'> &
  Pick<GenerationConfig, SamplingRule>;

/** A token that may come next. The probabilities of all candidates add up to 1. */
export interface Candidate {
  id: number;
  probability: number;
}

/** A token and its score, divided by the temperature. */
export interface Scored {
  id: number;
  score: number;
}

/** Builds the sampler that the options ask for. Without a seed no two of them draw alike. */
export function createSampler(options: SamplingOptions): Sampler {
  const random = seededRandom(options.seed ?? Math.floor(Math.random() * 2 ** 32));
  return (scores) => draw(candidates(scores, options), random());
}

/**
 * The tokens that may come next, most likely first; when decoding greedily there is one.
 * @param scores [vocabulary], none of them NaN and not all of them −∞.
 */
export function candidates(scores: Float32Array, options: SamplingOptions): Candidate[] {
  if ((options.temperature ?? 0) === 0) {
    return [{ id: argMax(scores), probability: 1 }];
  }
  const kept = warp(scores, options);
  const probabilities = softmax(kept);
  return kept.map(({ id }, place) => ({ id, probability: probabilities[place] as number }));
}

/**
 * The tokens that may be drawn, by falling score. The steps and their order are those of Hugging
 * Face's `generate` (generation/utils.py, `_get_logits_processor`).
 * @param scores [vocabulary], none of them NaN and not all of them −∞.
 * @param options with a temperature above 0.
 * @param least tokens that stay whatever the options say: more than 1 where several texts are
 *   followed, which might all end otherwise.
 */
export function warp(scores: Float32Array, options: SamplingOptions, least = 1): Scored[] {
  const { temperature = 1, topK = 0, topP = 1 } = options;
  const { topH, minP, typicalP, epsilonCutoff, etaCutoff } = options;
  let kept = likely(scores, temperature, least);
  if (topH !== undefined) {
    kept = keepEntropy(kept, topH);
  }
  if (topK > 0) {
    kept = keepMost(kept, Math.max(topK, least));
  }
  if (topP < 1) {
    kept = keepNucleus(kept, topP, least);
  }
  if (minP !== undefined) {
    const probabilities = softmax(kept);
    const floor = minP * (probabilities[0] as number);
    kept = kept.filter((_, place) => place < least || (probabilities[place] as number) >= floor);
  }
  if (typicalP !== undefined) {
    kept = keepTypical(kept, typicalP, least);
  }
  if (epsilonCutoff !== undefined) {
    kept = keepAbove(kept, epsilonCutoff, least);
  }
  if (etaCutoff !== undefined) {
    const uncertain = Math.sqrt(etaCutoff) * Math.exp(-entropy(softmax(kept)));
    kept = keepAbove(kept, Math.min(etaCutoff, uncertain), least);
  }
  return kept;
}

/** Index of the largest value; the first of equals. */
export function argMax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if ((values[i] as number) > (values[best] as number)) {
      best = i;
    }
  }
  return best;
}

/**
 * Tokens by falling score. Those that are e^-30 times less likely than the best one are left out: all
 * of a large vocabulary together would be drawn once in 10^8 times, and sorting them would cost more
 * than a small model's step.
 */
function likely(scores: Float32Array, temperature: number, least: number): Scored[] {
  const above = (floor: number): Scored[] => {
    const found: Scored[] = [];
    for (const [id, score] of scores.entries()) {
      if (score >= floor && score !== -Infinity) {
        found.push({ id, score: score / temperature });
      }
    }
    return found;
  };
  const found = above((scores[argMax(scores)] as number) - 30 * temperature);
  const enough = found.length < least ? above(-Infinity) : found;
  return enough.sort((a, b) => b.score - a.score || a.id - b.id);
}

/** The k most likely tokens, and those as likely as the last of them. */
function keepMost(scored: Scored[], k: number): Scored[] {
  const last = scored[k - 1]?.score;
  return last === undefined ? scored : scored.filter(({ score }) => score >= last);
}

/**
 * Nucleus sampling: keeps the smallest set of tokens whose probabilities reach p (Holtzman et al.
 * 2020, "The Curious Case of Neural Text Degeneration", section 3.1).
 */
function keepNucleus(scored: Scored[], p: number, least: number): Scored[] {
  const probabilities = softmax(scored);
  let mass = 0;
  return scored.filter((_, place) => {
    const isKept = place < least || mass < p;
    mass += probabilities[place] as number;
    return isKept;
  });
}

/** Tokens that {@link keepEntropy} looks at. */
const MOST_WITH_ENTROPY = 100;

/**
 * Keeps the most likely tokens as long as their share of the entropy is no more than h of it (Potraghloo
 * et al. 2025, "Top-H Decoding").
 */
function keepEntropy(scored: Scored[], h: number): Scored[] {
  const most = keepFirst(scored, MOST_WITH_ENTROPY);
  const probabilities = softmax(most);
  const limit = entropy(probabilities) * h;
  let sum = 0;
  return most.filter((_, place) => {
    sum += surprise(probabilities[place] as number);
    return place === 0 || sum <= limit;
  });
}

/**
 * Keeps the tokens whose information is closest to the expected one, as many as reach p (Meister et
 * al. 2023, "Locally Typical Sampling", section 5).
 */
function keepTypical(scored: Scored[], p: number, least: number): Scored[] {
  const probabilities = softmax(scored);
  const expected = entropy(probabilities);
  const byDistance = probabilities
    .map((probability, place) => ({
      place,
      probability,
      distance: Math.abs(-Math.log(probability) - expected),
    }))
    .sort((a, b) => a.distance - b.distance);
  let mass = 0;
  let last = 0;
  for (const { probability } of byDistance) {
    mass += probability;
    last += mass < p ? 1 : 0;
  }
  const limit = byDistance[Math.min(last, byDistance.length - 1)]?.distance ?? Infinity;
  const kept = new Set(
    byDistance
      .filter(({ distance }, rank) => rank < least || distance <= limit)
      .map(({ place }) => place),
  );
  return scored.filter((_, place) => kept.has(place));
}

/** Keeps tokens of at least this probability, and the most likely ones. */
function keepAbove(scored: Scored[], probability: number, least: number): Scored[] {
  const probabilities = softmax(scored);
  const last = scored[Math.min(least, scored.length) - 1]?.score ?? -Infinity;
  return scored.filter(
    ({ score }, place) => (probabilities[place] as number) >= probability || score >= last,
  );
}

function keepFirst(scored: Scored[], count: number): Scored[] {
  return scored.length <= count ? scored : scored.slice(0, count);
}

/** @param scored by falling score; at least one. */
function softmax(scored: readonly Scored[]): number[] {
  const largest = scored[0]?.score ?? 0;
  const weights = scored.map(({ score }) => Math.exp(score - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** In nats. */
function entropy(probabilities: readonly number[]): number {
  return probabilities.reduce((sum, probability) => sum + surprise(probability), 0);
}

function surprise(probability: number): number {
  return probability === 0 ? 0 : -probability * Math.log(probability);
}

/** The candidate at a point of the cumulative distribution, 0 ≤ point < 1. */
function draw(candidates: readonly Candidate[], point: number): number {
  let mass = 0;
  for (const { id, probability } of candidates) {
    mass += probability;
    if (point < mass) {
      return id;
    }
  }
  // Rounding can leave the sum a little below 1.
  return (candidates[candidates.length - 1] as Candidate).id;
}
