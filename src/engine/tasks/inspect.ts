import { findAttentionTaps } from '../../onnx/attention/findAttention';
import { graphOf, type GraphRole } from '../../onnx/attention/tap';
import { checkedNodes } from '../../onnx/file/checkedNodes';
import type { OnnxModel, ValueInfo } from '../../onnx/graph/model';
import { outlineFile } from '../../onnx/outline/outline';
import type { InferredShapes } from '../../onnx/shapes/inferShapes';
import type {
  AttentionOutline,
  Inspection,
  ModelOutline,
  ValueOutline,
  CompatibilityOutline,
  QuantizationOutline,
} from '../../shared/modelOutline';
import { Failure } from '../../shared/failure';
import { graphInputs } from '../generation/graphInputs';
import { int8Products } from '../runtime/int8Products';
import type { GraphFile } from './graphRole';
import { roleOfText, withGraphs, type InspectedGraph } from './inspectedGraph';
import { mergeOutlines } from './mergeOutlines';
import { modelFiles } from './modelFiles';
import { duplicatesIn, equalWeights, repeatedMatrices, type EqualWeights } from './repeatedWeights';

/**
 * Describes a model file, or the files that a model folder holds, without loading their weights: of these
 * it reads a few elements, which tell what is stored twice. It need not be a model that reads text. That its
 * weights are there is not asked for, but that they lie beside it if they are.
 * @returns one outline, or of a folder whose files nothing says to be of one model one for each that
 *   can be read.
 * @throws Failure `model` or `unsupported`, where one file cannot be read that is all or is needed
 */
export async function inspect(given: string): Promise<Inspection> {
  const { path: target, first, repeated, areSeparate, unread } = await modelFiles(given);
  if (areSeparate) {
    return inspectEach(first);
  }
  return {
    unread,
    outlines: await withGraphs([...first, ...repeated], async (opened) => {
      const equal = await equalWeights(opened);
      const parts = await Promise.all(opened.map((graph) => outlineGraph(graph, equal)));
      const [only, ...others] = parts;
      return only !== undefined && others.length === 0
        ? [only]
        : [
            mergeOutlines(
              target,
              parts.slice(0, first.length),
              parts,
              repeatedMatrices(opened, equal),
            ),
          ];
    }),
  };
}

/** Files that have nothing to do with each other: what is wrong with one is no fault of another. */
async function inspectEach(files: readonly GraphFile[]): Promise<Inspection> {
  const found: Inspection = { outlines: [], unread: [] };
  const read = await Promise.allSettled(files.map(inspectFile));
  for (const [index, { file }] of files.entries()) {
    const one = read[index];
    if (one?.status === 'fulfilled') {
      found.outlines.push(one.value);
    } else if (one?.reason instanceof Failure) {
      found.unread.push({ file, failure: one.reason.data });
    } else {
      throw one?.reason;
    }
  }
  return found;
}

function inspectFile(file: GraphFile): Promise<ModelOutline> {
  return withGraphs([file], async ([graph]) => {
    if (graph === undefined) {
      throw new Error('the file was not opened');
    }
    return outlineGraph(graph, await equalWeights([graph]));
  });
}

/** @param equal what is stored more than once in the files of the model. */
async function outlineGraph(
  graph: InspectedGraph,
  equal: readonly EqualWeights[],
): Promise<ModelOutline> {
  const { about, source, onnx, lack } = graph;
  const { file } = about;
  const { shapes } = await graph.shapes();
  const weights = { ...graph.weights, copies: duplicatesIn(graph, equal) };
  const outline = outlineFile(onnx, source.size, shapes, weights);
  return {
    file,
    ...describeGraph(onnx, shapes),
    ...outline,
    repeated: repeatedMatrices([graph], equal),
    quantization: await withProducts(outline.quantization),
    compatibility: { ...withLack(outline.compatibility, lack), ...refusal(onnx, file) },
    ...tappableAttention(onnx, shapes, file, roleOfText(graph)),
  };
}

/** Asks what becomes of 8-bit products here, where a model has such. */
async function withProducts(quantization: QuantizationOutline): Promise<QuantizationOutline> {
  const products = quantization.signedBytes === 0 ? undefined : await int8Products();
  return { ...quantization, ...(products === undefined ? {} : { products }) };
}

/** A model whose weights are not there is worth describing, but cannot run. */
function withLack(
  { runtime, problems }: CompatibilityOutline,
  lack: Failure | undefined,
): CompatibilityOutline {
  return {
    runtime,
    problems: lack === undefined ? problems : [{ kind: 'weights', lack: lack.data }, ...problems],
  };
}

/** A model that is too large to be run is worth describing, too. */
function refusal(onnx: OnnxModel, file: string): Pick<CompatibilityOutline, 'refused'> {
  const failure = failureOf(() => checkedNodes(onnx, file));
  return failure === undefined ? {} : { refused: failure.data };
}

function failureOf(check: () => unknown): Failure | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof Failure) {
      return error;
    }
    throw error;
  }
}

function describeGraph(
  { producer, irVersion, opsets, graph }: OnnxModel,
  shapes: InferredShapes,
): Pick<ModelOutline, 'producer' | 'irVersion' | 'opsets' | 'inputs' | 'outputs'> {
  return {
    producer: [producer.name, producer.version].filter(Boolean).join(' '),
    irVersion,
    opsets: Array.from(opsets, ([domain, version]) => ({ domain: domain || 'ai.onnx', version })),
    inputs: Array.from(graphInputs(graph).values(), describe),
    outputs: graph.outputs.map((output) => {
      const { shape, ...rest } = describe(output);
      const inferred = shapes.typeOf(graph, output.name);
      return {
        ...(inferred?.dtype === undefined ? {} : { dtype: inferred.dtype }),
        ...rest,
        ...withShape(
          shape?.map((size, axis) => size ?? inferred?.shape?.[axis] ?? null) ?? inferred?.shape,
        ),
      };
    }),
  };
}

function describe({ name, type }: ValueInfo): ValueOutline {
  const { dtype, shape } = type?.kind === 'tensor' ? type : {};
  return { name, ...(dtype === undefined ? {} : { dtype }), ...withShape(shape) };
}

function withShape(shape: ValueOutline['shape']): Pick<ValueOutline, 'shape'> {
  return shape === undefined ? {} : { shape };
}

/** A model without attention that can be tapped is still worth describing. */
function tappableAttention(
  onnx: OnnxModel,
  shapes: InferredShapes,
  where: string,
  role: GraphRole | undefined,
): Pick<ModelOutline, 'attention' | 'withoutAttention'> {
  try {
    const attention = findAttentionTaps(onnx, where, role).map(
      ({ id, component, kind, layer, value, branch }): AttentionOutline => {
        const graph = graphOf(onnx.graph, branch);
        const shape = shapes.typeOf(graph, branch?.value ?? value)?.shape;
        return { id, component, kind, layer, ...withShape(shape) };
      },
    );
    return { attention };
  } catch (error) {
    if (error instanceof Failure) {
      return { attention: [], withoutAttention: error.data };
    }
    throw error;
  }
}
