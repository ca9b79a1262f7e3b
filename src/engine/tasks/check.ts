import { stat } from 'node:fs/promises';
import path from 'node:path';
import { lacksOfExternalFiles } from '../../library/externalFiles';
import { architectureOf } from '../../library/architecture';
import { findModelFolder } from '../../library/findModelFolder';
import { givenPath } from '../../library/givenPath';
import { findGraphSets } from '../../library/weights';
import { externalLocations } from '../../onnx/graph/externalData';
import {
  scanFloats,
  scannedBytes,
  scannedTensors,
  type FloatScan,
} from '../../inspect/check/floatScan';
import type { CheckedFolder, CheckedGraph, CheckedModel } from '../../inspect/check/rule';
import { RULES } from '../../inspect/check/rules';
import { RuleAnswers } from '../../inspect/check/runRules';
import { Failure } from '../../shared/failure';
import type { CheckProgress, CheckReport } from '../../shared/modelCheck';
import { int8Products } from '../runtime/int8Products';
import { readCheckedFolder } from './checkedFolder';
import { roleByName, roleInFolder, type GraphFile } from './graphRole';
import { InspectedGraph } from './inspectedGraph';
import { equalWeights, repeatedMatrices } from './repeatedWeights';

/** What is to be looked at: files that run together, and the folder that they are in, if it was given. */
interface Subject {
  sets: GraphFile[][];
  folder?: CheckedFolder;
  /** What of the folder cannot be read. */
  unread: CheckedModel['unread'];
}

/** What stops a check, and what hears how far it is. */
interface CheckControl {
  signal: AbortSignal;
  report: (progress: CheckProgress) => void;
}

/**
 * Puts all rules to a model file, or to all model files of a folder, of whatever precision, and to what
 * lies beside them. Reads all weights, some megabytes in memory at a time, one set of files after the
 * other.
 * @throws Failure `model` or `unsupported` where no file can be read; the signal's reason.
 */
export async function check(given: string, { signal, report }: CheckControl): Promise<CheckReport> {
  const { sets, folder, unread } = await subjectOf(givenPath(given));
  const files = sets.flat().map(({ file }) => file);
  const answers = new RuleAnswers(RULES);
  const failures: Failure[] = [];
  let index = 0;
  for (const set of sets) {
    signal.throwIfAborted();
    const opened = await openAll(set);
    failures.push(...opened.failures);
    try {
      const graphs = await Promise.all(opened.graphs.map(checkedGraph));
      const scans = new Map<CheckedGraph, Promise<readonly FloatScan[]>>();
      const first = index;
      await answers.ask(
        {
          graphs,
          ...(folder === undefined ? {} : { folder }),
          unread: [...unread, ...opened.unread],
          repeated: async () => repeatedMatrices(opened.graphs, await equalWeights(opened.graphs)),
          byteProducts: int8Products,
        },
        {
          signal,
          floats: (graph) => {
            const known = scans.get(graph);
            const scan =
              known ??
              scanned(graph, signal, (read, bytes) =>
                report({
                  file: graph.file,
                  index: first + graphs.indexOf(graph),
                  files: files.length,
                  read,
                  bytes,
                }),
              );
            scans.set(graph, scan);
            return scan;
          },
        },
      );
    } finally {
      await Promise.all(opened.graphs.map((graph) => graph.close()));
    }
    index += set.length;
  }
  const [failure] = failures;
  if (failure !== undefined && failures.length === files.length) {
    throw failure;
  }
  return answers.report(files);
}

async function subjectOf(target: string): Promise<Subject> {
  const isFolder = await stat(target).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    const role = await roleInFolder(target);
    return { sets: [[{ file: target, ...(role === undefined ? {} : { role }) }]], unread: [] };
  }
  const { found, unread } = await readCheckedFolder(await findModelFolder(target));
  const architecture = found.config && architectureOf(found.config);
  const sets = await findGraphSets(found.folder, architecture === 'encoder-decoder');
  return {
    folder: found,
    unread,
    sets: sets.map((set) =>
      set.map(({ file }): GraphFile => {
        const role = architecture && roleByName({ architecture }, path.basename(file));
        return { file, ...(role === undefined ? {} : { role }) };
      }),
    ),
  };
}

/** Opens files of one model; what cannot be read is told apart. The caller closes the others. */
async function openAll(set: readonly GraphFile[]): Promise<{
  graphs: InspectedGraph[];
  failures: Failure[];
  unread: { file: string; failure: Failure['data'] }[];
}> {
  const opened = await Promise.allSettled(set.map((file) => InspectedGraph.open(file)));
  const graphs = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failures: Failure[] = [];
  const unread: { file: string; failure: Failure['data'] }[] = [];
  for (const [index, { file }] of set.entries()) {
    const one = opened[index];
    if (one?.status === 'rejected') {
      if (!(one.reason instanceof Failure)) {
        await Promise.all(graphs.map((graph) => graph.close()));
        throw one.reason;
      }
      failures.push(one.reason);
      unread.push({ file, failure: one.reason.data });
    }
  }
  return { graphs, failures, unread };
}

async function checkedGraph(graph: InspectedGraph): Promise<CheckedGraph> {
  const { about, onnx, weights } = graph;
  const { constants, shapes } = await graph.shapes();
  const lacks = await lacksOfExternalFiles(about.file, externalLocations(onnx, about.file));
  return {
    ...about,
    onnx,
    constants,
    shapes,
    stored: weights,
    lacks: lacks.map(({ data }) => data),
    reader: graph.reader(),
  };
}

/** Reports after so many bytes, and at the end: a message for each piece would be too many. */
const REPORTED_BYTES = 32 * 2 ** 20;

function scanned(
  { onnx, reader }: CheckedGraph,
  signal: AbortSignal,
  report: (read: number, bytes: number) => void,
): Promise<FloatScan[]> {
  const tensors = scannedTensors(onnx);
  const bytes = scannedBytes(tensors);
  let reported = 0;
  return scanFloats(tensors, reader, signal, (read) => {
    if (read - reported >= REPORTED_BYTES || read === bytes) {
      reported = read;
      report(read, bytes);
    }
  });
}
