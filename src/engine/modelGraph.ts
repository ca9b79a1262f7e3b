import path from 'node:path';
import { checkExternalFiles, linkedExternalFiles } from '../library/externalFiles';
import { FileSource, RereadFile } from '../library/fileSource';
import type { Weights } from '../library/weights';
import { findAttentionTaps } from '../onnx/attention/findAttention';
import { externalLocations } from '../onnx/graph/externalData';
import { checkedNodes } from '../onnx/file/checkedNodes';
import type { OnnxModel } from '../onnx/graph/model';
import type { GraphRole } from '../onnx/attention/tap';
import { readOnnx } from '../onnx/file/readModel';
import type { LayerReductions } from '../onnx/instrument/mapStatisticsNames';
import { reductionsOf } from '../onnx/instrument/mapStatistics';
import { tappedModel } from '../onnx/instrument/tappedModel';
import { tokenRatings, type TokenRatings } from '../onnx/instrument/nextTokenStatistics';
import type { ExportedFile } from '../reference/exportedParameters';
import { bindWeights } from '../weights/bindWeights';
import { productInputs } from '../weights/productInputs';
import { TensorReader } from '../weights/tensorReader';
import { readsFixedLength } from './generation/graphInputs';
import type { GraphSize } from './runtime/loading';
import { openSession, type Session } from './runtime/session';

/** A session whose graph also returns what is computed of attention probabilities, by layer. */
export interface TappedGraph {
  session: Session;
  layers: LayerReductions[];
  /** What rates the tokens that a decoder reads; absent in an encoder. */
  ratings?: TokenRatings;
}

/** The parameters of a graph, and how its products compute. */
export type GraphParameters = ExportedFile & Pick<Required<ExportedFile>, 'products'>;

/**
 * One ONNX file of a model. Its graph is read when the model is opened; its weights are loaded when
 * a task first needs them, once for running it and once for tracing, because a tapped graph is one
 * that ONNX Runtime cannot fuse.
 */
export class ModelGraph {
  private plain: Promise<Session> | undefined;
  private withTaps: Promise<TappedGraph> | undefined;

  private constructor(
    private readonly weights: Weights,
    readonly onnx: OnnxModel,
    private readonly role: GraphRole,
    private readonly size: GraphSize,
  ) {}

  /**
   * Reads a graph, weights apart, and checks that the files with the weights are there.
   * @param role what the graph is in its model.
   * @throws Failure `model` or `unsupported`, naming the file.
   */
  static async open(weights: Weights, role: GraphRole): Promise<ModelGraph> {
    const source = await FileSource.open(weights.file);
    try {
      const onnx = await readOnnx(source, weights.relative);
      const operations = checkedNodes(onnx, weights.relative);
      const external = externalLocations(onnx, weights.relative);
      await checkExternalFiles(weights.file, external);
      const bytes = external.reduce((sum, each) => sum + each.bytes, source.size);
      return new ModelGraph(weights, onnx, role, { operations, bytes });
    } finally {
      await source.close();
    }
  }

  /** Absolute path of the file. */
  get path(): string {
    return this.weights.file;
  }

  /** The file, relative to the model folder. */
  get file(): string {
    return this.weights.relative;
  }

  /** The session for running. Opened on the first call; a failure is tried again on the next. */
  session(): Promise<Session> {
    const { file, relative } = this.weights;
    this.plain ??= openSession({ file }, relative, this.size).catch((error: unknown) => {
      this.plain = undefined;
      throw error;
    });
    return this.plain;
  }

  /**
   * A session of its own whose runs are profiled. The caller disposes of it, with which the profile is whole.
   * @param prefix how the path of the profile begins.
   */
  profiled(prefix: string): Promise<Session> {
    const { file, relative } = this.weights;
    return openSession({ file }, relative, this.size, prefix);
  }

  /**
   * The parameters of the file, and what reads their elements.
   * @throws Failure `model`
   */
  async parameters(): Promise<GraphParameters> {
    const { file, relative } = this.weights;
    const others = new Map<string, Promise<RereadFile>>();
    const open = (location: string): Promise<RereadFile> => {
      const source = others.get(location) ?? findBeside(file, location);
      others.set(location, source);
      return source;
    };
    const source = await RereadFile.find(file);
    const part = this.role === 'encoder' || this.role === 'decoder' ? this.role : undefined;
    return {
      weights: bindWeights(this.onnx),
      products: productInputs(this.onnx),
      reader: new TensorReader({ source, file: relative, open }),
      ...(part !== undefined && { part }),
    };
  }

  /**
   * The session for tracing, opened like the other one.
   * @throws Failure `unsupported` when the graph has no attention that can be tapped.
   */
  tapped(): Promise<TappedGraph> {
    this.withTaps ??= this.openTapped().catch((error: unknown) => {
      this.withTaps = undefined;
      throw error;
    });
    return this.withTaps;
  }

  /** Frees its sessions. They are opened anew when they are asked for again. */
  async dispose(): Promise<void> {
    const [plain, tapped] = [this.plain, this.withTaps];
    this.plain = undefined;
    this.withTaps = undefined;
    await (await plain)?.dispose();
    await (await tapped)?.session.dispose();
  }

  private async openTapped(): Promise<TappedGraph> {
    const { file, relative } = this.weights;
    const taps = findAttentionTaps(this.onnx, relative, this.role);
    const reduced = reductionsOf(this.onnx, relative, taps, readsFixedLength(this.onnx.graph));
    const isDecoder = this.role === 'decoder' || this.role === 'decoder-only';
    const rated = isDecoder ? tokenRatings(this.onnx) : undefined;
    const more = [reduced.inputs, ...(rated === undefined ? [] : [rated.parts])];
    const source = await FileSource.open(file);
    try {
      const bytes = await tappedModel(source, relative, this.onnx, reduced.taps, more);
      const linked = await linkedExternalFiles(file, externalLocations(this.onnx, relative));
      const tapped = { bytes, folder: path.dirname(file), linked };
      const session = await openSession(tapped, relative, this.size);
      return {
        session,
        layers: reduced.layers,
        ...(rated === undefined ? {} : { ratings: rated.names }),
      };
    } finally {
      await source.close();
    }
  }
}

/** Finds a file with weights, which must lie in the folder of the graph. */
async function findBeside(file: string, location: string): Promise<RereadFile> {
  await checkExternalFiles(file, [{ location, bytes: 0 }]);
  return RereadFile.find(path.join(path.dirname(file), location));
}
