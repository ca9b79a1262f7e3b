import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { findAttentionTaps } from '../onnx/attentionSites';
import { externalLocations } from '../onnx/externalData';
import type { AttentionTap, OnnxModel } from '../onnx/model';
import { readOnnx } from '../onnx/readModel';
import { tapFragment } from '../onnx/tap';
import type { GenerationOptions, ModelSummary } from '../shared/engineApi';
import { checkExternalFiles } from '../library/externalFiles';
import { FileSource } from '../library/fileSource';
import { readModelFolder, type ModelFolder } from '../library/modelFolder';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer';
import { decoderInterface, type DecoderInterface } from './generation/decoderInterface';
import type { GenerationLimits } from './generation/generate';
import { openSession, type Session } from './runtime/session';

/** A session whose graph also returns attention probabilities, and what they are called. */
export interface TappedModel {
  session: Session;
  taps: AttentionTap[];
}

/**
 * A decoder-only model that is ready for work. The folder, the graph and the tokenizer are checked
 * when it is opened; the weights are loaded when a task first needs them, once for generating and
 * once for tracing, because a tapped graph is one that ONNX Runtime cannot fuse.
 */
export class OpenModel {
  private plain: Promise<Session> | undefined;
  private withTaps: Promise<TappedModel> | undefined;

  private constructor(
    readonly folder: ModelFolder,
    private readonly onnx: OnnxModel,
    readonly tokenizer: Tokenizer,
    readonly decoder: DecoderInterface,
  ) {}

  /**
   * Reads a model folder, weights apart.
   * @throws Failure `model` or `unsupported`, naming the file.
   */
  static async open(path: string): Promise<OpenModel> {
    const folder = await readModelFolder(path);
    const tokenizer = createTokenizer(folder.tokenizer.json, folder.tokenizer.config);
    const source = await FileSource.open(folder.weights.file);
    try {
      const onnx = await readOnnx(source, folder.weights.relative);
      await checkExternalFiles(folder.weights.file, externalLocations(onnx));
      return new OpenModel(
        folder,
        onnx,
        tokenizer,
        decoderInterface(onnx.graph, folder.weights.relative),
      );
    } finally {
      await source.close();
    }
  }

  get summary(): ModelSummary {
    const { name, folder, config, weights } = this.folder;
    return {
      name,
      folder,
      family: config.family,
      layers: config.layers,
      heads: config.heads,
      vocabulary: config.vocabulary,
      context: config.context,
      file: weights.relative,
      keyValueCache: this.decoder.cache !== undefined,
    };
  }

  get limits(): GenerationLimits {
    const { config, generation } = this.folder;
    return { endIds: new Set(generation.endTokens), context: config.context };
  }

  /** What generation_config.json says of choosing tokens. */
  get recommended(): Omit<GenerationOptions, 'maxNewTokens'> {
    const { sample, temperature, topK, topP, repetitionPenalty } = this.folder.generation;
    return {
      temperature: sample ? (temperature ?? 1) : 0,
      ...(topK === undefined ? {} : { topK }),
      ...(topP === undefined ? {} : { topP }),
      ...(repetitionPenalty === undefined ? {} : { repetitionPenalty }),
    };
  }

  /** The session for generating. Opened on the first call; a failure is tried again on the next. */
  session(): Promise<Session> {
    const { file, relative } = this.folder.weights;
    this.plain ??= openSession({ file }, relative).catch((error: unknown) => {
      this.plain = undefined;
      throw error;
    });
    return this.plain;
  }

  /**
   * The session for tracing, opened like the other one.
   * @throws Failure `unsupported` when the graph has no attention that can be tapped.
   */
  tapped(): Promise<TappedModel> {
    this.withTaps ??= this.openTapped().catch((error: unknown) => {
      this.withTaps = undefined;
      throw error;
    });
    return this.withTaps;
  }

  private async openTapped(): Promise<TappedModel> {
    const { file, relative } = this.folder.weights;
    const taps = findAttentionTaps(this.onnx, relative);
    const fragment = tapFragment(
      this.onnx,
      taps.map(({ value }) => value),
    );
    const bytes = Buffer.concat([await readFile(file), fragment]);
    return { session: await openSession({ bytes, folder: path.dirname(file) }, relative), taps };
  }
}
