import type { Graph, IfBranch, Node, TensorRef } from './model';

type HasAttributes = Pick<Node, 'attributes'>;

/** The value of an attribute; undefined if the node has none of that name and kind. */
export function intAttribute(node: HasAttributes, name: string): number | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'int' ? attribute.value : undefined;
}

export function intsAttribute(node: HasAttributes, name: string): readonly number[] | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'ints' ? attribute.value : undefined;
}

export function stringAttribute(node: HasAttributes, name: string): string | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'string' ? attribute.value : undefined;
}

export function tensorAttribute(node: HasAttributes, name: string): TensorRef | undefined {
  const attribute = node.attributes.get(name);
  return attribute?.kind === 'tensor' ? attribute.value : undefined;
}

/** The graph in a branch of an `If`. */
export function branchBody(node: HasAttributes | undefined, branch: IfBranch): Graph | undefined {
  const attribute = node?.attributes.get(branch);
  return attribute?.kind === 'graph' ? attribute.value : undefined;
}
