import type { Node } from './model';

/** Operators that turn real numbers into integers or back. */
const QUANTIZERS: ReadonlySet<string> = new Set(['QuantizeLinear', 'DequantizeLinear']);

/**
 * Whether a node's operator is one of ONNX itself, or one that ONNX Runtime has under the same name for
 * types that older operator sets lack: integers of 16 and 4 bits.
 */
export function isStandard({ domain, opType }: Pick<Node, 'domain' | 'opType'>): boolean {
  return domain === '' || (domain === 'com.microsoft' && QUANTIZERS.has(opType));
}

/** An operator's name, with its domain before it unless that is ONNX's own. */
export function operatorName({ domain, opType }: Pick<Node, 'domain' | 'opType'>): string {
  return domain === '' ? opType : `${domain}.${opType}`;
}
