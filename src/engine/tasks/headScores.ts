import type { HeadScores, SiteScores } from '../../shared/attention';
import {
  chanceScore,
  headScores as scoresOf,
  SCORE_LIMIT,
  scoredKind,
} from '../../trace/headScores';
import type { DecoderModel, EncoderModel, OpenModel } from '../openModel';
import { KEPT_MAX_BYTES } from '../tracing/tracing';
import { repeatedTokens, type RepeatedSequence } from './repeatedTokens';
import { traceTokens } from './trace';

/** Tokens of a copy. */
const LENGTH = 50;
/** Fewer tell too little. */
const FEWEST = 8;
/** How many sequences are measured, by the seeds that draw them. */
const SEEDS = [1, 2];

/** A layer's heads on one sequence. */
interface LayerScores {
  site: string;
  heads: (HeadScores & { chance: number })[];
}

const measured = new WeakMap<OpenModel, Promise<SiteScores[]>>();

/**
 * What the heads of a model do on random tokens that are repeated: whether they find the token that
 * followed last time, or the same token. It is a measurement of the model and of no text, made once.
 * @returns nothing of an encoder–decoder model, and of one that sees too few tokens at once.
 * @throws Failure `unsupported` or `runtime`, as tracing does; the signal's reason when it is aborted.
 */
export function headScores(model: OpenModel, signal: AbortSignal): Promise<SiteScores[]> {
  const known = measured.get(model);
  if (known !== undefined) {
    return known;
  }
  const measuring = measure(model, signal);
  measured.set(model, measuring);
  measuring.catch(() => measured.delete(model));
  return measuring;
}

async function measure(model: OpenModel, signal: AbortSignal): Promise<SiteScores[]> {
  if (model.architecture === 'encoder-decoder') {
    return [];
  }
  const context = Math.min(model.limits.context, mostKept(model));
  const runs: LayerScores[][] = [];
  for (const seed of SEEDS) {
    const sequence = repeatedTokens(model.tokenizer, {
      vocabulary: model.folder.config.vocabulary,
      context,
      wanted: LENGTH,
      seed,
    });
    if (sequence.length < FEWEST) {
      return [];
    }
    runs.push(await run(model, sequence, signal));
  }
  return meanOf(runs);
}

async function run(
  model: DecoderModel | EncoderModel,
  sequence: RepeatedSequence,
  signal: AbortSignal,
): Promise<LayerScores[]> {
  const trace = await traceTokens(model, sequence.tokens, signal);
  const found: LayerScores[] = [];
  for (const { id, heads, queries, kind } of trace.summary.sites) {
    const maps = await trace.layer(id, signal);
    const size = queries * queries;
    const chance = chanceScore(queries, sequence, kind === 'masked');
    found.push({
      site: id,
      heads: Array.from({ length: heads }, (_, head) => ({
        ...scoresOf(maps.subarray(head * size, (head + 1) * size), queries, sequence),
        chance,
      })),
    });
  }
  return found;
}

/** How many tokens leave all maps small enough for one run to bring them. */
function mostKept({ summary: { heads, layers } }: DecoderModel | EncoderModel): number {
  const maps = heads * ((layers.encoder ?? 0) + (layers.decoder ?? 0));
  return Math.floor(Math.sqrt(KEPT_MAX_BYTES / Float32Array.BYTES_PER_ELEMENT / maps));
}

/** @param runs of sequences that are equally long. */
function meanOf(runs: readonly LayerScores[][]): SiteScores[] {
  const [first = []] = runs;
  return first.map(({ site, heads }, layer) => ({
    site,
    heads: heads.map((_, head) => {
      const scores = runs.flatMap((sites) => sites[layer]?.heads[head] ?? []);
      const mean = (name: keyof HeadScores | 'chance'): number =>
        scores.reduce((sum, each) => sum + each[name] / scores.length, 0);
      const means = {
        induction: mean('induction'),
        duplicateToken: mean('duplicateToken'),
        previousToken: mean('previousToken'),
      };
      const kind = scoredKind(means);
      return { ...means, chance: mean('chance'), ...(kind && { kind }), limit: SCORE_LIMIT };
    }),
  }));
}
