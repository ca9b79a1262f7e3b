import type { CostPolynomial, GraphCost, ModelCost, RunSizes } from './modelCost';

/** What a polynomial comes to. */
export function costAt(polynomial: CostPolynomial, sizes: RunSizes): number {
  return polynomial.reduce((sum, { coefficient, powers }) => {
    const { batch = 0, tokens = 0, past = 0, source = 0 } = powers;
    return (
      sum +
      coefficient *
        sizes.batch ** batch *
        sizes.tokens ** tokens *
        sizes.past ** past *
        sizes.source ** source
    );
  }, 0);
}

/** How long texts are, and how many side by side. */
export interface CostSetting {
  /** Tokens of a text; of an encoder–decoder model both of the source and of what is written. */
  context: number;
  batch: number;
}

/** What a model takes for texts of a length. */
export interface CostFigures {
  /**
   * To read a text: with an encoder the source and the token that begins every output. Unit: operations.
   * Absent of a file that only goes on where another has begun.
   */
  prefill?: number;
  /** To write the last token of the text, given all before it. Absent of models that write none. */
  token?: number;
  /** Share of the prefill that goes into attention maps and what is mixed by them, 0 to 1. */
  attentionShare?: number;
  /**
   * What is kept once the whole text is in. Unit: bytes; absent of models that keep nothing,
   * and where it is unknown.
   */
  cache?: number;
  /** The largest attention map of a layer, in any of these runs. Unit: bytes. */
  map: number;
}

/** Evaluates a model's cost. All graphs of an encoder–decoder model are run, each with what is its. */
export function costFigures({ graphs }: ModelCost, { context, batch }: CostSetting): CostFigures {
  const decoders = graphs.filter(({ component }) => component === 'decoder');
  const encoders = graphs.filter(({ component }) => component === 'encoder');
  const first = decoders.find(({ run }) => run !== 'step');
  const next = decoders.find(({ run }) => run === 'step') ?? first;
  const isBeside = [...encoders, ...decoders].some(readsSource);
  const prompt = { batch, tokens: isBeside ? 1 : context, past: 0, source: context };
  const read = [...encoders, ...(first === undefined ? [] : [first])];
  const prefill = sumOf(read.map(({ operations }) => costAt(operations, prompt)));
  const attention = sumOf(
    read.map(({ attentionOperations }) => costAt(attentionOperations, prompt)),
  );
  const keeps = next !== undefined && next.run !== 'prompt' && next.cache?.bytes.length !== 0;
  // Without a cache every token is written by a run over all of them.
  const step = keeps
    ? { ...prompt, tokens: 1, past: context - 1 }
    : { ...prompt, tokens: context, past: 0 };
  return {
    ...(read.length === 0 ? {} : { prefill, attentionShare: attention / Math.max(1, prefill) }),
    ...(next === undefined ? {} : { token: costAt(next.operations, step) }),
    ...(keeps && next.cache !== undefined ? { cache: costAt(next.cache.bytes, step) } : {}),
    map: Math.max(0, ...read.map((graph) => largestMap(graph, prompt)), largestMap(next, step)),
  };
}

function largestMap(graph: GraphCost | undefined, sizes: RunSizes): number {
  return Math.max(0, ...(graph?.maps ?? []).map(({ bytes }) => costAt(bytes, sizes)));
}

/** Whether a graph is of a model with a source. */
function readsSource({ operations, cache }: GraphCost): boolean {
  return [...operations, ...(cache?.bytes ?? [])].some(({ powers }) => powers.source !== undefined);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
