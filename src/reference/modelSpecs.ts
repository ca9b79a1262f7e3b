import type { ModelShape, StackShape } from './config/modelShape';
import type { AttentionNames, FamilyNames, LinearName, StackNames } from './families/names';
import type {
  AttentionParameters,
  EmbeddingParameters,
  FeedForwardParameters,
  UnembeddingParameters,
  LayerParameters,
  LinearParameters,
  NormParameters,
} from './parameters';
import type { SoundParameters } from './sound/soundParameters';
import { soundSpecs } from './sound/soundSpecs';
import type { ParameterSpec } from './parameterSpec';
import { SpecBuilder } from './specBuilder';

/** The parameters of a stack: how they are called and shaped. Nothing is read before it is used. */
export interface StackSpecs {
  input: {
    embeddings?: EmbeddingParameters<ParameterSpec>;
    sound?: SoundParameters<ParameterSpec>;
  };
  /** T5's table [buckets, heads]. */
  relativePositions?: ParameterSpec;
  layers: LayerParameters<ParameterSpec>[];
  finalNorm?: NormParameters<ParameterSpec>;
}

/** The parameters of a model. */
export interface ModelSpecs {
  encoder?: StackSpecs;
  decoder?: StackSpecs;
  unembedding: UnembeddingParameters<ParameterSpec>;
}

/** Puts names and sizes of a model together: how each of its parameters is called and shaped. */
export function modelSpecs(shape: ModelShape, names: FamilyNames): ModelSpecs {
  const build = new ModelSpecBuilder(names.base);
  const { encoder, decoder } = shape;
  return {
    ...(encoder && names.encoder && { encoder: build.stack(encoder, names.encoder) }),
    ...(decoder && names.decoder && { decoder: build.stack(decoder, names.decoder) }),
    unembedding: build.head(shape, names.unembedding),
  };
}

/** Makes the specs of whole stacks. */
class ModelSpecBuilder extends SpecBuilder {
  stack(shape: StackShape, names: StackNames): StackSpecs {
    return {
      input: this.input(shape, names),
      ...(shape.positions.kind === 'relative' &&
        names.relativePositions !== undefined && {
          relativePositions: this.parameter(
            [names.relativePositions],
            [shape.positions.buckets, shape.attention.heads],
          ),
        }),
      layers: Array.from({ length: shape.layers }, (_, index) => this.layer(shape, names, index)),
      ...(shape.finalNorm &&
        names.finalNorm !== undefined && { finalNorm: this.norm(names.finalNorm, shape) }),
    };
  }

  head(shape: ModelShape, names: FamilyNames['unembedding']): UnembeddingParameters<ParameterSpec> {
    const { vocabulary, transform, bias } = shape.unembedding;
    const stack = shape.decoder ?? shape.encoder;
    const width = stack?.width ?? 0;
    const inner = transform?.width ?? width;
    const biasDims = names.bias?.includes(LOGITS_BIAS) === true ? [1, vocabulary] : [vocabulary];
    return {
      ...(names.transform !== undefined && {
        transform: {
          dense: this.linear(names.transform.dense, width, inner, true),
          norm: this.layerNorm(names.transform.norm, inner),
        },
      }),
      output: {
        weight: this.parameter(names.weight, [vocabulary, inner]),
        // Older files lack the one that is zero as long as nobody trains it.
        ...(bias &&
          names.bias !== undefined && {
            bias: {
              ...this.parameter(names.bias, biasDims),
              optional: names.bias.includes(LOGITS_BIAS),
            },
          }),
      },
    };
  }

  private input(shape: StackShape, names: StackNames): StackSpecs['input'] {
    const { input, positions, width } = shape;
    if (input.kind === 'sound') {
      return names.sound === undefined
        ? {}
        : { sound: soundSpecs(input, width, names.sound, this) };
    }
    const { embeddings } = names;
    if (embeddings === undefined) {
      return {};
    }
    const found: EmbeddingParameters<ParameterSpec> = {
      tokens: this.parameter(embeddings.tokens, [input.vocabulary, input.width]),
    };
    if (positions.kind === 'learned' && embeddings.positions !== undefined) {
      found.positions = this.parameter([embeddings.positions], [positions.rows, input.width]);
    }
    const isTable = positions.kind === 'sinusoidal' && positions.numbering.kind === 'place';
    if (isTable && embeddings.positions !== undefined && input.context !== undefined) {
      const table = this.parameter([embeddings.positions], [input.context, input.width]);
      found.positions = { ...table, whereFits: true };
    }
    if (input.tokenTypes > 0 && embeddings.tokenTypes !== undefined) {
      found.tokenTypes = this.parameter([embeddings.tokenTypes], [input.tokenTypes, input.width]);
    }
    if (input.norm !== undefined && embeddings.norm !== undefined) {
      found.norm = this.layerNorm(embeddings.norm, input.width);
    }
    if (embeddings.projection !== undefined) {
      found.projection = this.linear(embeddings.projection, input.width, width, true);
    }
    return { embeddings: found };
  }

  private layer(
    shape: StackShape,
    names: StackNames,
    index: number,
  ): LayerParameters<ParameterSpec> {
    const prefix = `${names.layer(index)}.`;
    const { crossAttention } = names;
    return {
      attention: this.attention(shape, names.attention, prefix, names.transposed),
      ...(shape.crossAttention &&
        crossAttention !== undefined && {
          crossAttention: this.attention(shape, crossAttention, prefix, names.transposed),
        }),
      feedForward: {
        sublayer: this.feedForward(shape, names, prefix),
        norm: this.norm(prefix + names.feedForward.norm, shape),
      },
    };
  }

  private attention(
    shape: StackShape,
    names: AttentionNames,
    prefix: string,
    transposed = false,
  ): { sublayer: AttentionParameters<ParameterSpec>; norm: NormParameters<ParameterSpec> } {
    const { heads, keyValueHeads, headSize, biases } = shape.attention;
    const ofHeads = (name: LinearName, count: number): LinearParameters<ParameterSpec> =>
      this.linear(
        within(prefix, name),
        shape.width,
        count * headSize,
        biases.queriesKeysValues,
        transposed,
      );
    const output = within(prefix, names.output);
    return {
      sublayer: {
        query: ofHeads(names.query, heads),
        key: ofHeads(names.key, keyValueHeads),
        value: ofHeads(names.value, keyValueHeads),
        output: this.linear(output, heads * headSize, shape.width, biases.output, transposed),
      },
      norm: this.norm(prefix + names.norm, shape),
    };
  }

  private feedForward(
    { width, feedForward: { inner, bias, gated } }: StackShape,
    { feedForward: names, transposed = false }: StackNames,
    prefix: string,
  ): FeedForwardParameters<ParameterSpec> {
    const into = (name: LinearName): LinearParameters<ParameterSpec> =>
      this.linear(within(prefix, name), width, inner, bias, transposed);
    return {
      ...(gated && names.gate !== undefined && { gate: into(names.gate) }),
      up: into(names.up),
      down: this.linear(within(prefix, names.down), inner, width, bias, transposed),
    };
  }

  private norm(module: string, { width, norm }: StackShape): NormParameters<ParameterSpec> {
    const { weight, bias } = this.layerNorm(module, width);
    return norm.kind === 'layer' && bias !== undefined ? { weight, bias } : { weight };
  }
}

/** The buffer of BART and its kin, stored with a first axis of its own. */
const LOGITS_BIAS = 'final_logits_bias';

function within(prefix: string, name: LinearName): LinearName {
  return typeof name === 'string'
    ? prefix + name
    : { ...name, weight: prefix + name.weight, bias: prefix + name.bias };
}
