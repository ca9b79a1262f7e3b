import path from 'node:path';
import { graphDiff, graphDiffers } from '../../../inspect/diff/graphDiff';
import { attributeTensors, matchGraphs } from '../../../inspect/diff/graphParts';
import { TensorPairs } from '../../../inspect/diff/tensorPairs';
import { givenPath } from '../../../library/givenPath';
import { externalLocations } from '../../../onnx/graph/externalData';
import { operatorCounts } from '../../../onnx/outline/operatorCounts';
import type { DiffedModel, DiffProgress, GraphDiff, ModelDiff } from '../../../shared/modelDiff';
import { statIfAny } from '../../../library/files';
import type { InspectedGraph } from '../inspectedGraph';
import { workOf } from '../tensors/openTensor';
import { behaviourDiff } from './behaviourDiff';
import {
  pairFiles,
  withComparedFiles,
  type ComparedFile,
  type ComparedFiles,
  type PairedFiles,
} from './comparedFiles';
import { equalAttributes } from './equalAttributes';
import { tensorsDiff } from './tensorsDiff';

/** What stops a comparison, and what hears how far it is. */
export interface DiffControl {
  signal: AbortSignal;
  report: (progress: DiffProgress) => void;
}

/**
 * Compares two models: their graphs, all their numbers, and if it is asked for what they make of a text. Of
 * large weights it has some megabytes in memory at a time; a model that is run is in memory as a whole, and
 * not together with the other.
 * @param a path of a model file or folder.
 * @param run the text that both are to read, one of ours if it is empty; absent where nothing is to be run.
 * @throws Failure `model` or `unsupported`, where a file cannot be read; the signal's reason.
 */
export async function diff(
  a: string,
  b: string,
  run: { text?: string } | undefined,
  { signal, report }: DiffControl,
): Promise<ModelDiff> {
  const found = await withComparedFiles(a, b, (one, other) =>
    filesDiff(one, other, { signal, report }),
  );
  if (run === undefined || found.a.nodes === 0 || found.b.nodes === 0) {
    return found;
  }
  const behaviour = await behaviourDiff(givenPath(a), givenPath(b), run.text, {
    signal,
    report: (share) => report({ step: 'text', share }),
  });
  return { ...found, behaviour };
}

async function filesDiff(
  a: ComparedFiles,
  b: ComparedFiles,
  { signal, report }: DiffControl,
): Promise<ModelDiff> {
  const files = pairFiles(a, b);
  const tensors = new TensorPairs(numbered(files, 'a'), numbered(files, 'b'));
  const graphs: GraphDiff[] = [];
  for (const [index, pair] of files.pairs.entries()) {
    signal.throwIfAborted();
    report({ step: 'graphs', share: index / files.pairs.length });
    const [one, other] = [pair.a.graph, pair.b.graph];
    if (one !== undefined && other !== undefined) {
      const matched = matchGraphs(
        { file: one.about.file, model: one.onnx },
        { file: other.about.file, model: other.onnx },
        tensors,
      );
      const areEqual = await equalAttributes(one, other, attributeTensors(matched), signal);
      graphs.push(graphDiff(matched, tensors, areEqual));
    }
  }
  const work = workOf({ signal, report: ({ share }) => report({ step: 'tensors', share }) });
  const numbers = await tensorsDiff(tensors, work);
  const onlyInA = files.onlyInA.map(({ listed }) => listed.file);
  const onlyInB = files.onlyInB.map(({ listed }) => listed.file);
  const lists = [onlyInA, onlyInB, numbers.different, numbers.onlyInA, numbers.onlyInB];
  return {
    a: await diffedModel(a),
    b: await diffedModel(b),
    differs: graphs.some(graphDiffers) || lists.some((list) => list.length > 0),
    graphs,
    onlyInA,
    onlyInB,
    tensors: numbers,
  };
}

/** The tensors of a model by the numbers of the pairs that its files are of. */
function numbered(
  { pairs, onlyInA, onlyInB }: PairedFiles,
  side: 'a' | 'b',
): ConstructorParameters<typeof TensorPairs>[0] {
  const alone = side === 'a' ? onlyInA : onlyInB;
  const places = side === 'a' ? -1 : -2;
  return [
    ...pairs.map((pair, file) => ({ file, tensors: pair[side].listed.tensors })),
    ...alone.map(({ listed }) => ({ file: places, tensors: listed.tensors })),
  ];
}

async function diffedModel({ path: given, files }: ComparedFiles): Promise<DiffedModel> {
  const dtypes = new Map<string, number>();
  for (const { about } of files.flatMap(({ listed }) => listed.tensors)) {
    if (about.constant === undefined && about.copyOf === undefined) {
      dtypes.set(about.dtype, (dtypes.get(about.dtype) ?? 0) + about.elements);
    }
  }
  const sizes = await Promise.all(
    [...new Set(files.flatMap(filesOf))].map(async (file) => (await statIfAny(file))?.size ?? 0),
  );
  return {
    path: given,
    files: files.map(({ listed }) => listed.file),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    nodes: files.reduce((sum, { graph }) => sum + (graph === undefined ? 0 : nodesOf(graph)), 0),
    dtypes: Array.from(dtypes, ([dtype, parameters]) => ({ dtype, parameters })).sort(
      (one, other) => other.parameters - one.parameters,
    ),
  };
}

/** Nodes of a graph, those of branches, bodies and functions included. */
function nodesOf({ onnx }: InspectedGraph): number {
  return operatorCounts(onnx).reduce((sum, { count }) => sum + count, 0);
}

/** A model file, and those beside it that hold its weights. */
function filesOf({ listed: { file }, graph }: ComparedFile): string[] {
  const beside = graph === undefined ? [] : externalLocations(graph.onnx, file);
  return [file, ...beside.map(({ location }) => path.join(path.dirname(file), location))];
}
