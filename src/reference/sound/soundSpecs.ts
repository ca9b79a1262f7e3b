import type { ParameterSpec } from '../parameterSpec';
import type { SpecBuilder } from '../specBuilder';
import type { SoundNames } from '../families/names';
import type { SoundParameters } from './soundParameters';
import type { SoundInputShape } from './soundShape';

/** The parameters that turn sound into vectors. */
export function soundSpecs(
  shape: SoundInputShape,
  width: number,
  names: SoundNames,
  build: SpecBuilder,
): SoundParameters<ParameterSpec> {
  const channels = shape.convolutions.at(-1)?.outputs ?? 1;
  const { kernel, groups } = shape.positions;
  const optional = (ends: readonly string[], dims: readonly number[]): ParameterSpec => ({
    ...build.parameter(
      ends.map((end) => `${names.positions}.${end}`),
      dims,
    ),
    optional: true,
  });
  return {
    convolutions: shape.convolutions.map(({ inputs, outputs, kernel: size, bias, norm }, index) => {
      const { convolution, norm: module } = names.convolution(index);
      return {
        weight: build.parameter([`${convolution}.weight`], [outputs, inputs, size]),
        ...(bias && { bias: build.parameter([`${convolution}.bias`], [outputs]) }),
        ...(norm !== 'none' && { norm: build.layerNorm(module, outputs) }),
      };
    }),
    projectionNorm: build.layerNorm(names.projectionNorm, channels),
    projection: build.linear(names.projection, channels, width, true),
    positions: {
      weight: optional(['weight'], [width, width / groups, kernel]),
      length: optional(['parametrizations.weight.original0', 'weight_g'], [1, 1, kernel]),
      direction: optional(
        ['parametrizations.weight.original1', 'weight_v'],
        [width, width / groups, kernel],
      ),
      bias: build.parameter([`${names.positions}.bias`], [width]),
    },
    ...(shape.norm !== undefined && { norm: build.layerNorm(names.norm, width) }),
  };
}
