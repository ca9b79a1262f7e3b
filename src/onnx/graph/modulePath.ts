import type { Node } from './model';

/** One module of the path to a node. */
export interface ModuleName {
  /** Within the module around it. */
  name: string;
  /** Its class, where the file tells: `LlamaAttention`. */
  type?: string;
}

/** Where a node stands in the model, as far as the path of its module tells. */
export interface ModulePlace {
  /** Whether the module is a decoder's attention to the encoder's tokens. */
  crosses: boolean;
  /** The first number in the path, which in all model families of `transformers` is the layer's. */
  layer?: number;
}

/** What model families call it: BART and its kin, GPT-2, T5. */
const CROSS_ATTENTION = /^(encoder_attn|crossattention|cross_attn|EncDecAttention)$/;

/**
 * The names of the modules around a node, outermost first: `['model', 'layers', '3', 'self_attn']`.
 * Empty if the file does not tell.
 *
 * PyTorch's TorchScript exporter makes the path the node's name
 * (`/model/layers.3/self_attn/Softmax`); the newer one puts it into the metadata, as
 * `name: class` pairs whose names begin at the root again (`model.layers.3.self_attn: …/…`).
 */
export function modulePath(node: Node): string[] {
  const namespace = node.metadata.get('namespace');
  const modules =
    namespace === undefined
      ? node.name.split('/').slice(0, -1)
      : namespace.split('/').map((pair) => pair.split(': ', 1)[0] ?? '');
  return modules.flatMap((module) => module.split('.')).filter((part) => part !== '');
}

/** Reads a module path. */
export function modulePlace(path: readonly string[]): ModulePlace {
  const number = path.find((part) => /^\d+$/.test(part));
  return {
    crosses: path.some((part) => CROSS_ATTENTION.test(part)),
    ...(number === undefined ? {} : { layer: Number(number) }),
  };
}

/** What PyTorch's newer exporter calls the module of nodes that come from none. */
const NO_MODULE = '_empty_nn_module_stack_from_metadata_hook';

/**
 * The module that a node comes from, outermost first, each name once; undefined if the file does not
 * tell. Empty for nodes that belong to the model itself.
 *
 * Unlike {@link modulePath} it leaves out the operation that ends a `namespace`, and counts a
 * TorchScript name only if it is a path: nodes that tools add later are named otherwise.
 */
export function moduleOf(node: Node): ModuleName[] | undefined {
  const namespace = node.metadata.get('namespace');
  if (namespace === undefined) {
    return node.name.startsWith('/') ? modulePath(node).map((name) => ({ name })) : undefined;
  }
  const modules: ModuleName[] = [];
  for (const pair of namespace.split('/').slice(0, -1)) {
    const [path = '', type] = pair.split(': ', 2);
    const names = path === NO_MODULE ? [] : path.split('.').filter((part) => part !== '');
    // Each path begins at the root again.
    for (const [depth, name] of names.entries()) {
      modules[depth] = modules[depth]?.name === name ? modules[depth] : { name };
    }
    const last = modules[names.length - 1];
    const className = type?.split('.').at(-1);
    if (last !== undefined && className !== undefined) {
      last.type = className;
    }
  }
  return modules;
}
