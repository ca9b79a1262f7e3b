import { Failure, phrase } from '../shared/failure';
import { missingParameter } from '../weights/parameterStore';
import type { ParameterStore } from '../weights/parameterStore';
import type { InputRounding } from '../weights/productInputs';

/** Where the elements of a weight are in a model's files. */
export interface Place {
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

/** A tree of places, with the elements in their stead. */
export type Loaded<Tree> = Tree extends Place
  ? Float32Array
  : { [Key in keyof Tree]: Loaded<Tree[Key]> };

/**
 * Reads the weights of a tree, such as one layer's. Nothing is kept: who holds the result holds the
 * weights. A parameter that several places are parts of is read once.
 * @throws Failure as {@link storedName} and the store do.
 */
export async function loadWeights<Tree extends object>(
  tree: Tree,
  store: ParameterStore,
): Promise<Loaded<Tree>> {
  const reads = new Map<string, Promise<Float32Array>>();
  const read = async (place: Place): Promise<Float32Array | undefined> => {
    const name = storedName(place, store);
    if (name === undefined) {
      return undefined;
    }
    const pending = reads.get(name) ?? store.read(name, place.transposed === true);
    reads.set(name, pending);
    return partOf(await pending, place);
  };
  const visit = async (node: object): Promise<unknown> => {
    if (isPlace(node)) {
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
  return (await visit(tree)) as Loaded<Tree>;
}

/** How the graph rounds what a linear layer's weight is multiplied with. */
function inputRounding(node: object, store: ParameterStore): InputRounding | undefined {
  const weight = 'weight' in node ? (node.weight as object) : undefined;
  const name = weight !== undefined && isPlace(weight) ? storedName(weight, store) : undefined;
  return name === undefined ? undefined : store.inputRounding?.(name);
}

/** The places of a tree. */
export function placesIn(tree: object): Place[] {
  return isPlace(tree)
    ? [tree]
    : Object.values(tree as Record<string, object>).flatMap((child) => placesIn(child));
}

/**
 * The name that a store has for a place; undefined if it has none and the model may lack it.
 * @throws Failure of kind `model` if there is none, or if its shape is another one.
 */
export function storedName(place: Place, store: ParameterStore): string | undefined {
  const name = place.names.find((each) => store.shapes.has(each));
  if (name === undefined) {
    if (place.optional === true || place.whereFits === true) {
      return undefined;
    }
    return missingParameter(place.names[0] ?? '');
  }
  const dims = store.shapes.get(name) ?? [];
  if (dims.length !== place.dims.length || dims.some((size, i) => size !== place.dims[i])) {
    if (place.whereFits === true) {
      return undefined;
    }
    throw new Failure({
      kind: 'model',
      what: phrase(
        'Parameter “{0}” has the shape [{1}], but config.json asks for [{2}]',
        name,
        dims.join(', '),
        place.dims.join(', '),
      ),
      todo: phrase('check that config.json belongs to the file with the weights'),
    });
  }
  return name;
}

/** The elements of a place, out of those of its parameter as [out, in]. */
function partOf(elements: Float32Array, { part = { index: 0, of: 1 } }: Place): Float32Array {
  const length = elements.length / part.of;
  return elements.subarray(part.index * length, (part.index + 1) * length);
}

function isPlace(node: object): node is Place {
  return 'names' in node;
}
