import type { AttentionKind, Component } from '../shared/attention';
import type { Node } from './model';

/** Where a node stands in the model, as far as the path of its module tells. */
export interface ModulePlace {
  component: Component;
  kind: AttentionKind;
  /** The first number in the path, which in all model families of `transformers` is the layer's. */
  layer?: number;
}

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

/**
 * Reads a module path. Attention in a module of no known name is taken for that of a decoder-only
 * model, where the stack has no name of its own.
 */
export function modulePlace(path: readonly string[]): ModulePlace {
  const number = path.find((part) => /^\d+$/.test(part));
  const layer = number === undefined ? {} : { layer: Number(number) };
  if (
    path.some((part) => /^(encoder_attn|crossattention|cross_attn|EncDecAttention)$/.test(part))
  ) {
    return { component: 'decoder', kind: 'cross', ...layer };
  }
  return path.includes('encoder') && !path.includes('decoder')
    ? { component: 'encoder', kind: 'self', ...layer }
    : { component: 'decoder', kind: 'masked', ...layer };
}
