import type { Dataflow } from './dataflow';
import type { Node } from './model';
import { isStandard } from './operators';

/** Whether a node turns integers into real numbers. */
export function isDequantize(node: Node | undefined): node is Node {
  return node?.opType === 'DequantizeLinear' && isStandard(node);
}

/** What a value was before it went through `QuantizeLinear → DequantizeLinear`; undefined if it did not. */
export function unroundedValue(value: string, flow: Dataflow): string | undefined {
  const dequantizer = flow.producer(value);
  const quantizer = isDequantize(dequantizer) ? flow.producer(dequantizer.inputs[0]) : undefined;
  return quantizer?.opType === 'QuantizeLinear' && isStandard(quantizer)
    ? quantizer.inputs[0]
    : undefined;
}
