import type { ValueInfo } from '../../onnx/graph/model';
import { phrase } from '../../shared/failure';
import type { CheckedGraph, CheckRule, Found } from './rule';
import { fedInputs, readsIds, readsPast, shapeOf } from './textGraphs';

/** Inputs with something for each token of each text, [batch, tokens, …]. */
const BY_TOKEN =
  /^((decoder_)?(input_ids|attention_mask|position_ids|token_type_ids|inputs_embeds)|encoder_(attention_mask|hidden_states))$/;

/** The first two axes of such inputs. */
const BATCH = 0;
const TOKENS = 1;

/**
 * Axes of the inputs that lost their freedom in the export: a number of texts or tokens that is fixed.
 * Where other inputs let it vary, the file contradicts itself; a file that fixes it throughout may be
 * meant to.
 */
export const fixedAxes: CheckRule = {
  id: 'graph/fixed-axes',
  check: ({ graphs }) => graphs.filter(readsIds).flatMap(fixedIn),
};

function fixedIn(graph: CheckedGraph): Found[] {
  const inputs = fedInputs(graph.onnx.graph).filter(({ name }) => BY_TOKEN.test(name));
  return [BATCH, TOKENS].flatMap((axis) => {
    const fixed = inputs.filter((input) => isFixed(input, axis) && !isOneStep(graph, input, axis));
    const varying = inputs.filter((input) => isComparable(input, axis, fixed));
    const [first] = fixed;
    const [other] = varying;
    if (first === undefined) {
      return [];
    }
    const size = Number(shapeOf(first)?.[axis]);
    return [
      other === undefined
        ? throughout(graph, first, axis, size)
        : half(graph, first, axis, size, other),
    ];
  });
}

function throughout(
  { file }: CheckedGraph,
  { name }: ValueInfo,
  axis: number,
  size: number,
): Found {
  return {
    severity: 'note',
    message:
      axis === BATCH
        ? phrase(
            'The number of texts that the graph reads at once is fixed at {0} (input “{1}”)',
            size,
            name,
          )
        : phrase(
            'The number of tokens that the graph reads is fixed at {0} (input “{1}”)',
            size,
            name,
          ),
    remedy: phrase(
      'export it again with dynamic axes, unless it is meant for a device that needs them fixed',
    ),
    place: { file, value: name },
  };
}

function half(
  { file }: CheckedGraph,
  { name }: ValueInfo,
  axis: number,
  size: number,
  other: ValueInfo,
): Found {
  return {
    severity: 'warning',
    message:
      axis === BATCH
        ? phrase(
            'The number of texts is fixed at {1} in the input “{0}”, while it varies in “{2}”',
            name,
            size,
            other.name,
          )
        : phrase(
            'The number of tokens is fixed at {1} in the input “{0}”, while it varies in “{2}”',
            name,
            size,
            other.name,
          ),
    remedy: phrase('export it again, naming both axes of every input as dynamic'),
    place: { file, value: name },
  };
}

function isFixed(input: ValueInfo, axis: number): boolean {
  return typeof shapeOf(input)?.[axis] === 'number';
}

/** A decoder that has a cache reads one token a step. */
function isOneStep(graph: CheckedGraph, input: ValueInfo, axis: number): boolean {
  return axis === TOKENS && shapeOf(input)?.[axis] === 1 && readsPast(graph);
}

/** Whether an axis that varies is that of the same text: a source may be as long as it likes. */
function isComparable(input: ValueInfo, axis: number, fixed: readonly ValueInfo[]): boolean {
  const varies = typeof (shapeOf(input)?.[axis] ?? 0) === 'string';
  const isOfSource = ({ name }: ValueInfo): boolean => name.startsWith('encoder_');
  return varies && (axis === BATCH || fixed.some((each) => isOfSource(each) === isOfSource(input)));
}
