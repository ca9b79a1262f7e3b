import type { Dataflow } from '../../onnx/graph/dataflow';
import { heldBy } from '../../onnx/graph/constantNode';
import { elementCount } from '../../onnx/graph/elementCount';
import type { Dimension, Node } from '../../onnx/graph/model';
import { isStandard } from '../../onnx/graph/operators';
import { placedNodes } from '../../onnx/graph/placedNodes';
import { phrase } from '../../shared/failure';
import type { CheckedGraph, CheckRule, Found } from './rule';

/** A size that may be any number: a name, or a sum of names. One such as `2*n` may not. */
const ANY_NUMBER = /^[A-Za-z_][\w.]*( \+ [A-Za-z_][\w.]*)*$/;

/** A reshape that works for some sizes of its input alone. */
interface BakedReshape {
  node: Node;
  from: readonly Dimension[];
  to: readonly number[];
}

/**
 * Lengths that were baked into the shapes that the graph computes with. A `Reshape` by constants has to
 * make as many elements as come in: with sizes that may be any number, the fixed ones of its result have
 * to divide the fixed ones of its input, and one has to be open.
 */
export const bakedLengths: CheckRule = {
  id: 'graph/baked-lengths',
  check: ({ graphs }) =>
    graphs.flatMap((graph): Found[] => {
      const baked = bakedIn(graph);
      const [first] = baked;
      return first === undefined
        ? []
        : [
            {
              severity: 'warning',
              message: phrase(
                'Reshape nodes fix a length that the text had when the model was exported (nodes: {0}); the first makes [{1}] of [{2}]',
                baked.length,
                first.to.join(', '),
                first.from.join(', '),
              ),
              remedy: phrase(
                'export it again with dynamic axes, and compare the results for texts of two lengths',
              ),
              place: { file: graph.file, node: first.node.name || first.node.opType },
            },
          ];
    }),
};

function bakedIn(graph: CheckedGraph): BakedReshape[] {
  const baked: BakedReshape[] = [];
  for (const { node, flow } of placedNodes(graph.onnx)) {
    if (node.opType !== 'Reshape' || !isStandard(node) || node.attributes.has('allowzero')) {
      continue;
    }
    const from = graph.shapes.typeOf(flow.graph, node.inputs[0] ?? '')?.shape;
    const to = constantsOf(node.inputs[1], flow, graph);
    if (from !== undefined && to !== undefined && isBaked(from, to)) {
      baked.push({ node, from, to });
    }
  }
  return baked;
}

/** The whole numbers of a constant; undefined if it is none that was read. */
function constantsOf(
  name: string | undefined,
  flow: Dataflow,
  { constants }: CheckedGraph,
): readonly number[] | undefined {
  const producer = flow.producer(name);
  const held = producer && heldBy(producer);
  const tensor = held?.tensor ?? (name === undefined ? undefined : flow.initializer(name));
  return held?.integers ?? (tensor && constants.get(tensor));
}

/** @param to 0 copies the size at its place, −1 is what is left. */
function isBaked(from: readonly Dimension[], to: readonly number[]): boolean {
  const copied = new Set(to.flatMap((size, axis) => (size === 0 ? [axis] : [])));
  const rest = from.filter((_, axis) => !copied.has(axis));
  const open = rest.filter((size) => typeof size !== 'number');
  if (open.length === 0 || !open.every((size) => size !== null && ANY_NUMBER.test(size))) {
    return false;
  }
  const fixed = elementCount(rest.filter((size) => typeof size === 'number'));
  const made = elementCount(to.filter((size) => size > 0));
  return fixed > 0 && made > 0 && (!to.includes(-1) || fixed % made !== 0);
}
