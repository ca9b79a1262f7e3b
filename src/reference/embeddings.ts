import type { ForwardContext } from './forwardContext';
import { linear } from './linear';
import { norm } from './norms';
import type { EmbeddingParameters } from './parameters';
import { learnedPositions } from './positions/learned';
import { positionNumbers } from './positions/numbering';
import type { PositionNumbering } from './positions/numbering';
import type { PositionShape, TextInputShape } from './config/modelShape';
import { sinusoidalPositions } from './positions/sinusoidal';
import type { SinusoidForm } from './positions/sinusoidal';
import { scale, add } from './tensor';
import type { Tensor } from './tensor';

/**
 * The boxes "Input Embedding" and "Positional Encoding" of Figure 1 of "Attention Is All You Need"
 * (2017), sections 3.4 and 3.5: the vector of each token, times √d_model in the paper, plus that of its
 * position. BERT also adds the vector of the token's segment and normalises (Devlin et al., "BERT",
 * 2019, section 3, Figure 2); ALBERT then widens the vectors (Lan et al., "ALBERT", 2020, section 3.1).
 *
 * Points: `hook_embed`, `hook_pos_embed`, `hook_token_type_embed` [batch, tokens, width of the
 * embeddings]; `ln_embed`, the norm.
 *
 * @param ids [batch][tokens], all of one length
 * @param tokenTypes [batch][tokens], where the model has any
 * @returns [batch, tokens, d_model]
 */
export function embeddings(
  ids: readonly (readonly number[])[],
  tokenTypes: readonly (readonly number[])[] | undefined,
  weights: EmbeddingParameters<Float32Array>,
  shape: TextInputShape,
  positions: PositionShape,
  context: ForwardContext,
): Tensor {
  const { hooks } = context;
  const { width } = shape;
  const dims = [ids.length, ids[0]?.length ?? 0, width];
  const ofTokens = learnedPositions(weights.tokens, ids.flat(), width);
  let x = hooks.at('hook_embed', scale({ dims, data: ofTokens.data }, shape.scale));
  const ofPositions = positionVectors(ids, weights.positions, positions, width, context);
  if (ofPositions !== undefined) {
    x = add(x, hooks.at('hook_pos_embed', { dims, data: ofPositions.data }));
  }
  if (weights.tokenTypes !== undefined) {
    const types = tokenTypes?.flat() ?? ids.flat().map(() => 0);
    const { data } = learnedPositions(weights.tokenTypes, types, width);
    x = add(x, hooks.at('hook_token_type_embed', { dims, data }));
  }
  if (weights.norm !== undefined && shape.norm !== undefined) {
    x = norm(x, weights.norm, shape.norm, hooks.within('ln_embed'));
  }
  return weights.projection === undefined ? x : linear(x, weights.projection, context);
}

/** A vector for each position, [batch · tokens, width]; none where attention knows positions itself. */
function positionVectors(
  ids: readonly (readonly number[])[],
  table: Float32Array | undefined,
  positions: PositionShape,
  width: number,
  { rounding }: ForwardContext,
): Tensor | undefined {
  if (positions.kind !== 'learned' && positions.kind !== 'sinusoidal') {
    return undefined;
  }
  const numbers = ids.flatMap((sequence) => positionNumbers(sequence, positions.numbering));
  if (positions.kind === 'sinusoidal') {
    const computed = sinusoids(numbers, width, positions.form, positions.numbering);
    return rounding === undefined || table === undefined
      ? computed
      : asStored(learnedPositions(table, numbers, width), computed);
  }
  return table === undefined ? undefined : learnedPositions(table, numbers, width);
}

/** Half the distance of neighbours of sinusoids, −1…1, in the fewest bits that tables are stored in, 7. */
const STORED_ROUNDING = 1.01 / 127;

/**
 * Sinusoids as the file has them, for a run that rounds as the graph does; what is computed where the
 * file's are others, so that it shows.
 */
function asStored(stored: Tensor, computed: Tensor): Tensor {
  const isRounded = stored.data.every(
    (value, i) => Math.abs(value - (computed.data[i] ?? NaN)) <= STORED_ROUNDING,
  );
  return isRounded ? stored : computed;
}

/** Sinusoids; padding has none where positions are counted without it. */
function sinusoids(
  numbers: readonly number[],
  width: number,
  form: SinusoidForm,
  numbering: PositionNumbering,
): Tensor {
  const vectors = sinusoidalPositions(numbers, width, form);
  if (numbering.kind === 'afterPadding') {
    numbers.forEach((number, row) => {
      if (number === numbering.paddingId) {
        vectors.data.fill(0, row * width, (row + 1) * width);
      }
    });
  }
  return vectors;
}
