import path from 'node:path';
import { lackOfExternalFiles } from '../../library/externalFiles';
import { FileSource } from '../../library/fileSource';
import { externalLocations } from '../../onnx/graph/externalData';
import { findAttentionLayers, type AttentionLayer } from '../../onnx/attention/findAttention';
import type { GraphRole } from '../../onnx/attention/tap';
import type { OnnxModel } from '../../onnx/graph/model';
import type { StoredWeights } from '../../onnx/outline/storedWeights';
import { Failure } from '../../shared/failure';
import { TensorReader } from '../../weights/tensorReader';
import { graphInputs } from '../generation/graphInputs';
import { nonTextInput } from '../generation/nonTextInput';
import { graphContent, type GraphContent } from './graphContents';
import type { GraphFile } from './graphRole';

/** A model file that is open for a description: its graph is read, and parts of its weights can be. */
export class InspectedGraph {
  private readonly others = new Map<string, Promise<FileSource>>();

  private constructor(
    readonly about: GraphFile,
    readonly source: FileSource,
    private readonly content: GraphContent,
    /** What is missing of its weights. */
    readonly lack: Failure | undefined,
  ) {}

  get onnx(): OnnxModel {
    return this.content.onnx;
  }

  get weights(): StoredWeights {
    return this.content.weights;
  }

  /** The types and shapes of its values, and the constants that they follow from. */
  shapes(): ReturnType<GraphContent['shapes']> {
    return this.content.shapes(this.source);
  }

  /**
   * Opens a file; the caller closes it.
   * @throws Failure `model` where it cannot be read, or where its weights lie outside its folder
   */
  static async open(about: GraphFile): Promise<InspectedGraph> {
    const { file } = about;
    const source = await FileSource.open(file);
    try {
      const content = await graphContent(source, file);
      const lack = await lackOfExternalFiles(file, externalLocations(content.onnx, file));
      return new InspectedGraph(about, source, content, lack);
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /** Reads its weights, those in files beside it included, which were checked when it was opened. */
  reader(): TensorReader {
    const { file } = this.about;
    return new TensorReader({
      source: this.source,
      file,
      open: (location) => {
        const source =
          this.others.get(location) ??
          FileSource.open(path.join(path.dirname(path.resolve(file)), location));
        this.others.set(location, source);
        return source;
      },
    });
  }

  async close(): Promise<void> {
    const others = await Promise.allSettled(this.others.values());
    const open = others.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    await Promise.all([this.source, ...open].map((source) => source.close()));
  }
}

/**
 * The role of a file whose graph reads tokens or states. What a config.json says of the stacks of a model
 * that reads sound or images is not to be relied on.
 */
export function roleOfText({ about, onnx }: InspectedGraph): GraphRole | undefined {
  return nonTextInput(graphInputs(onnx.graph)) === undefined ? about.role : undefined;
}

/** Attention layers of a file. None where attention is of a form that is not known, of which `inspect` says more. */
export function attentionLayers(graph: InspectedGraph): AttentionLayer[] {
  const role = roleOfText(graph);
  const known = LAYERS.get(graph.onnx) ?? new Map<GraphRole | undefined, AttentionLayer[]>();
  LAYERS.set(graph.onnx, known);
  const layers = known.get(role) ?? foundLayers(graph, role);
  known.set(role, layers);
  return layers;
}

/** Several tasks ask for the layers of one graph after another. */
const LAYERS = new WeakMap<OnnxModel, Map<GraphRole | undefined, AttentionLayer[]>>();

function foundLayers(
  { onnx, about }: InspectedGraph,
  role: GraphRole | undefined,
): AttentionLayer[] {
  try {
    return findAttentionLayers(onnx, about.file, role);
  } catch (error) {
    if (error instanceof Failure) {
      return [];
    }
    throw error;
  }
}

/**
 * Has several files open together while something is done with them.
 * @throws Failure as {@link InspectedGraph.open} does, the first of the files' in their order
 */
export async function withGraphs<T>(
  files: readonly GraphFile[],
  use: (graphs: readonly InspectedGraph[]) => Promise<T>,
): Promise<T> {
  const opened = await Promise.allSettled(files.map((file) => InspectedGraph.open(file)));
  const graphs = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    const failed = opened.find((one) => one.status === 'rejected');
    if (failed !== undefined) {
      throw failed.reason;
    }
    return await use(graphs);
  } finally {
    await Promise.all(graphs.map((graph) => graph.close()));
  }
}

/**
 * What is found in files that have nothing to do with each other; those that cannot be read are left out, for
 * `inspect` says what is wrong with them.
 */
export async function ofReadable<T>(
  files: readonly GraphFile[],
  find: (file: GraphFile) => Promise<T[]>,
): Promise<T[]> {
  const each = await Promise.allSettled(files.map(find));
  return each.flatMap((one) => {
    if (one.status === 'rejected' && !(one.reason instanceof Failure)) {
      throw one.reason;
    }
    return one.status === 'fulfilled' ? one.value : [];
  });
}
