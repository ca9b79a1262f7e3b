import type { ParameterStore } from '../weights/parameterStore';
import { headMatrix } from './attention';
import { ConfigReader } from './config/configReader';
import type { ModelShape } from './config/modelShape';
import { familyOf } from './families/families';
import { Hooks } from './hooks';
import { wholeSequence, within, type ForwardContext } from './forwardContext';
import type { HookRecorder } from './hooks';
import type { Rounding } from './fakeQuantize';
import { checkInput } from './input';
import type { ReferenceInput } from './input';
import type { MatrixKernel } from './kernel/matrixKernel';
import { modelSpecs } from './modelSpecs';
import type { ModelSpecs } from './modelSpecs';
import { norm } from './norms';
import { unembedding } from './unembedding';
import { hookPoints, noSuchHookPoint, type HookPoints } from './hookPoints';
import { runStack } from './stack';
import type { StackInput, StackRun } from './stack';
import type { Tensor } from './tensor';
import { gatherPositions } from './gatherPositions';
import { loadWeights, specsIn, storedName } from './parameterSpec';

export type { ReferenceInput } from './input';

/** What is done beside computing. */
export interface RunOptions {
  /** Which hook points to keep; absent: none. */
  record?: (point: string) => boolean;
  /**
   * By hook point, what puts another value of the same shape in place of one where it is computed:
   * ablation, zeroing, activation patching. The value given must not be changed.
   */
  replace?: ReadonlyMap<string, (value: Tensor) => Tensor>;
  /**
   * By text of the batch the one position of the last stack that logits are computed of; they are
   * [batch, 1, vocabulary] then. Absent: all positions.
   */
  logitsAt?: readonly number[];
  /**
   * Has linear layers round their inputs where the graph that the weights are from does; absent: they
   * compute with their inputs as they are.
   */
  rounding?: Rounding;
  /** Looked at before each layer. */
  signal?: AbortSignal;
  /** Told before each layer and at the end, in layers; awaited, so that others may get a turn. */
  onProgress?: (done: number, total: number) => void | Promise<void>;
}

/** What came out of a run. */
export interface ReferenceRun {
  /** The values that were recorded, in the order in which they were computed. */
  points: Map<string, Tensor>;
  /** [batch, tokens, vocabulary], or of one token where {@link RunOptions.logitsAt} says which. */
  logits: Tensor;
}

/** A Transformer whose every step can be seen and changed. */
export interface ReferenceModel {
  readonly shape: ModelShape;
  /** All hook points with their symbolic shapes, in the order in which they are computed. */
  readonly hookPoints: HookPoints;
  /**
   * One forward pass.
   * @throws Failure of kind `input` if the input does not go with the model, a replaced point is none or a
   *   text has no position that logits are asked of; the signal's reason if it was aborted; whatever the
   *   store throws.
   */
  run(input: ReferenceInput, options?: RunOptions): Promise<ReferenceRun>;
  /**
   * What the last stack's norm, if it has one, and the output layer make of vectors
   * [batch, tokens, d_model] of any layer of it: logits [batch, tokens, vocabulary].
   */
  unembed(states: Tensor): Promise<Tensor>;
  /**
   * The columns of the output projection W^O that one head's values go through, [d_model, d_head].
   * @param site the name of the attention, e.g. `blocks.0.attn`.
   * @throws Failure of kind `input` if the model has no such attention.
   */
  outputOf(site: string, head: number): Promise<Tensor>;
}

/**
 * The reference Transformer of a model. Nothing is read before it runs.
 *
 * @param config parsed config.json
 * @throws Failure of kind `unsupported` that names the family or the setting that it does not know, or
 *   of kind `model` if config.json is damaged or a parameter is missing or of another shape.
 */
export function openReference(
  config: unknown,
  parameters: ParameterStore,
  kernel: MatrixKernel,
): ReferenceModel {
  const { shape, specs } = describe(config);
  for (const spec of specsIn(specs)) {
    storedName(spec, parameters);
  }
  return new Transformer(shape, specs, parameters, kernel);
}

/**
 * The parameters that the reference needs of a model: shapes by name, as `transformers` saves them. Of
 * names that files differ in, the first one. With it the names of an ONNX file can be matched.
 * @throws Failure as {@link openReference} does for config.json.
 */
export function referenceParameters(config: unknown): Map<string, readonly number[]> {
  return new Map(specsIn(describe(config).specs).map(({ names, dims }) => [names[0] ?? '', dims]));
}

function describe(config: unknown): { shape: ModelShape; specs: ModelSpecs } {
  const reader = new ConfigReader(config);
  const family = familyOf(reader);
  const shape = family.shape(reader);
  return { shape, specs: modelSpecs(shape, family.names(reader)) };
}

class Transformer implements ReferenceModel {
  readonly hookPoints: HookPoints;

  constructor(
    readonly shape: ModelShape,
    private readonly specs: ModelSpecs,
    private readonly store: ParameterStore,
    private readonly kernel: MatrixKernel,
  ) {
    this.hookPoints = hookPoints(shape);
  }

  /** Figure 1 of "Attention Is All You Need" (2017), from bottom to top. */
  async run(input: ReferenceInput, options: RunOptions = {}): Promise<ReferenceRun> {
    checkInput(input, this.shape);
    const { encoder, decoder } = this.shape;
    const recorder = this.recorder(options);
    const { rounding } = options;
    const context: ForwardContext = {
      kernel: this.kernel,
      hooks: new Hooks(recorder),
      ...(rounding && { rounding }),
    };
    const total = (encoder?.layers ?? 0) + (decoder?.layers ?? 0);
    const run = { context, store: this.store, beforeLayer: progress(total, options) };

    const states =
      encoder === undefined || decoder === undefined
        ? await this.runStack(encoder === undefined ? 'decoder' : 'encoder', firstInput(input), run)
        : await this.runBoth(input, run);
    const weights = await loadWeights(this.specs.unembedding, this.store);
    const read =
      options.logitsAt === undefined ? states : gatherPositions(states, options.logitsAt);
    const logits = unembedding(read, weights, this.shape.unembedding, context);
    await options.onProgress?.(total, total);
    return { points: recorder.points, logits };
  }

  async unembed(states: Tensor): Promise<Tensor> {
    const { decoder, encoder } = this.shape;
    const last = this.specs.decoder ?? this.specs.encoder;
    const shape = decoder ?? encoder;
    const x =
      last?.finalNorm === undefined || shape === undefined
        ? states
        : norm(states, await loadWeights(last.finalNorm, this.store), shape.norm, Hooks.none);
    const context = { kernel: this.kernel, hooks: Hooks.none };
    return unembedding(
      x,
      await loadWeights(this.specs.unembedding, this.store),
      this.shape.unembedding,
      context,
    );
  }

  async outputOf(site: string, head: number): Promise<Tensor> {
    const [, stack = this.shape.decoder === undefined ? 'encoder' : 'decoder', layer, kind] =
      /^(?:(encoder|decoder)\.)?blocks\.(\d+)\.((?:cross_)?attn)$/.exec(site) ?? [];
    const shape = this.shape[stack as 'encoder' | 'decoder'];
    const specs = this.specs[stack as 'encoder' | 'decoder']?.layers[Number(layer)];
    const attention = kind === 'attn' ? specs?.attention : specs?.crossAttention;
    if (attention === undefined || shape === undefined) {
      throw noSuchHookPoint(site);
    }
    const { weight } = await loadWeights({ weight: attention.sublayer.output.weight }, this.store);
    const { heads, headSize } = shape.attention;
    const dims = [1, shape.width, heads, headSize];
    return { dims: [shape.width, headSize], data: headMatrix({ dims, data: weight }, 0, head) };
  }

  private async runBoth(input: ReferenceInput, run: StackRun): Promise<Tensor> {
    const inEncoder = { ...run, context: within(wholeSequence(run.context), 'encoder') };
    const inDecoder = { ...run, context: within(run.context, 'decoder') };
    const states = await this.runStack('encoder', firstInput(input), inEncoder);
    const { decoderIds, decoderMask, mask } = input;
    return this.runStack(
      'decoder',
      {
        ...(decoderIds !== undefined && { ids: decoderIds }),
        ...(decoderMask !== undefined && { padding: decoderMask }),
        encoder: { states, ...(mask !== undefined && { padding: mask }) },
      },
      inDecoder,
    );
  }

  private async runStack(
    which: 'encoder' | 'decoder',
    input: StackInput,
    run: StackRun,
  ): Promise<Tensor> {
    const [shape, specs] = [this.shape[which], this.specs[which]];
    if (shape === undefined || specs === undefined) {
      throw new Error(`the model has no ${which}`);
    }
    return runStack(input, shape, specs, run);
  }

  private recorder({ record = () => false, replace = new Map() }: RunOptions): HookRecorder {
    for (const point of replace.keys()) {
      if (!this.hookPoints.has(point)) {
        throw noSuchHookPoint(point);
      }
    }
    return { record, replace, points: new Map() };
  }
}

/** What the only stack of a model, or the first one, reads. */
function firstInput({ ids, mask, tokenTypes, samples }: ReferenceInput): StackInput {
  return {
    ...(ids !== undefined && { ids }),
    ...(mask !== undefined && { padding: mask }),
    ...(tokenTypes !== undefined && { tokenTypes }),
    ...(samples !== undefined && { samples }),
  };
}

/** What is done before each layer. */
function progress(total: number, { signal, onProgress }: RunOptions): () => Promise<void> {
  let done = 0;
  return async () => {
    await onProgress?.(done++, total);
    signal?.throwIfAborted();
  };
}
