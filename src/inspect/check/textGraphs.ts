import type { Dimension, Graph, ValueInfo } from '../../onnx/graph/model';
import type { CheckedGraph, CheckedModel } from './rule';

/** Inputs that hold the ids of tokens. */
export const ID_INPUTS: ReadonlySet<string> = new Set(['input_ids', 'decoder_input_ids']);

/** The inputs that a graph must be fed. Old exporters list initializers among them. */
export function fedInputs({ inputs, initializers }: Graph): ValueInfo[] {
  const stored = new Set(initializers.map(({ name }) => name));
  return inputs.filter(({ name }) => !stored.has(name));
}

/** The sizes of an input, as far as the file says them. */
export function shapeOf({ type }: ValueInfo): readonly Dimension[] | undefined {
  return type?.kind === 'tensor' ? type.shape : undefined;
}

/** Whether a graph reads the ids of tokens. */
export function readsIds({ onnx }: CheckedGraph): boolean {
  return fedInputs(onnx.graph).some(({ name }) => ID_INPUTS.has(name));
}

/** Inputs with keys and values of earlier tokens. */
export function readsPast({ onnx }: CheckedGraph): boolean {
  return fedInputs(onnx.graph).some(({ name }) => /^past(_key_values)?[._]/.test(name));
}

/** Whether a model reads text. */
export function readsText({ graphs }: CheckedModel): boolean {
  return graphs.some(readsIds);
}

/** Classes of `transformers` that write texts. */
const WRITERS = /(ForCausalLM|LMHeadModel|ForConditionalGeneration|ForSeq2SeqLM|MTModel)$/;

/**
 * The graph of a model that rates next tokens; undefined for models that write no text, as far as
 * config.json and the outputs tell.
 */
export function writer({ graphs, folder }: CheckedModel): CheckedGraph | undefined {
  const classes = [folder?.config?.['architectures'] ?? []].flat().map(String);
  if (classes.length > 0 && !classes.some((name) => WRITERS.test(name))) {
    return undefined;
  }
  return graphs.find(
    (graph) =>
      (graph.role === 'decoder' || graph.role === 'decoder-only') &&
      readsIds(graph) &&
      (outputShape(graph, 'logits')?.length ?? 0) === 3,
  );
}

/** The shape of an output by its name, as far as it is known; undefined where there is none. */
export function outputShape(
  { onnx: { graph }, shapes }: CheckedGraph,
  name: string,
): readonly Dimension[] | undefined {
  const output = graph.outputs.find((each) => each.name === name);
  const told = output && shapeOf(output);
  const inferred = output && shapes.typeOf(graph, name)?.shape;
  return told?.map((size, axis) => size ?? inferred?.[axis] ?? null) ?? inferred;
}
