import type { LinearName } from './families/names';
import type { LinearParameters, NormParameters } from './parameters';
import type { ParameterSpec } from './parameterSpec';

/** Queries, keys and values that are one matrix. */
const PACKED = 3;

/** Makes specs of parameters from their names and shapes. */
export class SpecBuilder {
  /** @param base what names of the whole model begin with, and those of the bare model do not */
  constructor(private readonly base: string) {}

  parameter(names: readonly string[], dims: readonly number[]): ParameterSpec {
    const { base } = this;
    const bare = names.flatMap((name) =>
      base !== '' && name.startsWith(base) ? [name.slice(base.length)] : [],
    );
    return { names: [...names, ...bare], dims };
  }

  linear(
    name: LinearName,
    inputs: number,
    outputs: number,
    bias: boolean,
    transposed = false,
  ): LinearParameters<ParameterSpec> {
    const named =
      typeof name === 'string' ? { weight: `${name}.weight`, bias: `${name}.bias` } : name;
    const part = 'part' in named ? { part: { index: named.part, of: PACKED } } : {};
    const rows = 'part' in named ? PACKED * outputs : outputs;
    return {
      weight: {
        ...this.parameter([named.weight], transposed ? [inputs, rows] : [rows, inputs]),
        ...(transposed && { transposed }),
        ...part,
      },
      ...(bias && { bias: { ...this.parameter([named.bias], [rows]), ...part } }),
    };
  }

  layerNorm(module: string, width: number): NormParameters<ParameterSpec> {
    return {
      weight: this.parameter([`${module}.weight`, `${module}.gamma`], [width]),
      bias: this.parameter([`${module}.bias`, `${module}.beta`], [width]),
    };
  }
}
