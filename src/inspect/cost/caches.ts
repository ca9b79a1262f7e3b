import { rawBytes } from '../../onnx/graph/dtype';
import type { Graph, ValueInfo } from '../../onnx/graph/model';
import { sizeOf, type Size } from '../../onnx/shapes/size';
import type { InferredShapes } from '../../onnx/shapes/inferShapes';
import type { CostPolynomial, TensorCost } from '../../shared/modelCost';
import {
  constant,
  polynomialOf,
  product,
  productIfKnown,
  replaced,
  sizeNamed,
  sum,
  sumOf,
} from './polynomial';
import type { NamedSizes } from './polynomial';

/**
 * Names of keys, values and states of earlier runs, with what comes before the layer:
 * `past_key_values.0.key`, `past.0.key`, `past_0`, `past_conv.0`, `input.past_key_values.layers.0.keys`.
 */
const PAST = /^(?:input\.)?past(?=[._])/;
/** The same behind a run. */
const PRESENT = /^(?:present|output\.past)(?=[._])/;

/** Keys, values and states have at least [batch, width, size]. */
const LEAST_RANK = 3;

/** The inputs that a graph must be fed. Old exporters list initializers among them. */
export function givenInputs({ inputs, initializers }: Graph): ValueInfo[] {
  const defaults = new Set(initializers.map(({ name }) => name));
  return inputs.filter(({ name }) => !defaults.has(name));
}

/** Whether an input holds keys, values or states of earlier runs. */
export function isCache({ name, type }: ValueInfo): boolean {
  return PAST.test(name) && type?.kind === 'tensor' && (type.shape?.length ?? 0) >= LEAST_RANK;
}

/** Whether an output holds what is kept for the next run. */
export function isKept({ name }: ValueInfo): boolean {
  return PRESENT.test(name);
}

/** Whether keys and values are those of a source, which are the same in all runs. */
export function isCrossCache({ name }: ValueInfo): boolean {
  return /\b(encoder|cross)/.test(name.replaceAll('_', '.'));
}

/**
 * What a graph keeps behind a run: of a graph that takes a cache as much as it takes, and the tokens of
 * the run; of one that only gives one out, its outputs.
 * @returns undefined where a size is unknown.
 */
export function keptBehindRun(
  graph: Graph,
  shapes: InferredShapes,
  names: NamedSizes,
): TensorCost | undefined {
  const taken = givenInputs(graph).filter(isCache);
  const given = graph.outputs.filter(isKept);
  const twins = new Map(given.map(({ name }) => [layerOf(name), name]));
  const grown = sum(sizeNamed('past'), sizeNamed('tokens'));
  const tensors =
    taken.length > 0
      ? taken.map((input) => {
          const twin = twins.get(layerOf(input.name));
          const shape = declared(input);
          const inferred = twin === undefined ? undefined : shapes.sizesOf(graph, twin);
          const before = elementsOf(shape, inferred, names);
          const dtype = input.type?.kind === 'tensor' ? input.type.dtype : undefined;
          return tensorCost(before && replaced(before, 'past', grown), dtype);
        })
      : given.map((output) =>
          tensorCost(
            elementsOf(shapes.sizesOf(graph, output.name), declared(output), names),
            shapes.typeOf(graph, output.name)?.dtype,
          ),
        );
  const known = tensors.filter((tensor) => tensor !== undefined);
  return known.length === tensors.length
    ? {
        elements: sumOf(known.map(({ elements }) => elements)),
        bytes: sumOf(known.map(({ bytes }) => bytes)),
      }
    : undefined;
}

/** What tells one layer's keys from another's values: the name but for its beginning. */
function layerOf(name: string): string {
  return name.replace(/^(?:input\.|output\.)?(?:past|present)(?:_key_values)?[._]/, '');
}

function declared({ type }: ValueInfo): (Size | null)[] | undefined {
  return type?.kind === 'tensor' ? type.shape?.map(sizeOf) : undefined;
}

/** @param other what is known of the sizes from elsewhere, where the first shape lacks one. */
function elementsOf(
  shape: readonly (Size | null)[] | undefined,
  other: readonly (Size | null)[] | undefined,
  names: NamedSizes,
): CostPolynomial | undefined {
  return (
    shape &&
    productIfKnown(
      shape.map(
        (size, axis) => polynomialOf(size, names) ?? polynomialOf(other?.[axis] ?? null, names),
      ),
    )
  );
}

/** A tensor of so many elements. */
export function tensorCost(
  elements: CostPolynomial | undefined,
  dtype: Parameters<typeof rawBytes>[0] | undefined,
): TensorCost | undefined {
  // In bits, since several elements may be in a byte.
  const bits = dtype && rawBytes(dtype, 8);
  return elements === undefined || bits === undefined
    ? undefined
    : { elements, bytes: product(elements, constant(bits / 8)) };
}
