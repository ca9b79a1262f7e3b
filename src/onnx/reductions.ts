import { Failure, phrase } from '../shared/failure';
import { GraphAddition } from './graphAddition';
import type { AttentionTap, OnnxModel } from './model';
import type { NewGraphParts, NewInput } from './protoWriter';
import {
  groupInputs,
  layerGroup,
  layerReductions,
  type GroupInputs,
  type LayerGroup,
  type LayerReductions,
} from './reductionNames';
import { castToFloat } from './reductionNodes';
import { chunkScan } from './reductionScan';
import { softmaxScores } from './softmaxScores';

/*
 * What is computed of attention probabilities inside the graph, so that whole maps need not leave
 * it. The nodes stand beside the probabilities P [1, heads, queries, keys]; what they compute is
 * decided in each run by what is fed to inputs of their own, since ONNX Runtime runs all nodes of a
 * session, whether their results are fetched or not.
 *
 * Layers whose maps are of one size share inputs: see `LayerGroup`.
 */

/** A model's taps, replaced by what is computed of them. */
export interface Reductions {
  layers: LayerReductions[];
  /** To be tapped instead: `value` is one of the outputs of `layers`. */
  taps: AttentionTap[];
  /** What the graph gets besides. */
  inputs: NewGraphParts;
}

/** The version of ONNX's own operators that brought `Slice` with inputs. */
const OLDEST_OPSET = 10;

/** What a file without ONNX's own operators gets when they are added. */
const ADDED_OPSET = 17;

/**
 * Makes nodes that compute statistics, tiles and chosen rows of attention probabilities beside
 * them. They are part of the taps that come back, so that `tappedModel` puts them into the graph,
 * or the branch of an `If`, that the probabilities are in; these are no outputs themselves.
 * ONNX Runtime would keep every output to the end of a run, fetched or not.
 *
 * @param file what to call the model in error messages.
 * @throws Failure of kind `unsupported` if the operators of the model are too old for that.
 */
export function reductionsOf(
  model: OnnxModel,
  file: string,
  taps: readonly AttentionTap[],
): Reductions {
  const opset = model.opsets.get('') ?? ADDED_OPSET;
  if (opset < OLDEST_OPSET) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The model is written in version {0} of ONNX’s operators', opset),
      where: file,
      todo: phrase('export the model again with opset {0} or later', OLDEST_OPSET),
    });
  }
  const layers = taps.map((tap) => ({ tap, names: layerReductions(tap) }));
  const groups = new Set(taps.map(layerGroup));
  return {
    layers: layers.map(({ names }) => names),
    taps: layers.flatMap(({ tap, names }) => reducedTaps(model, tap, names, opset)),
    inputs: {
      inputs: [
        ...[...groups].flatMap(sharedInputs),
        ...layers
          .flatMap(({ names }) => [names.from, names.to])
          .map((name): NewInput => ({ name, dtype: 'int64', shape: [2] })),
      ],
    },
  };
}

function sharedInputs(group: LayerGroup): NewInput[] {
  const names = groupInputs(group);
  const size = (what: string): string => `headlight.${group}.${what}.count`;
  return [
    { name: names.rows, dtype: 'int64', shape: [size('chunk'), size('row'), 1] },
    { name: names.counts, dtype: 'float32', shape: [size('chunk'), 1, size('row')] },
    { name: names.cells, dtype: 'int64', shape: [4] },
    { name: names.columns, dtype: 'int64', shape: [size('column'), size('span')] },
    { name: names.marks, dtype: 'int64', shape: [size('mark')] },
    { name: names.weights, dtype: 'float32', shape: [2, size('mark')] },
  ];
}

/** The taps of one layer. The first one brings the nodes for all of them. */
function reducedTaps(
  model: OnnxModel,
  tap: AttentionTap,
  names: LayerReductions,
  opset: number,
): AttentionTap[] {
  const { value, branch, added, ...site } = tap;
  const probabilities = branch?.value ?? value;
  const to = new GraphAddition(`headlight.${tap.id}.node`);
  const found = {
    maps: chosenPart(to, probabilities, names),
    marked: markedCells(to, probabilities, groupInputs(names.group)),
    ...chunkScan(to, {
      name: `headlight.${tap.id}.chunk`,
      probabilities,
      scores: softmaxScores(model, tap),
      inputs: groupInputs(names.group),
      opset,
    }),
  };
  const { nodes = [], initializers = [], values = [] } = added ?? {};
  const { nodes: own = [], initializers: constants = [] } = to.parts;
  const parts = {
    nodes: [...nodes, ...own],
    initializers: [...initializers, ...constants],
    values,
  };
  return (['maps', 'tiles', 'sums', 'received', 'marked'] as const).map((what, index) => {
    const bring: NewGraphParts = index === 0 ? parts : {};
    if (branch !== undefined) {
      const place = { ...branch, value: found[what] };
      return { ...site, dtype: 'float32', value: names[what], added: bring, branch: place };
    }
    const rename = { opType: 'Identity', inputs: [found[what]], outputs: [names[what]] };
    const renamed = { ...bring, nodes: [...(bring.nodes ?? []), rename] };
    return { ...site, dtype: 'float32', value: names[what], added: renamed };
  });
}

/** P[from … to], a stretch of heads and queries. */
function chosenPart(to: GraphAddition, probabilities: string, names: LayerReductions): string {
  const axes = to.integers([1, 2]);
  return castToFloat(to, to.add('Slice', [probabilities, names.from, names.to, axes]));
}

/** weights · P[marks], where P is a list of cells for each head. */
function markedCells(to: GraphAddition, probabilities: string, inputs: GroupInputs): string {
  const cells = to.add('Reshape', [probabilities, to.integers([0, 0, -1, 1])]);
  const marks = to.add('Gather', [cells, inputs.marks], { axis: { kind: 'int', value: 2 } });
  return to.add('MatMul', [inputs.weights, castToFloat(to, marks)]);
}
