import { Failure, phrase } from '../shared/failure';
import { missingParameter } from '../weights/parameterStore';
import type { ParameterStore } from '../weights/parameterStore';
import type { InputRounding } from '../weights/productInputs';

/** How a model's files call a parameter, and how they store it. */
export interface ParameterSpec {
  /** Names that files give the parameter; the first that is there counts. */
  names: readonly string[];
  /** Shape as it is stored. */
  dims: readonly number[];
  /** Whether it is stored as [in, out]. */
  transposed?: boolean;
  /** Which of several matrices [out, in] of one size, one below the other, it is. */
  part?: { index: number; of: number };
  /** Whether models may lack it. */
  optional?: boolean;
  /** Whether it is left aside where models lack it or have it in another shape. */
  whereFits?: boolean;
}

/** A tree of specs with the elements of each parameter in its place. */
export type LoadedParameters<Tree> = Tree extends ParameterSpec
  ? Float32Array
  : { [Key in keyof Tree]: LoadedParameters<Tree[Key]> };

/**
 * Reads the weights of a tree, such as one layer's. Nothing is kept: who holds the result holds the
 * weights. A parameter that several specs are parts of is read once.
 * @throws Failure as {@link storedName} and the store do.
 */
export async function loadWeights<Tree extends object>(
  tree: Tree,
  store: ParameterStore,
): Promise<LoadedParameters<Tree>> {
  const reads = new Map<string, Promise<Float32Array>>();
  const read = async (spec: ParameterSpec): Promise<Float32Array | undefined> => {
    const name = storedName(spec, store);
    if (name === undefined) {
      return undefined;
    }
    const pending = reads.get(name) ?? store.read(name, spec.transposed === true);
    reads.set(name, pending);
    return partOf(await pending, spec);
  };
  const visit = async (node: object): Promise<unknown> => {
    if (isSpec(node)) {
      return read(node);
    }
    if (Array.isArray(node)) {
      return Promise.all(node.map((child: object) => visit(child)));
    }
    const entries = await Promise.all(
      Object.entries(node as Record<string, object>).map(
        async ([key, child]) => [key, await visit(child)] as const,
      ),
    );
    const input = inputRounding(node, store);
    return Object.fromEntries(
      [...entries, ['input', input] as const].filter(([, value]) => value !== undefined),
    );
  };
  return (await visit(tree)) as LoadedParameters<Tree>;
}

/** How the graph rounds what a linear layer's weight is multiplied with. */
function inputRounding(node: object, store: ParameterStore): InputRounding | undefined {
  const weight = 'weight' in node ? (node.weight as object) : undefined;
  const name = weight !== undefined && isSpec(weight) ? storedName(weight, store) : undefined;
  return name === undefined ? undefined : store.inputRounding?.(name);
}

/** The specs of a tree. */
export function specsIn(tree: object): ParameterSpec[] {
  return isSpec(tree)
    ? [tree]
    : Object.values(tree as Record<string, object>).flatMap((child) => specsIn(child));
}

/**
 * The name that a store has for a spec; undefined if it has none and the model may lack it.
 * @throws Failure of kind `model` if there is none, or if its shape is another one.
 */
export function storedName(spec: ParameterSpec, store: ParameterStore): string | undefined {
  const name = spec.names.find((each) => store.shapes.has(each));
  if (name === undefined) {
    if (spec.optional === true || spec.whereFits === true) {
      return undefined;
    }
    return missingParameter(spec.names[0] ?? '');
  }
  const dims = store.shapes.get(name) ?? [];
  if (dims.length !== spec.dims.length || dims.some((size, i) => size !== spec.dims[i])) {
    if (spec.whereFits === true) {
      return undefined;
    }
    throw new Failure({
      kind: 'model',
      what: phrase(
        'Parameter “{0}” has the shape [{1}], but config.json asks for [{2}]',
        name,
        dims.join(', '),
        spec.dims.join(', '),
      ),
      remedy: phrase('check that config.json belongs to the file with the weights'),
    });
  }
  return name;
}

/** The elements of one spec, out of those of its parameter as [out, in]. */
function partOf(
  elements: Float32Array,
  { part = { index: 0, of: 1 } }: ParameterSpec,
): Float32Array {
  const length = elements.length / part.of;
  return elements.subarray(part.index * length, (part.index + 1) * length);
}

function isSpec(node: object): node is ParameterSpec {
  return 'names' in node;
}
