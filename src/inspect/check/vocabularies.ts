import type { Dataflow } from '../../onnx/graph/dataflow';
import type { Weight, WeightUse } from '../../onnx/outline/weightUses';
import type { CheckedGraph, CheckedModel } from './rule';
import { fedInputs, ID_INPUTS, outputShape } from './textGraphs';

/** How many tokens something of a graph knows. */
export interface TokenCount {
  tokens: number;
  graph: CheckedGraph;
  /** The table, or the output. */
  tensor: string;
}

/** Operators that look rows up by ids: the input with the table, and the one with the ids. */
const LOOK_UPS: ReadonlyMap<string, { table: number; ids: number }> = new Map([
  ['Gather', { table: 0, ids: 1 }],
  ['GatherBlockQuantized', { table: 0, ids: 1 }],
  ['EmbedLayerNormalization', { table: 2, ids: 0 }],
  ['QEmbedLayerNormalization', { table: 2, ids: 0 }],
]);

/** Operators between the ids of tokens and where they are looked up. */
const BETWEEN: ReadonlySet<string> = new Set([
  ...['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Clip', 'Max', 'Where', 'Slice'],
]);

/** Such operators in a row that are looked through. */
const MOST_BETWEEN = 8;

/** The tables of a graph that hold a row for each token. */
export function embeddings(graph: CheckedGraph): TokenCount[] {
  const inputs = new Set(
    fedInputs(graph.onnx.graph).flatMap(({ name }) => (ID_INPUTS.has(name) ? [name] : [])),
  );
  return graph.stored.weights
    .filter((weight) => isEmbedding(weight, inputs))
    .map((weight) => ({
      tokens: weight.tensor.dims[0] ?? 0,
      graph,
      tensor: weight.tensor.name,
    }));
}

function isEmbedding({ tensor, uses }: Weight, inputs: ReadonlySet<string>): boolean {
  return tensor.dims.length > 1 && uses.some((use) => looksUp(use, inputs));
}

function looksUp({ node, input, flow, through }: WeightUse, inputs: ReadonlySet<string>): boolean {
  const places = LOOK_UPS.get(node.opType);
  const axis = node.attributes.get('axis');
  const isByRow = axis?.kind !== 'int' || axis.value === 0;
  // A table that is turned first has its rows elsewhere.
  const isTurned = through.some(({ opType }) => opType === 'Transpose' || opType === 'Reshape');
  return (
    places?.table === input &&
    isByRow &&
    !isTurned &&
    comesFrom(node.inputs[places.ids], flow, inputs)
  );
}

function comesFrom(
  value: string | undefined,
  flow: Dataflow,
  inputs: ReadonlySet<string>,
): boolean {
  let at = value;
  for (let step = 0; at !== undefined && step < MOST_BETWEEN; step++) {
    if (inputs.has(at) && flow.isInput(at)) {
      return true;
    }
    const producer = flow.producer(at);
    if (producer === undefined || !BETWEEN.has(producer.opType)) {
      return false;
    }
    // Of `Where`, what is chosen behind the condition.
    at = producer.inputs[producer.opType === 'Where' ? 1 : 0];
  }
  return false;
}

/** How many tokens a graph rates, where it rates tokens and that is known. */
export function ratedTokens(graph: CheckedGraph): TokenCount | undefined {
  const tokens = outputShape(graph, 'logits')?.at(-1);
  return typeof tokens === 'number' ? { tokens, graph, tensor: 'logits' } : undefined;
}

/**
 * How many tokens the model knows at most: rows of the smallest embedding that is found, else what
 * config.json says; undefined if neither is known.
 */
export function knownTokens(model: CheckedModel): number | undefined {
  const rows = model.graphs.flatMap(embeddings).map(({ tokens }) => tokens);
  return rows.length > 0 ? Math.min(...rows) : configuredTokens(model, 'vocab_size');
}

/** A number of tokens in config.json, of the part that reads text where it has parts. */
export function configuredTokens(
  { folder }: CheckedModel,
  name: 'vocab_size' | 'decoder_vocab_size',
): number | undefined {
  const config = folder?.config ?? {};
  const part = config['text_config'];
  const value =
    config[name] ??
    (typeof part === 'object' && part !== null && name in part
      ? (part as Record<string, unknown>)[name]
      : undefined);
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
