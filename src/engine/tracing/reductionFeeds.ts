import {
  groupInputs,
  type GroupInputs,
  type LayerReductions,
} from '../../onnx/instrument/mapStatisticsNames';
import { planReduction, type ReductionPlan } from '../../trace/reductionPlan';
import type { Tensor } from '../runtime/tensor';

/** A stretch of the heads and queries of a map; what lies beyond the map counts as its end. */
export interface MapPart {
  heads: readonly [from: number, to: number];
  queries: readonly [from: number, to: number];
}

/** More heads and more queries than any map has. */
const BEYOND = 2 ** 31;

export const WHOLE_MAPS: MapPart = { heads: [0, BEYOND], queries: [0, BEYOND] };
export const NO_MAPS: MapPart = { heads: [0, 0], queries: [0, 0] };

/** What a run makes of attention maps. */
export interface WantedMaps {
  /** The part of its maps that each layer brings. */
  part: (layer: LayerReductions) => MapPart;
  /** Tiles and sums of each layer, by the plan for maps of their size; none where it is absent. */
  plan?: (layer: LayerReductions) => ReductionPlan;
  /** How many queries and keys of each layer are the text's own. */
  size: (layer: LayerReductions) => { queries: number; keys: number };
}

/** The inputs that say what is wanted; a tapped graph takes them in every run. */
export function reductionFeeds(
  layers: readonly LayerReductions[],
  { part, plan, size }: WantedMaps,
): Map<string, Tensor> {
  const feeds = new Map<string, Tensor>();
  for (const layer of layers) {
    const { heads, queries } = part(layer);
    feeds.set(layer.from, integers([heads[0], queries[0]]));
    feeds.set(layer.to, integers([heads[1], queries[1]]));
    if (layer.own !== undefined) {
      const own = size(layer);
      feeds.set(layer.own, integers([own.queries, own.keys]));
    }
    const inputs = groupInputs(layer.group);
    if (!feeds.has(inputs.windows)) {
      planned(inputs, plan?.(layer) ?? IDLE).forEach(([name, tensor]) => feeds.set(name, tensor));
    }
  }
  return feeds;
}

function planned(inputs: GroupInputs, plan: ReductionPlan): [string, Tensor][] {
  const { chunks, queries, marks, keyNumbers } = plan;
  return [
    [inputs.windows, { type: 'int64', data: plan.windows, dims: [chunks, 8] }],
    [inputs.tilePads, { type: 'int64', data: plan.tilePads, dims: [chunks, 8] }],
    [inputs.queryNumbers, { type: 'float32', data: plan.queryNumbers, dims: [chunks, queries, 1] }],
    [inputs.keyNumbers, { type: 'float32', data: keyNumbers, dims: [keyNumbers.length] }],
    [inputs.keyTiles, { type: 'int64', data: plan.keyTiles, dims: [4] }],
    [inputs.queryTiles, { type: 'int64', data: plan.queryTiles, dims: [5] }],
    [inputs.marks, { type: 'int64', data: marks, dims: [marks.length] }],
    [inputs.weights, { type: 'float32', data: plan.weights, dims: [2, marks.length] }],
  ];
}

/** The first query and its first key in place of all. */
const IDLE: ReductionPlan = {
  ...planReduction({ heads: 1, queries: 1, keys: 1 }, 1, false),
  marks: new BigInt64Array(0),
  weights: new Float32Array(0),
};

function integers(values: readonly number[]): Tensor {
  return { type: 'int64', data: BigInt64Array.from(values, BigInt), dims: [values.length] };
}
