import type { Node } from './model';

/*
 * Which module of the model a node comes from, as exporters write it. PyTorch's TorchScript exporter
 * makes the path the node's name (`/model/layers.3/self_attn/Softmax`), to which ONNX Runtime adds
 * what it does to the node (`/model/layers.3/mlp/up_proj/MatMul_quant`, `…/MatMul/MatMulAddFusion`).
 * The newer one puts it into the metadata, as `name: class` pairs whose names begin at the root again
 * (`model.layers.3.self_attn: …/…`) and whose last is the operation.
 */

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
 * What the names around a node tell of its place; whatever looks like a path counts, since nothing is
 * taken from it but a number and whether it is cross attention.
 */
export function modulePlace(node: Node): ModulePlace {
  const paths = namespaceOf(node)?.map(({ path }) => path) ?? pathInName(node);
  const names = namesIn(paths);
  const number = names.find((name) => /^\d+$/.test(name));
  return {
    crosses: names.some((name) => CROSS_ATTENTION.test(name)),
    ...(number === undefined ? {} : { layer: Number(number) }),
  };
}

/**
 * The modules that a node comes from, outermost first, each name once; undefined if the file does not
 * tell. Empty for nodes that belong to the model itself.
 *
 * A node's name counts only if it is a path from the root: nodes that tools add later are named
 * otherwise. What ONNX Runtime adds to the path stays in it.
 */
export function modulesAround(node: Node): ModuleName[] | undefined {
  const namespace = namespaceOf(node);
  if (namespace === undefined) {
    return node.name.startsWith('/')
      ? namesIn(pathInName(node)).map((name) => ({ name }))
      : undefined;
  }
  const modules: ModuleName[] = [];
  for (const { path, type } of namespace.slice(0, -1)) {
    const names = namesIn([path]);
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

/**
 * The full name of the module that a node computes for, which the names of its parameters begin with:
 * `model.layers.3.self_attn.q_proj`. Empty if the file does not tell, or if it is the model itself.
 * What ONNX Runtime adds to the path is left out, as is `@2`, which marks the second call of a module.
 */
export function moduleName(node: Node): string {
  let name = KNOWN_NAMES.get(node);
  if (name === undefined) {
    const namespace = namespaceOf(node);
    const path =
      namespace === undefined
        ? withoutOperators(pathInName(node)).join('.')
        : (namespace.at(-2)?.path ?? '');
    const written = path.replaceAll(/@\d+(?=\.|$)/g, '');
    name = FULL_NAME.test(written) ? written : '';
    KNOWN_NAMES.set(node, name);
  }
  return name;
}

/** A node is asked for by all that use its results, and its path may be long. */
const KNOWN_NAMES = new WeakMap<Node, string>();

/** The names of modules, joined by dots. */
const FULL_NAME = /^\w+(\.\w+)*$/;

/** What ONNX Runtime's optimiser puts behind a module's path, before the name of the node. */
const OPERATOR = /^((MatMul|Gemm|Add|Mul|Gather|Conv|Transpose)(_\d+)?|\w+Fusion)$/;

function withoutOperators(path: readonly string[]): readonly string[] {
  const end = path.findLastIndex((part) => !OPERATOR.test(part));
  return path.slice(0, end + 1);
}

/** What PyTorch's newer exporter calls the module of nodes that come from none. */
const NO_MODULE = '_empty_nn_module_stack_from_metadata_hook';

/** The pairs of a node's namespace, the operation among them; undefined if it has none. */
function namespaceOf(node: Node): { path: string; type: string | undefined }[] | undefined {
  return node.metadata
    .get('namespace')
    ?.split('/')
    .map((pair) => {
      const [path = '', type] = pair.split(': ', 2);
      return { path: path === NO_MODULE ? '' : path, type };
    });
}

/** What stands between slashes in a node's name, less the operation. */
function pathInName({ name }: Node): string[] {
  return name
    .split('/')
    .slice(0, -1)
    .filter((part) => part !== '');
}

/** The single names in paths such as `layers.3`. */
function namesIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) => path.split('.')).filter((name) => name !== '');
}
