import path from 'node:path';
import { graphCosts } from '../../inspect/cost/graphCost';
import { findModelFolder } from '../../library/findModelFolder';
import { modelContext } from '../../library/modelContext';
import { Failure } from '../../shared/failure';
import type { Costs, GraphCost, ModelCost } from '../../shared/modelCost';
import type { GraphFile } from './graphRole';
import { withGraphs, type InspectedGraph } from './inspectedGraph';
import { modelFiles } from './modelFiles';
import { duplicatesIn, equalWeights, repeatedMatrices } from './repeatedWeights';

/**
 * Counts what the models at a path take to run, without loading their weights: of these a few elements are
 * read, which tell what is stored twice.
 * @returns one cost, or of a folder whose files nothing says to be of one model one for each that can be
 *   read.
 * @throws Failure `model` or `unsupported`, where one file cannot be read that is all or is needed
 */
export async function cost(given: string): Promise<Costs> {
  const { path: target, first, repeated, areSeparate, unread } = await modelFiles(given);
  if (!areSeparate) {
    return { models: [await costOfModel(target, first, repeated)], unread };
  }
  const found: Costs = { models: [], unread: [] };
  for (const one of first) {
    try {
      found.models.push(await costOfModel(one.file, [one], []));
    } catch (error) {
      if (!(error instanceof Failure)) {
        throw error;
      }
      found.unread.push({ file: one.file, failure: error.data });
    }
  }
  return found;
}

async function costOfModel(
  target: string,
  first: readonly GraphFile[],
  repeated: readonly GraphFile[],
): Promise<ModelCost> {
  const [any] = first;
  const folder = any === undefined ? target : await findModelFolder(path.resolve(any.file));
  const context = await modelContext(folder);
  return withGraphs([...first, ...repeated], async (opened) => {
    const costs = await Promise.all(opened.map(costsOfGraph));
    return {
      path: target,
      graphs: costs.flat(),
      weightBytes: sumOf(
        opened.flatMap(({ weights }) => weights.weights.map(({ bytes }) => bytes)),
      ),
      weights: await parametersOf(opened.slice(0, first.length)),
      ...(context === undefined ? {} : { context }),
    };
  });
}

async function costsOfGraph(graph: InspectedGraph): Promise<GraphCost[]> {
  const { shapes } = await graph.shapes();
  return graphCosts(graph.onnx, shapes, graph.about);
}

/** Parameters of files with different layers, as `inspect` counts them: what several store counts once. */
async function parametersOf(graphs: readonly InspectedGraph[]): Promise<number> {
  const equal = await equalWeights(graphs);
  const stored = graphs.flatMap((graph) => {
    const copies = duplicatesIn(graph, equal);
    const { weights, constants } = graph.weights;
    return weights.filter((weight) => !constants.has(weight) && !copies.has(weight));
  });
  const again = repeatedMatrices(graphs, equal).map(
    ({ parameters, places }) => (new Set(places.map(({ file }) => file)).size - 1) * parameters,
  );
  return sumOf(stored.map(({ parameters }) => parameters)) - sumOf(again);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
