import { costAt } from '../../../src/shared/costAt';
import type { ModelCost, RunSizes } from '../../../src/shared/modelCost';

/** What a model takes at a length of text, as functions of that length in tokens. */
export interface CostCurves {
  /** Keys and values behind that many tokens; absent where none are kept. Unit: bytes. */
  cache?: (length: number) => number;
  /** The attention maps of one layer while that many tokens are read. Unit: bytes. */
  maps: (length: number) => number;
  /** Reading that many tokens. Unit: floating-point operations. */
  reading: (length: number) => number;
  /** Writing one token behind that many; absent of a model that writes none. */
  writing?: (length: number) => number;
  /** Reading that many tokens and writing as many. */
  whole?: (length: number) => number;
}

/**
 * The curves of a model. A decoder with an encoder writes behind as many tokens as the encoder has read.
 * @param batch texts side by side.
 */
export function costCurves({ graphs }: ModelCost, batch: number): CostCurves {
  const sizes = (more: Partial<RunSizes>): RunSizes => ({
    ...{ batch, tokens: 1, past: 0, source: 0 },
    ...more,
  });
  const encoder = graphs.find(({ component }) => component === 'encoder');
  const decoders = graphs.filter(({ component }) => component === 'decoder');
  const prompt = decoders.find(({ run }) => run !== 'step');
  const step = decoders.find(({ run }) => run !== 'prompt');
  const reader = encoder ?? prompt;
  const reading = (length: number): number =>
    costAt(reader?.operations ?? [], sizes({ tokens: length, source: length }));
  const maps = (length: number): number =>
    Math.max(
      0,
      ...graphs.flatMap((graph) =>
        graph.maps.map(({ bytes }) =>
          costAt(
            bytes,
            graph.run === 'step'
              ? sizes({ past: length - 1, source: length })
              : sizes({ tokens: length, source: length }),
          ),
        ),
      ),
    );
  if (step === undefined) {
    return { maps, reading };
  }
  const source = (length: number): number => (encoder === undefined ? 0 : length);
  /** One token behind `past`, where the source has as many tokens as the text. */
  const one = (past: number, length: number): number =>
    costAt(step.operations, sizes({ past, source: source(length) }));
  return {
    ...(step.cache.bytes.length === 0
      ? {}
      : {
          cache: (length) =>
            costAt(step.cache.bytes, sizes({ past: length - 1, source: source(length) })),
        }),
    maps,
    reading,
    writing: (length) => one(length - 1, length),
    // What one token takes grows in a straight line with those before it.
    whole: (length) => {
      const from = encoder === undefined ? length : 0;
      return reading(length) + (length * (one(from, length) + one(from + length - 1, length))) / 2;
    },
  };
}
