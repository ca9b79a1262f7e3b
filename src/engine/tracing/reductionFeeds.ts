import { groupInputs, type GroupInputs, type LayerReductions } from '../../onnx/reductionNames';
import type { ReductionPlan } from '../../trace/reductionPlan';
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
}

/** The inputs that say what is wanted; a tapped graph takes them in every run. */
export function reductionFeeds(
  layers: readonly LayerReductions[],
  { part, plan }: WantedMaps,
): Map<string, Tensor> {
  const feeds = new Map<string, Tensor>();
  for (const layer of layers) {
    const { heads, queries } = part(layer);
    feeds.set(layer.from, integers([heads[0], queries[0]]));
    feeds.set(layer.to, integers([heads[1], queries[1]]));
    const inputs = groupInputs(layer.group);
    if (!feeds.has(inputs.rows)) {
      const shared = plan === undefined ? idle(inputs) : planned(inputs, plan(layer));
      shared.forEach(([name, tensor]) => feeds.set(name, tensor));
    }
  }
  return feeds;
}

function planned(inputs: GroupInputs, plan: ReductionPlan): [string, Tensor][] {
  const { chunks, cells, span, columns, columnSpan, keys } = plan;
  const rows = cells * span;
  return [
    [inputs.rows, { type: 'int64', data: plan.rows, dims: [chunks, rows, 1] }],
    [inputs.counts, { type: 'float32', data: plan.counts, dims: [chunks, 1, rows] }],
    [inputs.cells, integers([-1, cells, span, keys])],
    [inputs.columns, { type: 'int64', data: plan.columnKeys, dims: [columns, columnSpan] }],
    [inputs.marks, { type: 'int64', data: plan.marks, dims: [plan.marks.length] }],
    [inputs.weights, { type: 'float32', data: plan.weights, dims: [2, plan.marks.length] }],
  ];
}

/** One row in place of all. It fits maps of any size. */
function idle(inputs: GroupInputs): [string, Tensor][] {
  return [
    [inputs.rows, { ...integers([0]), dims: [1, 1, 1] }],
    [inputs.counts, { type: 'float32', data: Float32Array.of(0), dims: [1, 1, 1] }],
    [inputs.cells, integers([1, -1, 1, 1])],
    [inputs.columns, { ...integers([0]), dims: [1, 1] }],
    [inputs.marks, integers([])],
    [inputs.weights, { type: 'float32', data: new Float32Array(0), dims: [2, 0] }],
  ];
}

function integers(values: readonly number[]): Tensor {
  return { type: 'int64', data: BigInt64Array.from(values, BigInt), dims: [values.length] };
}
