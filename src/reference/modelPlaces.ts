import type { ModelShape, StackShape } from './config/modelShape';
import type { AttentionNames, FamilyNames, LinearName, StackNames } from './families/names';
import type {
  AttentionParameters,
  EmbeddingParameters,
  FeedForwardParameters,
  HeadParameters,
  LayerParameters,
  LinearParameters,
  NormParameters,
} from './parameters';
import type { SoundParameters } from './sound/soundParameters';
import { soundPlaces } from './sound/soundPlaces';
import type { Place } from './weightPlaces';

/** Where the weights of a stack are; nothing is read before it is used. */
export interface StackPlaces {
  input: { embeddings?: EmbeddingParameters<Place>; sound?: SoundParameters<Place> };
  /** T5's table [buckets, heads]. */
  relativePositions?: Place;
  layers: LayerParameters<Place>[];
  finalNorm?: NormParameters<Place>;
}

/** Where the weights of a model are. */
export interface ModelPlaces {
  encoder?: StackPlaces;
  decoder?: StackPlaces;
  head: HeadParameters<Place>;
}

/** Puts names and sizes of a model together: where each of its parameters is, and in which shape. */
export function modelPlaces(shape: ModelShape, names: FamilyNames): ModelPlaces {
  const find = new PlaceFinder(names.base);
  const { encoder, decoder } = shape;
  return {
    ...(encoder && names.encoder && { encoder: find.stack(encoder, names.encoder) }),
    ...(decoder && names.decoder && { decoder: find.stack(decoder, names.decoder) }),
    head: find.head(shape, names.head),
  };
}

/** Makes places of names. */
export class PlaceFinder {
  /** @param base what names of the whole model begin with, and those of the bare model do not */
  constructor(private readonly base: string) {}

  stack(shape: StackShape, names: StackNames): StackPlaces {
    return {
      input: this.input(shape, names),
      ...(shape.positions.kind === 'relative' &&
        names.relativePositions !== undefined && {
          relativePositions: this.place(
            [names.relativePositions],
            [shape.positions.buckets, shape.attention.heads],
          ),
        }),
      layers: Array.from({ length: shape.layers }, (_, index) => this.layer(shape, names, index)),
      ...(shape.finalNorm &&
        names.finalNorm !== undefined && { finalNorm: this.norm(names.finalNorm, shape) }),
    };
  }

  head(shape: ModelShape, names: FamilyNames['head']): HeadParameters<Place> {
    const { vocabulary, transform, bias } = shape.head;
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
        weight: this.place(names.weight, [vocabulary, inner]),
        // Older files lack the one that is zero as long as nobody trains it.
        ...(bias &&
          names.bias !== undefined && {
            bias: {
              ...this.place(names.bias, biasDims),
              optional: names.bias.includes(LOGITS_BIAS),
            },
          }),
      },
    };
  }

  linear(
    name: LinearName,
    inputs: number,
    outputs: number,
    bias: boolean,
    transposed = false,
  ): LinearParameters<Place> {
    const named =
      typeof name === 'string' ? { weight: `${name}.weight`, bias: `${name}.bias` } : name;
    const part = 'part' in named ? { part: { index: named.part, of: PACKED } } : {};
    const rows = 'part' in named ? PACKED * outputs : outputs;
    return {
      weight: {
        ...this.place([named.weight], transposed ? [inputs, rows] : [rows, inputs]),
        ...(transposed && { transposed }),
        ...part,
      },
      ...(bias && { bias: { ...this.place([named.bias], [rows]), ...part } }),
    };
  }

  layerNorm(module: string, width: number): NormParameters<Place> {
    return {
      weight: this.place([`${module}.weight`, `${module}.gamma`], [width]),
      bias: this.place([`${module}.bias`, `${module}.beta`], [width]),
    };
  }

  place(names: readonly string[], dims: readonly number[]): Place {
    const { base } = this;
    const bare = names.flatMap((name) =>
      base !== '' && name.startsWith(base) ? [name.slice(base.length)] : [],
    );
    return { names: [...names, ...bare], dims };
  }

  private input(shape: StackShape, names: StackNames): StackPlaces['input'] {
    const { input, positions, width } = shape;
    if (input.kind === 'sound') {
      return names.sound === undefined
        ? {}
        : { sound: soundPlaces(input, width, names.sound, this) };
    }
    const { embeddings } = names;
    if (embeddings === undefined) {
      return {};
    }
    const found: EmbeddingParameters<Place> = {
      tokens: this.place(embeddings.tokens, [input.vocabulary, input.width]),
    };
    if (positions.kind === 'learned' && embeddings.positions !== undefined) {
      found.positions = this.place([embeddings.positions], [positions.rows, input.width]);
    }
    const isTable = positions.kind === 'sinusoidal' && positions.numbering.kind === 'place';
    if (isTable && embeddings.positions !== undefined && input.context !== undefined) {
      const table = this.place([embeddings.positions], [input.context, input.width]);
      found.positions = { ...table, whereFits: true };
    }
    if (input.tokenTypes > 0 && embeddings.tokenTypes !== undefined) {
      found.tokenTypes = this.place([embeddings.tokenTypes], [input.tokenTypes, input.width]);
    }
    if (input.norm !== undefined && embeddings.norm !== undefined) {
      found.norm = this.layerNorm(embeddings.norm, input.width);
    }
    if (embeddings.projection !== undefined) {
      found.projection = this.linear(embeddings.projection, input.width, width, true);
    }
    return { embeddings: found };
  }

  private layer(shape: StackShape, names: StackNames, index: number): LayerParameters<Place> {
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
  ): { sublayer: AttentionParameters<Place>; norm: NormParameters<Place> } {
    const { heads, keyValueHeads, headSize, biases } = shape.attention;
    const ofHeads = (name: LinearName, count: number): LinearParameters<Place> =>
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
  ): FeedForwardParameters<Place> {
    const into = (name: LinearName): LinearParameters<Place> =>
      this.linear(within(prefix, name), width, inner, bias, transposed);
    return {
      ...(gated && names.gate !== undefined && { gate: into(names.gate) }),
      up: into(names.up),
      down: this.linear(within(prefix, names.down), inner, width, bias, transposed),
    };
  }

  private norm(module: string, { width, norm }: StackShape): NormParameters<Place> {
    const { weight, bias } = this.layerNorm(module, width);
    return norm.kind === 'layer' && bias !== undefined ? { weight, bias } : { weight };
  }
}

/** Queries, keys and values that are one matrix. */
const PACKED = 3;

/** The buffer of BART and its kin, stored with a first axis of its own. */
const LOGITS_BIAS = 'final_logits_bias';

function within(prefix: string, name: LinearName): LinearName {
  return typeof name === 'string'
    ? prefix + name
    : { ...name, weight: prefix + name.weight, bias: prefix + name.bias };
}
