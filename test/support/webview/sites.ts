import type { AttentionKind, AttentionSite, Component } from '../../../src/shared/attention';

/** A layer of two heads over three queries and four keys, or what is given of it. */
export function site(
  component: Component,
  kind: AttentionKind,
  layer = 0,
  id = `${component}.blocks.${layer}.${kind}`,
): AttentionSite {
  return { id, component, kind, layer, heads: 2, queries: 3, keys: 4, statistics: [] };
}

/** The sites of an encoder–decoder model in the order in which its graphs hold them. */
export const encoderDecoder: AttentionSite[] = [
  site('decoder', 'masked', 0),
  site('decoder', 'cross', 0),
  site('encoder', 'self', 0),
  site('encoder', 'self', 1),
];
