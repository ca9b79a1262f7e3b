import { stat } from 'node:fs/promises';
import { lackOfExternalFiles } from '../../library/externalFiles';
import { FileSource } from '../../library/fileSource';
import { findModelFolder } from '../../library/findModelFolder';
import { givenPath } from '../../library/givenPath';
import { findGraphs } from '../../library/modelFolder';
import { findAttentionTaps } from '../../onnx/attentionSites';
import { externalLocations } from '../../onnx/externalData';
import { checkedNodes } from '../../onnx/functionCalls';
import type { GraphRole, OnnxModel, ValueInfo } from '../../onnx/model';
import { outlineFile } from '../../onnx/outline/outline';
import { readOnnx } from '../../onnx/readModel';
import { readShapeConstants } from '../../onnx/shapes/constants';
import { inferShapes, type InferredShapes } from '../../onnx/shapes/inferShapes';
import type { AttentionOutline, ModelOutline, ValueOutline } from '../../shared/engineApi';
import { Failure } from '../../shared/failure';
import type { CompatibilityOutline, QuantizationOutline } from '../../shared/modelOutline';
import { graphInputs } from '../generation/graphInputs';
import { notText } from '../generation/notText';
import { byteProducts, saturates } from '../runtime/byteProducts';
import { graphFiles, roleInFolder } from './graphRole';
import { outlinesTogether } from './outlinesTogether';

/**
 * Describes a model file, or the files that a model folder holds, without loading their weights. It
 * need not be a model that reads text. That these are there is not asked for, but that they lie beside it if they are.
 * @returns one outline, or of a folder whose files nothing says to be of one model one for each.
 * @throws Failure `model` or `unsupported`
 */
export async function inspect(given: string): Promise<ModelOutline[]> {
  const target = givenPath(given);
  const isFolder = await stat(target).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    return [await inspectFile(target, await roleInFolder(target))];
  }
  const folder = await findModelFolder(target);
  const graphs = await findGraphs(folder, saturates);
  const { first, repeated } = graphFiles(graphs);
  const once = await Promise.all(first.map(({ file, role }) => inspectFile(file, role)));
  const again = await Promise.all(repeated.map(({ file, role }) => inspectFile(file, role)));
  const all = [...once, ...again];
  const isOne = graphs.architecture !== undefined || graphs.areOneModel;
  return isOne && all.length > 1 ? [outlinesTogether(folder, once, all)] : all;
}

async function inspectFile(file: string, role?: GraphRole): Promise<ModelOutline> {
  const source = await FileSource.open(file);
  try {
    const onnx = await readOnnx(source, file);
    const lack = await lackOfExternalFiles(file, externalLocations(onnx, file));
    const shapes = inferShapes(onnx, await readShapeConstants(source, onnx));
    const outline = outlineFile(onnx, source.size, shapes);
    return {
      file,
      ...describeGraph(onnx, shapes),
      ...outline,
      quantization: await withProducts(outline.quantization),
      compatibility: { ...withLack(outline.compatibility, lack), ...refusal(onnx, file) },
      ...tappableAttention(onnx, shapes, file, readsText(onnx) ? role : undefined),
    };
  } finally {
    await source.close();
  }
}

/** Asks what becomes of 8-bit products here, where a model has such. */
async function withProducts(quantization: QuantizationOutline): Promise<QuantizationOutline> {
  const products = quantization.signedBytes === 0 ? undefined : await byteProducts();
  return { ...quantization, ...(products === undefined ? {} : { products }) };
}

/**
 * Whether a graph reads tokens or states. What a config.json says of the stacks of a model that reads
 * sound or images is not to be relied on.
 */
function readsText({ graph }: OnnxModel): boolean {
  return notText(graphInputs(graph)) === undefined;
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
  const weights = new Set(graph.initializers.map(({ name }) => name));
  return {
    producer: [producer.name, producer.version].filter(Boolean).join(' '),
    irVersion,
    opsets: Array.from(opsets, ([domain, version]) => ({ domain: domain || 'ai.onnx', version })),
    inputs: graph.inputs.filter(({ name }) => !weights.has(name)).map(describe),
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
        const attribute = branch && onnx.graph.nodes[branch.node]?.attributes.get(branch.branch);
        const graph = attribute?.kind === 'graph' ? attribute.value : onnx.graph;
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
