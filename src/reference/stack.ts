import type { ParameterStore } from '../weights/parameterStore';
import type { StackShape } from './config/modelShape';
import { decoderLayer } from './decoderLayer';
import type { EncoderStates } from './decoderLayer';
import { embeddings } from './embeddings';
import { encoderLayer } from './encoderLayer';
import { within, type ForwardContext } from './forwardContext';
import { combineMasks, causalMask, paddingMask } from './masks';
import type { Mask, Padding } from './masks';
import type { StackSpecs } from './modelSpecs';
import type { MultiHeadOptions } from './multiHeadAttention';
import { norm } from './norms';
import { relativeBias } from './positions/relative';
import { soundVectors } from './sound/soundVectors';
import { axis } from './tensor';
import type { Tensor } from './tensor';
import { loadWeights } from './parameterSpec';

/** What one stack reads. */
export interface StackInput {
  /** [batch][tokens] */
  ids?: readonly (readonly number[])[];
  tokenTypes?: readonly (readonly number[])[];
  /** [batch][samples] */
  samples?: readonly (readonly number[])[];
  padding?: Padding;
  /** What the decoder attends to. */
  encoder?: { states: Tensor; padding?: Padding };
}

/** How a stack is run. */
export interface StackRun {
  context: ForwardContext;
  store: ParameterStore;
  /** Awaited before each layer, which may end the run. */
  beforeLayer: () => void | Promise<void>;
}

/**
 * The encoder (left) or the decoder (right) of Figure 1 of "Attention Is All You Need" (2017),
 * section 3.1: embeddings and positions, N layers, and the last norm of models whose layers begin with
 * theirs. The weights of a layer are read when it runs and dropped after it.
 *
 * @returns [batch, tokens, d_model]
 */
export async function runStack(
  input: StackInput,
  shape: StackShape,
  specs: StackSpecs,
  { context, store, beforeLayer }: StackRun,
): Promise<Tensor> {
  let x = await inputVectors(input, shape, specs, store, context);
  const options = await attentionOptions(x, input, shape, specs, store);
  const encoderStates = encoderStatesOf(input, axis(x, 1));
  for (const [index, layer] of specs.layers.entries()) {
    await beforeLayer();
    const block = within(context, `blocks.${index}`);
    const weights = await loadWeights(layer, store);
    const { crossAttention } = weights;
    x =
      encoderStates === undefined || crossAttention === undefined
        ? encoderLayer(x, weights, shape, options, block)
        : decoderLayer(x, encoderStates, { ...weights, crossAttention }, shape, options, block);
  }
  if (specs.finalNorm === undefined) {
    return x;
  }
  const weights = await loadWeights(specs.finalNorm, store);
  return norm(x, weights, shape.norm, context.hooks.within('ln_final'));
}

/** A vector for each token, [batch, tokens, d_model]. */
async function inputVectors(
  { ids, tokenTypes, samples }: StackInput,
  { input, positions }: StackShape,
  { input: specs }: StackSpecs,
  store: ParameterStore,
  context: ForwardContext,
): Promise<Tensor> {
  if (input.kind === 'sound' && specs.sound !== undefined && samples !== undefined) {
    return soundVectors(samples, await loadWeights(specs.sound, store), input, context);
  }
  if (input.kind === 'text' && specs.embeddings !== undefined && ids !== undefined) {
    const weights = await loadWeights(specs.embeddings, store);
    return embeddings(ids, tokenTypes, weights, input, positions, context);
  }
  throw new Error('the input of a stack is neither text nor sound');
}

/** Who may see whom, and what attention knows of positions. */
async function attentionOptions(
  x: Tensor,
  { padding }: StackInput,
  shape: StackShape,
  { relativePositions }: StackSpecs,
  store: ParameterStore,
): Promise<MultiHeadOptions> {
  const [batches, tokens] = [axis(x, 0), axis(x, 1)];
  const mask = maskOf(batches, tokens, tokens, padding);
  const options = { mask: shape.causal ? combineMasks(mask, causalMask(batches, tokens)) : mask };
  const { positions } = shape;
  if (positions.kind === 'rotary') {
    return { ...options, rotary: positions };
  }
  if (positions.kind !== 'relative' || relativePositions === undefined) {
    return options;
  }
  const { table } = await loadWeights({ table: relativePositions }, store);
  const bias = relativeBias(table, shape.attention.heads, tokens, positions, shape.causal);
  return { ...options, bias };
}

function encoderStatesOf({ encoder }: StackInput, queries: number): EncoderStates | undefined {
  if (encoder === undefined) {
    return undefined;
  }
  const { states, padding } = encoder;
  return { states, mask: maskOf(axis(states, 0), queries, axis(states, 1), padding) };
}

function maskOf(batches: number, queries: number, keys: number, padding?: Padding): Mask {
  return paddingMask(
    padding ?? Array.from({ length: batches }, () => new Array<number>(keys).fill(1)),
    queries,
  );
}
