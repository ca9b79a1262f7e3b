import { Failure, phrase } from '../../shared/failure';
import { graphOf, type AttentionTap } from '../attention/tap';
import {
  GraphBuilder,
  type NewGraphParts,
  type NewInput,
  type NewNode,
} from '../graph/graphBuilder';
import type { Graph, OnnxModel } from '../graph/model';
import {
  groupInputs,
  layerGroup,
  layerReductions,
  type GroupInputs,
  type LayerGroup,
  type LayerReductions,
} from './mapStatisticsNames';
import { chunkScan } from './mapStatisticsScan';
import { roundedTiles } from './mapStatisticsTiles';

/*
 * What is computed of attention probabilities inside the graph, so that whole maps need not leave
 * it. The nodes stand beside the probabilities P [1, heads, queries, keys]; what they compute is
 * decided in each run by what is fed to inputs of their own, since ONNX Runtime runs all nodes of a
 * session, whether their results are fetched or not.
 *
 * Layers whose maps are of one size share inputs: see `LayerGroup`.
 *
 * Which node runs when decides how many layers' maps are in memory at once. ONNX Runtime walks back
 * from the nodes whose results no other node takes, the last one in the file first, and runs what
 * each of them needs (1.30, `GraphViewer` and `Graph::ReverseDFSFrom`). So the nodes of the first
 * layer stand last: each layer's maps are reduced and freed before the next layer's are computed.
 */

/** A model's taps, replaced by what is computed of them. */
export interface Reductions {
  layers: LayerReductions[];
  /** To be tapped instead: `value` is one of the outputs of `layers`. */
  taps: AttentionTap[];
  /** What the graph gets besides. */
  inputs: NewGraphParts;
}

/** The version of ONNX's own operators that brought `Pad` with inputs. */
const OLDEST_OPSET = 11;

/** What a file without ONNX's own operators gets when they are added. */
const ADDED_OPSET = 17;

/**
 * Makes nodes that compute statistics, tiles and chosen rows of attention probabilities beside
 * them. They are part of the taps that come back, so that `tappedModel` puts them into the graph,
 * or the branch of an `If`, that the probabilities are in; these are no outputs themselves.
 * ONNX Runtime would keep every output to the end of a run, fetched or not.
 *
 * @param file what to call the model in error messages.
 * @param isPadded whether the graph reads a fixed number of tokens, so that padding may stand behind
 *   a text: its queries and keys are then cut off before anything is computed of the maps.
 * @throws Failure of kind `unsupported` if the operators of the model are too old for that.
 */
export function reductionsOf(
  model: OnnxModel,
  file: string,
  taps: readonly AttentionTap[],
  isPadded = false,
): Reductions {
  const opset = model.opsets.get('') ?? ADDED_OPSET;
  if (opset < OLDEST_OPSET) {
    throw new Failure({
      kind: 'unsupported',
      what: phrase('The model is written in version {0} of ONNX’s operators', opset),
      where: file,
      remedy: phrase('export the model again with opset {0} or later', OLDEST_OPSET),
    });
  }
  const layers = taps.map((tap) => ({ tap, names: layerReductions(tap, isPadded) }));
  const anchored = new Set<Graph>();
  const groups = new Set(taps.map(layerGroup));
  return {
    layers: layers.map(({ names }) => names),
    taps: lastFirst(layers).flatMap(({ tap, names }) => {
      const graph = graphOf(model.graph, tap.branch);
      const first = anchored.has(graph) ? [] : anchors(graph, tap.id);
      anchored.add(graph);
      return reducedTaps(tap, names, opset, first);
    }),
    inputs: {
      inputs: [
        ...[...groups].flatMap(sharedInputs),
        ...layers
          .flatMap(({ names: { from, to, own } }) => [
            from,
            to,
            ...(own === undefined ? [] : [own]),
          ])
          .map((name): NewInput => ({ name, dtype: 'int64', shape: [2] })),
      ],
    },
  };
}

/** From the layer that is computed last to the first one. */
function lastFirst<T extends { tap: AttentionTap }>(layers: readonly T[]): T[] {
  const stack = ({ tap }: T): number => (tap.component === 'encoder' ? 0 : 1);
  // Of the decoder's layers with one number, that of its own tokens comes first, as in `layers`.
  return layers.toReversed().sort((a, b) => stack(b) - stack(a) || b.tap.layer - a.tap.layer);
}

function sharedInputs(group: LayerGroup): NewInput[] {
  const names = groupInputs(group);
  const size = (what: string): string => `headlight.${group}.${what}.count`;
  return [
    { name: names.windows, dtype: 'int64', shape: [size('chunk'), 8] },
    { name: names.tilePads, dtype: 'int64', shape: [size('chunk'), 8] },
    { name: names.queryNumbers, dtype: 'float32', shape: [size('chunk'), size('query'), 1] },
    { name: names.keyNumbers, dtype: 'float32', shape: [size('key')] },
    { name: names.keyTiles, dtype: 'int64', shape: [4] },
    { name: names.queryTiles, dtype: 'int64', shape: [5] },
    { name: names.marks, dtype: 'int64', shape: [size('mark')] },
    { name: names.weights, dtype: 'float32', shape: [2, size('mark')] },
  ];
}

/**
 * Nodes that take the model's own results, to stand before the reductions. Optimizers replace nodes
 * by new ones at the end; were these the last to compute a result, ONNX Runtime would start from
 * them, and run the whole model before any reduction.
 */
function anchors({ outputs }: Graph, name: string): NewNode[] {
  return outputs
    .filter(({ type }) => type === undefined || type.kind === 'tensor')
    .map(({ name: output }, index) => ({
      opType: 'Shape',
      inputs: [output],
      outputs: [`headlight.${name}.anchor.${index}`],
    }));
}

/**
 * The taps of one layer. The first one brings the nodes for all of them.
 * @param first nodes to stand before those.
 */
function reducedTaps(
  tap: AttentionTap,
  names: LayerReductions,
  opset: number,
  first: readonly NewNode[],
): AttentionTap[] {
  const { value, branch, added, ...site } = tap;
  const to = new GraphBuilder(`headlight.${tap.id}.node`);
  const map = branch?.value ?? value;
  const whole = added === undefined ? map : withoutShape(to, map, names);
  const probabilities = names.own === undefined ? whole : withoutPadding(to, whole, names.own);
  const { tiles, ...sums } = chunkScan(to, {
    name: `headlight.${tap.id}.chunk`,
    probabilities,
    inputs: groupInputs(names.group),
    opset,
  });
  const found = {
    maps: chosenPart(to, probabilities, names),
    marked: markedCells(to, probabilities, groupInputs(names.group)),
    ...roundedTiles(to, tiles, opset),
    ...sums,
  };
  const { nodes = [], initializers = [], values = [] } = added ?? {};
  const { nodes: own = [], initializers: constants = [] } = to.parts;
  const parts = {
    nodes: [...first, ...nodes, ...own],
    initializers: [...initializers, ...constants],
    values,
  };
  return (['maps', 'tiles', 'peaks', 'sums', 'received', 'marked'] as const).map((what, index) => {
    const dtype = what === 'tiles' ? 'uint8' : 'float32';
    const bring: NewGraphParts = index === 0 ? parts : {};
    if (branch !== undefined) {
      const place = { ...branch, value: found[what] };
      return { ...site, dtype, value: names[what], added: bring, branch: place };
    }
    const rename = { opType: 'Identity', inputs: [found[what]], outputs: [names[what]] };
    const renamed = { ...bring, nodes: [...(bring.nodes ?? []), rename] };
    return { ...site, dtype, value: names[what], added: renamed };
  });
}

/**
 * P in a form that nothing can be foretold of. Of maps that operators give besides their result,
 * ONNX Runtime may infer wrong shapes: 1.30 takes those of `ai.onnx.Attention` to have no keys, and
 * refuses what comes of them. The sum is that of [0, 0, 0, −1], which keeps every dimension, and of
 * zeros that an input makes, which is not known before the run.
 */
function withoutShape(to: GraphBuilder, probabilities: string, { from }: LayerReductions): string {
  const four = to.add('Gather', [from, to.integers([0, 0, 0, 0])]);
  const zeros = to.add('Mul', [four, to.integers([0])]);
  return to.add('Reshape', [probabilities, to.add('Add', [zeros, to.integers([0, 0, 0, -1])])]);
}

/** The queries and keys of P that are a text's own: the first ones. */
function withoutPadding(to: GraphBuilder, probabilities: string, own: string): string {
  return to.add('Slice', [probabilities, to.integers([0, 0]), own, to.integers([2, 3])]);
}

/** P[from … to], a stretch of heads and queries. */
function chosenPart(to: GraphBuilder, probabilities: string, names: LayerReductions): string {
  const axes = to.integers([1, 2]);
  return to.cast(to.add('Slice', [probabilities, names.from, names.to, axes]), 'float32');
}

/** weights · P[marks], where P is a list of cells for each head. */
function markedCells(to: GraphBuilder, probabilities: string, inputs: GroupInputs): string {
  const cells = to.add('Reshape', [probabilities, to.integers([0, 0, -1, 1])]);
  const marks = to.add('Gather', [cells, inputs.marks], { axis: { kind: 'int', value: 2 } });
  return to.add('MatMul', [inputs.weights, to.cast(marks, 'float32')]);
}
