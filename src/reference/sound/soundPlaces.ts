import type { PlaceFinder } from '../modelPlaces';
import type { Place } from '../weightPlaces';
import type { SoundNames } from '../families/names';
import type { SoundParameters } from './soundParameters';
import type { SoundInputShape } from './soundShape';

/** Where the weights that turn sound into vectors are. */
export function soundPlaces(
  shape: SoundInputShape,
  width: number,
  names: SoundNames,
  find: PlaceFinder,
): SoundParameters<Place> {
  const channels = shape.convolutions.at(-1)?.outputs ?? 1;
  const { kernel, groups } = shape.positions;
  const optional = (ends: readonly string[], dims: readonly number[]): Place => ({
    ...find.place(
      ends.map((end) => `${names.positions}.${end}`),
      dims,
    ),
    optional: true,
  });
  return {
    convolutions: shape.convolutions.map(({ inputs, outputs, kernel: size, bias, norm }, index) => {
      const { convolution, norm: module } = names.convolution(index);
      return {
        weight: find.place([`${convolution}.weight`], [outputs, inputs, size]),
        ...(bias && { bias: find.place([`${convolution}.bias`], [outputs]) }),
        ...(norm !== 'none' && { norm: find.layerNorm(module, outputs) }),
      };
    }),
    projectionNorm: find.layerNorm(names.projectionNorm, channels),
    projection: find.linear(names.projection, channels, width, true),
    positions: {
      weight: optional(['weight'], [width, width / groups, kernel]),
      length: optional(['parametrizations.weight.original0', 'weight_g'], [1, 1, kernel]),
      direction: optional(
        ['parametrizations.weight.original1', 'weight_v'],
        [width, width / groups, kernel],
      ),
      bias: find.place([`${names.positions}.bias`], [width]),
    },
    ...(shape.norm !== undefined && { norm: find.layerNorm(names.norm, width) }),
  };
}
