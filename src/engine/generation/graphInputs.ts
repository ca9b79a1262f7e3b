import type { Graph, ValueInfo } from '../../onnx/graph/model';
import { Failure, phrase } from '../../shared/failure';

/** The inputs that a graph must be fed, by name. */
export type GraphInputs = ReadonlyMap<string, ValueInfo>;

/** Sizes that a graph was exported with for good. */
export interface FixedSizes {
  /** How many tokens each run reads; absent where a text may have any number of them. */
  length?: number;
  /** That a run reads one text; absent where it may read several side by side. */
  batch?: 1;
}

/** Old exporters list initializers among the inputs, as defaults that may be overridden. */
export function graphInputs({ inputs, initializers }: Graph): GraphInputs {
  const defaults = new Set(initializers.map(({ name }) => name));
  return new Map(
    inputs.filter(({ name }) => !defaults.has(name)).map((input) => [input.name, input]),
  );
}

/**
 * The fixed sizes of the inputs that have one element for each token, [batch, tokens].
 * @param names of these inputs; the graph need not have all of them.
 * @param where names the file in failures.
 * @throws Failure `unsupported` for inputs of another form, and where several texts must be fed at once.
 */
export function fixedSizes(
  inputs: GraphInputs,
  names: readonly string[],
  where: string,
): FixedSizes {
  const sizes: FixedSizes = {};
  for (const name of names) {
    const shape = shapeOf(inputs.get(name));
    if (shape !== undefined && shape.length !== 2) {
      throw otherForm(name, shape, where);
    }
    const [batch, length] = shape ?? [];
    if (typeof batch === 'number' && batch !== 1) {
      throw severalTexts(batch, where);
    }
    if (batch === 1) {
      sizes.batch = batch;
    }
    if (typeof length === 'number') {
      sizes.length = Math.min(length, sizes.length ?? length);
    }
  }
  return sizes;
}

/** Size of a dimension of an input, if that is fixed. */
export function fixedDimension(
  inputs: GraphInputs,
  name: string,
  axis: number,
): number | undefined {
  const size = shapeOf(inputs.get(name))?.[axis];
  return typeof size === 'number' ? size : undefined;
}

/** Whether a graph fixes how many tokens it reads, of a text or of a source. */
export function readsFixedLength(graph: Graph): boolean {
  const inputs = graphInputs(graph);
  return ['input_ids', 'attention_mask', 'encoder_hidden_states', 'encoder_attention_mask'].some(
    (name) => fixedDimension(inputs, name, 1) !== undefined,
  );
}

function shapeOf(input: ValueInfo | undefined): readonly (number | string | null)[] | undefined {
  return input?.type?.kind === 'tensor' ? input.type.shape : undefined;
}

function otherForm(
  name: string,
  shape: readonly (number | string | null)[],
  where: string,
): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase(
      'The model takes “{0}” in the shape [{1}], and Headlight gives [batch, tokens]',
      name,
      shape.map((size) => size ?? '?').join(', '),
    ),
    where,
    remedy: phrase('export the model with inputs of one element for each token'),
  });
}

function severalTexts(count: number, where: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase('The model reads exactly {0} texts at once, and Headlight gives it one', count),
    where,
    remedy: phrase('export the model with a batch size of 1, or of any number'),
  });
}
