import type { GenerationOptions } from '../../shared/engineApi';
import { seededRandom } from './random';

/** Chooses the next token: from scores [vocabulary] to an id. */
export type Sampler = (scores: Float32Array) => number;

/** What of the options decides which token comes next; what is absent changes nothing. */
export type SamplingOptions = Pick<GenerationOptions, 'temperature' | 'topK' | 'topP' | 'seed'>;

/** A token that may come next. The probabilities of all candidates add up to 1. */
export interface Candidate {
  id: number;
  probability: number;
}

/** Builds the sampler that the options ask for. Without a seed no two of them draw alike. */
export function createSampler(options: SamplingOptions): Sampler {
  const random = seededRandom(options.seed ?? Math.floor(Math.random() * 2 ** 32));
  return (scores) => draw(candidates(scores, options), random());
}

/**
 * The tokens that may come next, most likely first; when decoding greedily there is one. The steps
 * and their order are those of Hugging Face's `generate`: temperature, top-k, top-p.
 * @param scores [vocabulary], none of them NaN and not all of them −∞.
 */
export function candidates(
  scores: Float32Array,
  { temperature = 0, topK = 0, topP = 1 }: SamplingOptions,
): Candidate[] {
  if (temperature === 0) {
    return [{ id: argMax(scores), probability: 1 }];
  }
  return nucleus(mostLikely(scores, topK, temperature), scores, temperature, topP);
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
 * Ids by falling score, at most k of them (0: all). Tokens that are e^-30 times less likely than the
 * best one are left out: all of a large vocabulary together would be drawn once in 10^8 times, and
 * sorting them would cost more than a small model's step.
 */
function mostLikely(scores: Float32Array, k: number, temperature: number): number[] {
  const floor = (scores[argMax(scores)] as number) - 30 * temperature;
  const ids: number[] = [];
  for (const [id, score] of scores.entries()) {
    if (score >= floor) {
      ids.push(id);
    }
  }
  ids.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  return k > 0 ? ids.slice(0, k) : ids;
}

/**
 * Nucleus sampling: keeps the smallest set of tokens whose probabilities reach p (Holtzman et al.
 * 2020, "The Curious Case of Neural Text Degeneration", section 3.1). The probabilities are those
 * of the softmax of scores / temperature over `ids`, scaled to add up to 1 again.
 * @param ids by falling score; at least one.
 */
function nucleus(
  ids: readonly number[],
  scores: Float32Array,
  temperature: number,
  p: number,
): Candidate[] {
  const largest = scores[ids[0] as number] as number;
  const weights = ids.map((id) => Math.exp(((scores[id] as number) - largest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const kept: Candidate[] = [];
  let mass = 0;
  for (const [i, id] of ids.entries()) {
    const probability = (weights[i] as number) / total;
    kept.push({ id, probability });
    mass += probability;
    if (mass >= p) {
      break;
    }
  }
  return kept.map(({ id, probability }) => ({ id, probability: probability / mass }));
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
