import { stat } from 'node:fs/promises';
import { FileSource } from '../../library/fileSource';
import { readModelFolder } from '../../library/modelFolder';
import { findAttentionTaps } from '../../onnx/attentionSites';
import type { OnnxModel, ValueInfo } from '../../onnx/model';
import { readOnnx } from '../../onnx/readModel';
import type { ModelOutline, ValueOutline } from '../../shared/engineApi';
import { Failure } from '../../shared/failure';

/**
 * Describes a model file, or the file that a model folder holds, without loading its weights.
 * @throws Failure `model` or `unsupported`
 */
export async function inspect(path: string): Promise<ModelOutline> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? (await readModelFolder(path)).weights.file : path;
  const source = await FileSource.open(file);
  try {
    return outline(file, await readOnnx(source, file));
  } finally {
    await source.close();
  }
}

function outline(file: string, onnx: OnnxModel): ModelOutline {
  const { producer, irVersion, opsets, graph } = onnx;
  const weights = new Set(graph.initializers.map(({ name }) => name));
  return {
    file,
    producer: [producer.name, producer.version].filter(Boolean).join(' '),
    irVersion,
    opsets: Array.from(opsets, ([domain, version]) => ({ domain: domain || 'ai.onnx', version })),
    inputs: graph.inputs.filter(({ name }) => !weights.has(name)).map(describe),
    outputs: graph.outputs.map(describe),
    parameters: graph.initializers.reduce(
      (sum, { dims }) => sum + dims.reduce((product, size) => product * size, 1),
      0,
    ),
    operators: countOperators(onnx),
    attention: tappableAttention(onnx, file),
  };
}

function describe({ name, type }: ValueInfo): ValueOutline {
  const { dtype, shape } = type?.kind === 'tensor' ? type : {};
  return {
    name,
    ...(dtype === undefined ? {} : { dtype }),
    ...(shape === undefined ? {} : { shape }),
  };
}

function countOperators({ graph }: OnnxModel): ModelOutline['operators'] {
  const counts = new Map<string, number>();
  for (const { domain, opType } of graph.nodes) {
    const name = domain ? `${domain}.${opType}` : opType;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Array.from(counts, ([name, count]) => ({ name, count })).sort(
    (a, b) => b.count - a.count || a.name.localeCompare(b.name),
  );
}

/** A model without attention that can be tapped is still worth describing. */
function tappableAttention(onnx: OnnxModel, where: string): ModelOutline['attention'] {
  try {
    return findAttentionTaps(onnx, where).map(({ id, component, kind, layer }) => ({
      id,
      component,
      kind,
      layer,
    }));
  } catch (error) {
    if (error instanceof Failure) {
      return [];
    }
    throw error;
  }
}
