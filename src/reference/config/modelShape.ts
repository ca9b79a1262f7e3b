import type { LayerShape } from '../encoderLayer';
import type { NormShape } from '../norms';
import type { UnembeddingShape } from '../unembedding';
import type { PositionNumbering } from '../positions/numbering';
import type { RelativeShape } from '../positions/relative';
import type { RotaryShape } from '../positions/rotary';
import type { SinusoidForm } from '../positions/sinusoidal';
import type { SoundInputShape } from '../sound/soundShape';

/** Everything that tells one Transformer from another, besides its weights. */
export interface ModelShape {
  /** `model_type` of config.json. */
  family: string;
  /** A model has an encoder, a decoder or both; the decoder then attends to the encoder. */
  encoder?: StackShape;
  decoder?: StackShape;
  unembedding: UnembeddingShape;
}

/** The encoder or the decoder of Figure 1 of the paper. */
export interface StackShape extends LayerShape {
  /** N in the paper. */
  layers: number;
  /** d_model in the paper. */
  width: number;
  input: TextInputShape | SoundInputShape;
  positions: PositionShape;
  /** Whether tokens see only those before them. */
  causal: boolean;
  /** Whether tokens also attend to the encoder's. */
  crossAttention: boolean;
  /** Whether there is a norm after the last layer. */
  finalNorm: boolean;
}

/** How ids become vectors. */
export interface TextInputShape {
  kind: 'text';
  vocabulary: number;
  /** Of the embeddings; where it is not that of the layers, a linear layer follows. */
  width: number;
  /** What embeddings are multiplied by: √d_model in the paper, else 1. */
  scale: number;
  /** How many types a token may have; 0 where there are none. */
  tokenTypes: number;
  norm?: NormShape;
  /** The longest text, in tokens. Absent where nothing ends it. */
  context?: number;
}

/** How the model knows where a token stands. */
export type PositionShape =
  | { kind: 'learned'; numbering: PositionNumbering; rows: number }
  | { kind: 'sinusoidal'; numbering: PositionNumbering; form: SinusoidForm }
  | ({ kind: 'relative' } & RelativeShape)
  | ({ kind: 'rotary' } & RotaryShape)
  /** A convolution over the input adds them. */
  | { kind: 'convolutional' };
