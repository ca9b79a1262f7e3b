import { stat } from 'node:fs/promises';
import path from 'node:path';
import { FileSource } from '../../library/fileSource';
import { readModelFolder, type ModelFolder } from '../../library/modelFolder';
import { findAttentionTaps } from '../../onnx/attentionSites';
import type { GraphRole, OnnxModel, ValueInfo } from '../../onnx/model';
import { readOnnx } from '../../onnx/readModel';
import type { ModelOutline, ValueOutline } from '../../shared/engineApi';
import { Failure } from '../../shared/failure';

/**
 * Describes a model file, or the files that a model folder holds, without loading their weights.
 * @throws Failure `model` or `unsupported`
 */
export async function inspect(target: string): Promise<ModelOutline> {
  const isFolder = await stat(target).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    return inspectFile(target);
  }
  const { first, repeated } = graphFiles(await readModelFolder(target));
  const once = await Promise.all(first.map(({ file, role }) => inspectFile(file, role)));
  const again = await Promise.all(repeated.map(({ file, role }) => inspectFile(file, role)));
  const [only] = once;
  return only !== undefined && once.length + again.length === 1
    ? only
    : together(path.resolve(target), once, [...once, ...again]);
}

/** A graph's file, and what it does in the model. */
interface GraphFile {
  file: string;
  role: GraphRole;
}

/** The graphs of a folder, and apart from them one that has the layers of another. */
function graphFiles(folder: ModelFolder): { first: GraphFile[]; repeated: GraphFile[] } {
  if (folder.architecture !== 'encoder-decoder') {
    const role = folder.architecture === 'decoder' ? 'decoder-only' : 'encoder-only';
    return { first: [{ file: folder.weights.file, role }], repeated: [] };
  }
  const { encoder, decoder, decoderWithPast } = folder.weights;
  return {
    first: [
      { file: encoder.file, role: 'encoder' },
      { file: decoder.file, role: 'decoder' },
    ],
    repeated:
      decoderWithPast === undefined ? [] : [{ file: decoderWithPast.file, role: 'decoder' }],
  };
}

async function inspectFile(file: string, role?: GraphRole): Promise<ModelOutline> {
  const source = await FileSource.open(file);
  try {
    return outline(file, await readOnnx(source, file), role);
  } finally {
    await source.close();
  }
}

function outline(file: string, onnx: OnnxModel, role?: GraphRole): ModelOutline {
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
    attention: tappableAttention(onnx, file, role),
  };
}

/**
 * Several files as one model.
 * @param once those whose layers are counted, in the order in which they run.
 */
function together(
  folder: string,
  once: readonly ModelOutline[],
  parts: ModelOutline[],
): ModelOutline {
  const opsets = new Map<string, number>();
  const operators = new Map<string, number>();
  for (const { domain, version } of parts.flatMap((part) => part.opsets)) {
    opsets.set(domain, Math.max(version, opsets.get(domain) ?? 0));
  }
  for (const { name, count } of once.flatMap((part) => part.operators)) {
    operators.set(name, count + (operators.get(name) ?? 0));
  }
  return {
    file: folder,
    producer: [...new Set(parts.map(({ producer }) => producer))].join(', '),
    irVersion: Math.max(...parts.map(({ irVersion }) => irVersion)),
    opsets: Array.from(opsets, ([domain, version]) => ({ domain, version })),
    inputs: once[0]?.inputs ?? [],
    outputs: once.at(-1)?.outputs ?? [],
    parameters: once.reduce((sum, { parameters }) => sum + parameters, 0),
    operators: byFrequency(operators),
    attention: once.flatMap(({ attention }) => attention),
    parts,
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
  return byFrequency(counts);
}

function byFrequency(counts: ReadonlyMap<string, number>): ModelOutline['operators'] {
  return Array.from(counts, ([name, count]) => ({ name, count })).sort(
    (a, b) => b.count - a.count || a.name.localeCompare(b.name),
  );
}

/** A model without attention that can be tapped is still worth describing. */
function tappableAttention(
  onnx: OnnxModel,
  where: string,
  role: GraphRole | undefined,
): ModelOutline['attention'] {
  try {
    return findAttentionTaps(onnx, where, role).map(({ id, component, kind, layer }) => ({
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
