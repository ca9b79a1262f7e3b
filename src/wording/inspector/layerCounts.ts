import type { ModelOutline } from '../../shared/modelOutline';

/** Attention layers of a model, by what they attend to. */
export interface LayerCounts {
  encoder: number;
  /** Those that attend to the decoder's own tokens. */
  decoder: number;
  /** Those that attend to the encoder's. */
  crossing: number;
}

/** Counts the attention layers whose maps can be shown. */
export function layersOf({ attention }: Pick<ModelOutline, 'attention'>): LayerCounts {
  const count = (isCounted: (one: (typeof attention)[number]) => boolean): number =>
    attention.filter(isCounted).length;
  return {
    encoder: count(({ component }) => component === 'encoder'),
    decoder: count(({ component, kind }) => component === 'decoder' && kind !== 'cross'),
    crossing: count(({ kind }) => kind === 'cross'),
  };
}
