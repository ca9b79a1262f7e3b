import type { Node } from './model';

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
