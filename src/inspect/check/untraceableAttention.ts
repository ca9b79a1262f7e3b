import { findAttentionTaps } from '../../onnx/attention/findAttention';
import { reductionsOf } from '../../onnx/instrument/mapStatistics';
import { failureOf } from './failureOf';
import type { CheckedGraph, CheckRule, Found } from './rule';
import { readsIds } from './textGraphs';

/**
 * Why attention cannot be traced: it is fused into an operator that gives no map, lies where it cannot
 * be reached, is none at all, or the file's operators are too old for what a trace adds to the graph.
 */
export const untraceableAttention: CheckRule = {
  id: 'attention/untraceable',
  check: ({ graphs }) =>
    graphs.flatMap((graph): Found[] => {
      const failure = failureOf(() => trace(graph));
      return failure?.kind === 'unsupported'
        ? [
            {
              severity: 'note',
              message: failure.what,
              remedy: failure.remedy,
              place: { file: graph.file, ...nodeIn(failure.where, graph.file) },
            },
          ]
        : [];
    }),
};

/** @throws Failure where attention cannot be traced. */
function trace({ onnx, file, role, ...graph }: CheckedGraph): void {
  // What config.json says of the stacks of a model of sound or images is not to be relied on.
  const given = readsIds({ onnx, file, ...graph }) ? role : undefined;
  reductionsOf(onnx, file, findAttentionTaps(onnx, file, given));
}

/** The node that a failure names behind the file. */
function nodeIn(where: string | undefined, file: string): { node?: string } {
  const node = where?.startsWith(`${file}: `) === true ? where.slice(file.length + 2) : undefined;
  return node === undefined ? {} : { node };
}
