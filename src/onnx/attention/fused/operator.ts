import { Failure, phrase } from '../../../shared/failure';
import { operatorName } from '../../graph/operators';
import type { Attention } from '../attention';
import type { Dataflow } from '../../graph/dataflow';
import type { Node } from '../../graph/model';
import type { NewAttribute } from '../../graph/graphBuilder';

/** Where a fused operator stands. */
export interface FusedPlace {
  flow: Dataflow;
  /** Version of ONNX's own operators. */
  opset: number;
  /** Names the node in failures. */
  where: string;
}

/** Reads one node; throws a Failure of kind `unsupported` if its map cannot be had. */
export type FusedReader = (node: Node, place: FusedPlace) => Attention;

/** The values among a node's inputs with these numbers, left out those that are not given. */
export function given({ inputs }: Node, ...numbers: readonly number[]): string[] {
  return numbers.flatMap((number) => inputs[number] ?? []).filter((value) => value !== '');
}

/** A node's attributes, to be given to another. No attention operator has other kinds of them. */
export function attributesOf(
  { attributes }: Node,
  wanted: (name: string) => boolean = () => true,
): Record<string, NewAttribute> {
  // Entries, since a name may be one that assignment takes for something else: `__proto__`.
  const copied: [string, NewAttribute][] = [];
  for (const [name, attribute] of attributes) {
    const isPlain =
      attribute.kind === 'float' ||
      attribute.kind === 'int' ||
      attribute.kind === 'string' ||
      attribute.kind === 'ints';
    if (isPlain && wanted(name)) {
      copied.push([name, attribute]);
    }
  }
  return Object.fromEntries(copied);
}

/** The failure for a use of an operator that ONNX Runtime's CPU has, but not with this setting. */
export function notOnCpu(node: Node, setting: string, where: string): Failure {
  return new Failure({
    kind: 'unsupported',
    what: phrase(
      'The operator {0} is used with {1}, for which there is no attention map on the CPU',
      operatorName(node),
      setting,
    ),
    where,
    remedy: phrase(
      'use a file that no graph optimizer has changed, or export the model with attention in separate operators (transformers: attn_implementation="eager")',
    ),
  });
}
